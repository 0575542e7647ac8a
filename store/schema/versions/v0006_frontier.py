"""Workers of one sweep and the sites they hold, the sweep's budget, and its coverage report."""

import sqlalchemy as sa
from alembic import op

from store.tables import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("sweeps", sa.Column("taken", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sweeps", sa.Column("coverage", sa.String(length=64), nullable=True))
    op.add_column("frontier", sa.Column("added_at", UtcDateTime(), nullable=True))
    op.create_table(
        "sweep_workers",
        sa.Column("sweep_id", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("fetched", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sweep_id"], ["sweeps.sweep_id"], name=op.f("fk_sweep_workers_sweep_id_sweeps"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sweep_id", "holder", name=op.f("pk_sweep_workers")),
    )
    op.create_table(
        "sweep_sites",
        sa.Column("sweep_id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=128), nullable=False),
        sa.Column("holder", sa.String(length=128), nullable=True),
        sa.Column("free_from", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sweep_id"], ["sweeps.sweep_id"], name=op.f("fk_sweep_sites_sweep_id_sweeps"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sweep_id", "site", name=op.f("pk_sweep_sites")),
    )
