"""The negative bank, the public domain, thresholds of single works; what was captured, kept to be compared again."""

import sqlalchemy as sa
from alembic import op

from store.tables import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("works", sa.Column("negative", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("works", sa.Column("public_domain_since", sa.Date(), nullable=True))
    op.add_column("works", sa.Column("also_stands_in", sa.JSON(), nullable=False, server_default="[]"))
    op.create_index(op.f("ix_works_negative"), "works", ["negative"], unique=False)
    op.add_column("captures", sa.Column("shown_by", sa.String(length=253), nullable=False, server_default=""))
    op.add_column("captures", sa.Column("fingerprint", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_captures_fingerprint"), "captures", ["fingerprint"], unique=False)
    _work_thresholds()
    _content_prints()
    _rematches()
    _quarantines()


def _work_thresholds() -> None:
    op.create_table(
        "work_thresholds",
        sa.Column("work_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_id"], ["works.work_id"], name=op.f("fk_work_thresholds_work_id_works"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("work_id", "name", name=op.f("pk_work_thresholds")),
    )


def _content_prints() -> None:
    op.create_table(
        "content_prints",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_content_prints")),
    )
    op.create_index(op.f("ix_content_prints_last_seen_at"), "content_prints", ["last_seen_at"], unique=False)


def _rematches() -> None:
    op.create_table(
        "rematches",
        sa.Column("sweep_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.String(length=64), nullable=False),
        sa.Column("compared", sa.Integer(), nullable=False),
        sa.Column("candidates", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sweep_id"], ["sweeps.sweep_id"], name=op.f("fk_rematches_sweep_id_sweeps"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sweep_id", name=op.f("pk_rematches")),
    )
    op.create_table(
        "rematch_works",
        sa.Column("work_id", sa.String(length=64), nullable=False),
        sa.Column("sweep_id", sa.String(length=32), nullable=True),
        sa.Column("not_before", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["work_id"], ["works.work_id"], name=op.f("fk_rematch_works_work_id_works"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("work_id", name=op.f("pk_rematch_works")),
    )
    op.create_index(op.f("ix_rematch_works_sweep_id"), "rematch_works", ["sweep_id"], unique=False)


def _quarantines() -> None:
    op.create_table(
        "quarantines",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("work_id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ended_by", sa.String(length=128), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantines")),
    )
    op.create_index(op.f("ix_quarantines_work_id"), "quarantines", ["work_id"], unique=False)
    op.create_index(op.f("ix_quarantines_state"), "quarantines", ["state"], unique=False)
