"""Where a licence comes from; alerts, receipts and nights as they are used; pictures from elsewhere; full sites."""

import sqlalchemy as sa
from alembic import op

from store.tables import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _licences()
    # Nothing was ever written into these three.
    for unused in ("receipts", "alerts", "nights"):
        op.drop_table(unused)
    _alerts()
    _nights()
    op.create_index(op.f("ix_alerted_findings_alert_id"), "alerted_findings", ["alert_id"], unique=False)
    op.add_column("frontier", sa.Column("shown_by", sa.String(length=253), nullable=False, server_default=""))
    op.create_index("ix_frontier_site", "frontier", ["sweep_id", "state", "site", "priority", "id"], unique=False)


def _licences() -> None:
    op.execute("CREATE TABLE licences_0001 AS SELECT work_id, host, valid_from, valid_until FROM licences")
    op.drop_table("licences")
    op.create_table(
        "licences",
        sa.Column("work_id", sa.String(length=64), nullable=False),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["work_id"], ["works.work_id"], name=op.f("fk_licences_work_id_works"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("work_id", "host", "source", name=op.f("pk_licences")),
    )
    # It was not kept who gave them. As a person's, none of them is lost to a later import.
    op.execute(
        "INSERT INTO licences (work_id, host, source, valid_from, valid_until) "
        "SELECT work_id, host, 'person', valid_from, valid_until FROM licences_0001"
    )
    op.drop_table("licences_0001")


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("alert_id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("recipient", sa.String(length=32), nullable=False),
        sa.Column("occasion", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=False),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("alert_id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("recipient", "occasion", "kind", name=op.f("uq_alerts_recipient_occasion_kind")),
    )
    op.create_index("ix_alerts_due", "alerts", ["state", "next_attempt_at"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("alert_id", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("delivered", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.alert_id"], name=op.f("fk_receipts_alert_id_alerts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
    )
    op.create_index(op.f("ix_receipts_alert_id"), "receipts", ["alert_id"], unique=False)


def _nights() -> None:
    op.create_table(
        "nights",
        sa.Column("campaign", sa.String(length=128), nullable=False),
        sa.Column("planned_for", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "planned_for", name=op.f("pk_nights")),
    )
