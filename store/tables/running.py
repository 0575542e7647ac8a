"""Who signs in, which process has which role, and what was learnt of hosts."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from store.tables.base import UtcDateTime, metadata

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

rendering = Table(
    "rendering",
    metadata,
    Column("host", String(255), primary_key=True),
    Column("drawn", Integer, nullable=False),
    Column("gained", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
)
"""What became of a host's pages that were drawn in a browser."""
