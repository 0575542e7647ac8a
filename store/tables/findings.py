"""Findings, and what was decided about them."""

from sqlalchemy import JSON, Column, Float, ForeignKey, Integer, String, Table, Text

from store.tables.base import UtcDateTime, metadata

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
