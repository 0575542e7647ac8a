"""What others must hear of, and who was told."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from store.tables.base import UtcDateTime, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("consumer", String(16), nullable=False),
    Column("topic", String(32), nullable=False),
    Column("key", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_outbox_consumer_id", "consumer", "id"),
)

parked = Table(
    "parked",
    metadata,
    Column("consumer", String(16), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("subscription_id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("target", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("filters", JSON, nullable=False),
    Column("muted", Boolean, nullable=False),
    Column("mute_token", String(64), nullable=False, unique=True),
)

alerts = Table(
    "alerts",
    metadata,
    Column("alert_id", String(20), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("recipient", String(32), nullable=False),
    Column("occasion", String(32), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("target", Text, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", UtcDateTime, nullable=False),
    Column("claimed_until", UtcDateTime),
    UniqueConstraint("recipient", "occasion", "kind"),
    Index("ix_alerts_due", "state", "next_attempt_at"),
)

alerted_findings = Table(
    "alerted_findings",
    metadata,
    Column("subscription_id", String(32), primary_key=True),
    Column("finding_id", String(20), primary_key=True),
    Column("alert_id", String(20), nullable=False, index=True),
)

receipts = Table(
    "receipts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("alert_id", ForeignKey("alerts.alert_id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("delivered", Boolean, nullable=False),
    Column("answer", Text, nullable=False),
    Column("document", JSON),
)
