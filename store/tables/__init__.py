"""The tables of the records database, the same on SQLite and PostgreSQL."""

from store.tables.base import UtcDateTime, metadata
from store.tables.crawl import (
    campaigns,
    captures,
    content_prints,
    frontier,
    nights,
    rematch_works,
    rematches,
    sites,
    sweep_sites,
    sweep_workers,
    sweeps,
)
from store.tables.findings import decisions, findings, quarantines, sightings
from store.tables.leads import lead_sightings, leads
from store.tables.register import fingerprints, licences, reference_files, work_thresholds, works
from store.tables.running import leaders, rendering, sessions, users
from store.tables.telling import alerted_findings, alerts, outbox, parked, receipts, subscriptions

__all__ = [
    "UtcDateTime",
    "alerted_findings",
    "alerts",
    "campaigns",
    "captures",
    "content_prints",
    "decisions",
    "findings",
    "fingerprints",
    "frontier",
    "lead_sightings",
    "leaders",
    "leads",
    "licences",
    "metadata",
    "nights",
    "outbox",
    "parked",
    "quarantines",
    "receipts",
    "reference_files",
    "rematch_works",
    "rematches",
    "rendering",
    "sessions",
    "sightings",
    "sites",
    "subscriptions",
    "sweep_sites",
    "sweep_workers",
    "sweeps",
    "users",
    "work_thresholds",
    "works",
]
