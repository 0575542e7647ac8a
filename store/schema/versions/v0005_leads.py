"""What may hide copies, and in which sweeps it was seen."""

import sqlalchemy as sa
from alembic import op

from store.tables import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "leads",
        sa.Column("lead_id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("disguise", sa.String(length=16), nullable=False),
        sa.Column("nearness", sa.String(length=16), nullable=False),
        sa.Column("works", sa.JSON(), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("page_url", sa.Text(), nullable=False),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("site", sa.String(length=128), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("sweep_id", sa.String(length=32), nullable=False),
        sa.Column("capture_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("lead_id", name=op.f("pk_leads")),
    )
    op.create_index("ix_leads_order", "leads", ["seen_at", "lead_id"], unique=False)
    op.create_table(
        "lead_sightings",
        sa.Column("lead_id", sa.String(length=20), nullable=False),
        sa.Column("sweep_id", sa.String(length=32), nullable=False),
        sa.Column("capture_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("lead_id", "sweep_id", name=op.f("pk_lead_sightings")),
    )
    op.create_index(op.f("ix_lead_sightings_sweep_id"), "lead_sightings", ["sweep_id"], unique=False)
