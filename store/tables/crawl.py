"""What is watched, and what was fetched."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from store.tables.base import UtcDateTime, metadata

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
    Column("taken", Integer, nullable=False, default=0),
    Column("coverage", String(64)),
    UniqueConstraint("campaign", "planned_for"),
)

sweep_workers = Table(
    "sweep_workers",
    metadata,
    Column("sweep_id", ForeignKey("sweeps.sweep_id", ondelete="CASCADE"), primary_key=True),
    Column("holder", String(128), primary_key=True),
    Column("state", String(8), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("fetched", Integer, nullable=False),
)

sweep_sites = Table(
    "sweep_sites",
    metadata,
    Column("sweep_id", ForeignKey("sweeps.sweep_id", ondelete="CASCADE"), primary_key=True),
    Column("site", String(128), primary_key=True),
    Column("holder", String(128)),
    Column("free_from", UtcDateTime, nullable=False),
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
    Column("added_at", UtcDateTime),
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
