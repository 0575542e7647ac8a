"""The register: works, what is licensed, and their fingerprints."""

from sqlalchemy import JSON, Boolean, Column, Date, Float, ForeignKey, Integer, LargeBinary, String, Table, Text

from store.tables.base import metadata

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
