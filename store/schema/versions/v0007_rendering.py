"""What was learnt of hosts by drawing their pages in a browser."""

import sqlalchemy as sa
from alembic import op

from store.tables import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "rendering",
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("gained", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_rendering")),
    )
