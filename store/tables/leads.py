"""What may hide copies."""

from sqlalchemy import JSON, Column, Index, String, Table, Text

from store.tables.base import UtcDateTime, metadata

leads = Table(
    "leads",
    metadata,
    Column("lead_id", String(20), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("target", Text, nullable=False),
    Column("written", Text, nullable=False),
    Column("code", String(64), nullable=False),
    Column("provider", String(32), nullable=False),
    Column("detail", Text, nullable=False),
    Column("disguise", String(16), nullable=False),
    Column("nearness", String(16), nullable=False),
    Column("works", JSON, nullable=False),
    Column("reason", JSON, nullable=False),
    Column("page_url", Text, nullable=False),
    Column("host", String(253), nullable=False),
    Column("site", String(128), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("sweep_id", String(32), nullable=False),
    Column("capture_id", String(20), nullable=False),
    Index("ix_leads_order", "seen_at", "lead_id"),
)

lead_sightings = Table(
    "lead_sightings",
    metadata,
    Column("lead_id", String(20), primary_key=True),
    Column("sweep_id", String(32), primary_key=True, index=True),
    Column("capture_id", String(20), nullable=False),
)
