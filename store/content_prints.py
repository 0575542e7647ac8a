"""The fingerprints of what was captured, kept for a while so that works registered later can be compared with it.

A fingerprint is kept once, by its own digest, however many captures have it: pages that differ in bytes but not in what
is compared share one, and so does a page that is captured every night.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update

from domain.fingerprints import Fingerprint
from store.database import Database
from store.tables import content_prints
from store.upserts import insert_missing

START = ""
"""The position before the first digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which fingerprints are compared: those of the given kinds, in the given versions, seen at or after `since`."""

    versions: Mapping[str, int]
    since: datetime


def keep(connection: Connection, fingerprints: Iterable[Fingerprint], at: datetime) -> None:
    """Keep fingerprints that were captured at `at`, in the transaction of `connection`."""
    # In one order everywhere, so that two sweeps that see the same contents cannot wait for each other.
    given = dict(sorted(((each.digest, each) for each in fingerprints), key=itemgetter(0)))
    known = content_prints.c.digest.in_(given)
    held = select(content_prints.c.digest).where(known).order_by(content_prints.c.digest).with_for_update()
    seen = set(connection.scalars(held))
    connection.execute(update(content_prints).where(content_prints.c.digest.in_(seen)).values(last_seen_at=at))
    missing = ((digest, each) for digest, each in given.items() if digest not in seen)
    rows: list[dict[str, Any]] = [
        {
            "digest": digest,
            "kind": each.kind,
            "version": each.version,
            "payload": zlib.compress(each.payload),
            "last_seen_at": at,
        }
        for digest, each in missing
    ]
    insert_missing(connection, content_prints, rows)


class ContentPrintStore:
    """What is kept, for those who compare it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def after(self, position: str, window: Window, limit: int) -> list[Fingerprint]:
        """The next fingerprints of a window behind `position`, by digest."""
        query = (
            select(content_prints)
            .where(content_prints.c.digest > position, _within(window))
            .order_by(content_prints.c.digest)
            .limit(limit)
        )
        with self._database.read() as connection:
            return [
                Fingerprint(kind=row.kind, version=row.version, payload=zlib.decompress(row.payload))
                for row in connection.execute(query)
            ]

    def count(self, window: Window, position: str = START) -> int:
        """How many of a window stand behind `position`."""
        query = select(func.count()).where(content_prints.c.digest > position, _within(window))
        with self._database.read() as connection:
            return connection.scalar(query) or 0

    def any(self) -> bool:
        """Whether anything is kept."""
        with self._database.read() as connection:
            return connection.scalar(select(content_prints.c.digest).limit(1)) is not None

    def purge(self, before: datetime, most: int) -> int:
        """Drop what was last seen before a time, then all but the `most` seen latest; how many were dropped."""
        seen = content_prints.c.last_seen_at
        with self._database.write() as connection:
            dropped = connection.execute(delete(content_prints).where(seen < before)).rowcount
            surplus = connection.scalar(select(seen).order_by(seen.desc()).offset(most).limit(1))
            if surplus is not None:
                dropped += connection.execute(delete(content_prints).where(seen <= surplus)).rowcount
        return dropped


def _within(window: Window) -> ColumnElement[bool]:
    kinds = (
        and_(content_prints.c.kind == kind, content_prints.c.version == version)
        for kind, version in sorted(window.versions.items())
    )
    return and_(content_prints.c.last_seen_at >= window.since, or_(*kinds))
