"""Changes that a consumer of the outbox refused for what they are."""

import sqlalchemy as sa
from alembic import op

from store.tables import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "parked",
        sa.Column("consumer", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("consumer", "key", name=op.f("pk_parked")),
    )
