"""The tables of the records database, the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time on every database; SQLite would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"a time without a zone cannot be stored: {value!r}"
            raise ValueError(msg)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


works = Table(
    "works",
    metadata,
    Column("work_id", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("type", String(16), nullable=False, index=True),
    Column("owner", Text, nullable=False),
    Column("registration_number", Text, nullable=False),
    Column("isbn", String(17), nullable=False),
    Column("issn", String(9), nullable=False),
    Column("isrc", String(15), nullable=False),
    Column("hot_from", Date),
    Column("hot_until", Date),
    Column("negative", Boolean, nullable=False, default=False, index=True),
    Column("public_domain_since", Date),
    Column("also_stands_in", JSON, nullable=False, default=list),
)

work_thresholds = Table(
    "work_thresholds",
    metadata,
    Column("work_id", ForeignKey("works.work_id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("value", Float, nullable=False),
)

licences = Table(
    "licences",
    metadata,
    Column("work_id", ForeignKey("works.work_id", ondelete="CASCADE"), primary_key=True),
    Column("host", String(253), primary_key=True),
    Column("source", String(16), primary_key=True),
    Column("valid_from", Date),
    Column("valid_until", Date),
)

reference_files = Table(
    "reference_files",
    metadata,
    Column("work_id", ForeignKey("works.work_id", ondelete="CASCADE"), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("ordinal", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("work_id", ForeignKey("works.work_id", ondelete="CASCADE"), primary_key=True),
    Column("reference", String(64), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("payload", LargeBinary, nullable=False),
)

sites = Table(
    "sites",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("profile", JSON, nullable=False),
)

campaigns = Table(
    "campaigns",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("plan", JSON, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
)

sweeps = Table(
    "sweeps",
    metadata,
    Column("sweep_id", String(32), primary_key=True),
    Column("campaign", String(128), nullable=False, index=True),
    Column("state", String(16), nullable=False, index=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("planned_for", UtcDateTime),
    Column("stop_requested", Boolean, nullable=False, default=False),
    UniqueConstraint("campaign", "planned_for"),
)

frontier = Table(
    "frontier",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("sweep_id", ForeignKey("sweeps.sweep_id", ondelete="CASCADE"), nullable=False),
    Column("url_key", String(20), nullable=False),
    Column("url", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("host", String(253), nullable=False),
    Column("site", String(128), nullable=False),
    Column("found_on", Text, nullable=False),
    Column("shown_by", String(253), nullable=False),
    Column("depth", Integer, nullable=False),
    Column("priority", Integer, nullable=False, default=0),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("not_before", UtcDateTime),
    Column("leased_by", String(128)),
    Column("lease_until", UtcDateTime),
    Column("outcome", String(16)),
    Column("reason", Text),
    UniqueConstraint("sweep_id", "url_key"),
    Index("ix_frontier_next", "sweep_id", "state", "priority", "id"),
    Index("ix_frontier_site", "sweep_id", "state", "site", "priority", "id"),
)

captures = Table(
    "captures",
    metadata,
    Column("capture_id", String(20), primary_key=True),
    Column("sweep_id", ForeignKey("sweeps.sweep_id"), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("canonical_url", Text, nullable=False, index=True),
    Column("host", String(253), nullable=False),
    Column("fetched_at", UtcDateTime, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("status", Integer),
    Column("media_type", Text, nullable=False),
    Column("payload_digest", String(64), index=True),
    Column("payload_size", Integer, nullable=False),
    Column("record_digest", String(64)),
    Column("address", String(64), nullable=False),
    Column("found_on", Text, nullable=False),
    Column("shown_by", String(253), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("fingerprint", String(64), index=True),
)

content_prints = Table(
    "content_prints",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False, index=True),
)

rematches = Table(
    "rematches",
    metadata,
    Column("sweep_id", ForeignKey("sweeps.sweep_id", ondelete="CASCADE"), primary_key=True),
    Column("position", String(64), nullable=False),
    Column("compared", Integer, nullable=False),
    Column("candidates", Integer, nullable=False),
)

rematch_works = Table(
    "rematch_works",
    metadata,
    Column("work_id", ForeignKey("works.work_id", ondelete="CASCADE"), primary_key=True),
    Column("sweep_id", String(32), index=True),
    Column("not_before", UtcDateTime),
)

findings = Table(
    "findings",
    metadata,
    Column("finding_id", String(20), primary_key=True),
    Column("work_id", String(64), nullable=False, index=True),
    Column("work_title", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("type", String(16), nullable=False),
    Column("url", Text, nullable=False),
    Column("page_url", Text, nullable=False),
    Column("host", String(253), nullable=False, index=True),
    Column("similarity", Float, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("method", String(32), nullable=False),
    Column("comparison", JSON, nullable=False),
    Column("thresholds", JSON, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("found_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("sweep_id", String(32), nullable=False, index=True),
    Column("capture_id", String(20), nullable=False),
    Column("evidence", String(64), nullable=False),
)

sightings = Table(
    "sightings",
    metadata,
    Column("finding_id", ForeignKey("findings.finding_id"), primary_key=True),
    Column("sweep_id", String(32), primary_key=True),
    Column("capture_id", String(20), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("kind", String(8), nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("finding_id", ForeignKey("findings.finding_id"), nullable=False, index=True),
    Column("by", String(128), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("before", String(16), nullable=False),
    Column("after", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("undoes", Integer),
)

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

users = Table(
    "users",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("password", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_digest", String(64), primary_key=True),
    Column("user", ForeignKey("users.name", ondelete="CASCADE"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

leaders = Table(
    "leaders",
    metadata,
    Column("role", String(64), primary_key=True),
    Column("holder", String(128), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

nights = Table(
    "nights",
    metadata,
    Column("campaign", String(128), primary_key=True),
    Column("planned_for", UtcDateTime, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("detail", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("holder", String(128), nullable=False),
)

quarantines = Table(
    "quarantines",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("work_id", String(64), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("count", Integer, nullable=False),
    Column("usual", Integer, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("ended_by", String(128), nullable=False),
    Column("ended_at", UtcDateTime),
)
