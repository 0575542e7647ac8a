"""What was fetched."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from domain.captures import Capture, FetchOutcome
from domain.findings import Verdict
from domain.ids import CaptureId, SweepId
from store.database import Database
from store.tables import captures, findings, sightings
from store.text import storable

PAGE = 500


def add(connection: Connection, added: Sequence[Capture]) -> None:
    """Record captures in the transaction of `connection`. A second one of the same address and sweep is an error.

    Pages hold anything; what no database takes is replaced, so that spans still count the same characters.
    """
    if added:
        connection.execute(insert(captures), [_row_of(capture) for capture in added])


class CaptureStore:
    """Captures, for reading."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, capture_id: CaptureId) -> Capture | None:
        with self._database.read() as connection:
            row = connection.execute(select(captures).where(captures.c.capture_id == capture_id)).first()
        return _capture(row) if row else None

    def of_sweep(self, sweep_id: SweepId) -> Iterator[Capture]:
        """Every capture of a sweep, by id."""
        query = select(captures).where(captures.c.sweep_id == sweep_id).order_by(captures.c.capture_id)
        with self._database.read() as connection:
            for row in connection.execution_options(yield_per=PAGE).execute(query):
                yield _capture(row)

    def short(self, sweep_id: SweepId, longest: int) -> Iterator[Capture]:
        """The captures of a sweep with little text that no copy was found in: host by host, each by address."""
        told = select(sightings.c.capture_id).join(findings, findings.c.finding_id == sightings.c.finding_id)
        copies = told.where(sightings.c.sweep_id == sweep_id, findings.c.verdict == Verdict.COPY.value)
        size = func.length(captures.c.text)
        mine = (captures.c.sweep_id == sweep_id) & (size > 0) & (size <= longest)
        wanted = mine & captures.c.capture_id.not_in(copies)
        with self._database.read() as connection:
            hosts = connection.scalars(select(captures.c.host).where(wanted).distinct()).all()
        for host in sorted(hosts):
            with self._database.read() as connection:
                rows = connection.execute(select(captures).where(wanted, captures.c.host == host)).all()
            # Databases order text by languages; addresses that begin alike must stand together.
            yield from sorted(map(_capture, rows), key=lambda each: each.canonical_url)

    def holding(self, fingerprint: str, since: datetime) -> Iterator[Capture]:
        """For each address that had the content since a time, its newest capture of it; by address."""
        same = (captures.c.fingerprint == fingerprint) & (captures.c.fetched_at >= since)
        query = select(captures).where(same).order_by(captures.c.canonical_url, captures.c.fetched_at.desc())
        last = None
        with self._database.read() as connection:
            for row in connection.execution_options(yield_per=PAGE).execute(query):
                if row.canonical_url != last:
                    yield _capture(row)
                last = row.canonical_url


def _row_of(capture: Capture) -> dict[str, Any]:
    values = ((field.name, getattr(capture, field.name)) for field in fields(capture))
    return {name: storable(value) if isinstance(value, str) else value for name, value in values}


def _capture(row: Row[Any]) -> Capture:
    values = dict(row._mapping)
    return Capture(**values | {"outcome": FetchOutcome(row.outcome)})
