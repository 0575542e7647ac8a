"""The crawl frontier: which addresses of a sweep wait, are being fetched, or are done.

A worker leases addresses for a while. What it finishes is acknowledged in the transaction that records the capture;
what it leaves behind when it dies is leased again. So nothing is lost, and nothing is captured twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, select, update

from domain.captures import FetchOutcome
from domain.ids import SweepId
from store.database import Database
from store.holders import is_surely_dead
from store.tables import frontier, sweeps
from store.text import storable
from store.upserts import insert_missing

WAITING, LEASED, DONE = "waiting", "leased", "done"
# Any constant will do; it only has to be the same in every process of this program.
ADDING_LOCK = 7_241_954
REMEMBERED = 300_000
"""Addresses that a worker knows to be in the frontier without asking, at about 100 bytes each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierEntry:
    """An address to fetch. `url_key` is the same for every spelling of one address; priority 0 comes before 1."""

    url_key: str
    url: str
    kind: str
    host: str
    site: str
    found_on: str = ""
    shown_by: str = ""
    """The host whose page shows this, for a picture from outside its site; empty for what is the site's own."""
    depth: int = 0
    priority: int = 0

    @property
    def payer(self) -> str:
        """The host against whose budget this is counted."""
        return self.shown_by or self.host


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedEntry(FrontierEntry):
    """An address handed to this worker; `attempts` counts the earlier tries."""

    id: int
    attempts: int


class Frontier:
    """One sweep's frontier, as one worker sees it. `holder` must come from `store.holders.this_process`."""

    def __init__(self, database: Database, sweep_id: SweepId, *, holder: str, lease_seconds: float) -> None:
        self._database = database
        self._sweep = sweep_id
        self._holder = holder
        self._lease = timedelta(seconds=lease_seconds)
        self._known: set[str] = set()

    def add(self, connection: Connection, entries: Sequence[FrontierEntry], at: datetime) -> int:
        """Add the addresses that this sweep does not know yet; how many were new."""
        if connection.dialect.name == "postgresql" and entries:
            # Two pages that link to each other's pages would wait for each other: they take turns until they commit.
            connection.execute(select(func.pg_advisory_xact_lock(ADDING_LOCK, func.hashtext(self._sweep))))
        fixed = {"sweep_id": self._sweep, "state": WAITING, "attempts": 0, "added_at": at}
        unlike = {entry.url_key: entry for entry in reversed(entries)}
        columns = FrontierEntry.__dataclass_fields__
        rows = [{name: getattr(entry, name) for name in columns} | fixed for entry in reversed(unlike.values())]
        return insert_missing(connection, frontier, rows)

    def unknown(self, urls: Iterable[str]) -> list[str]:
        """Those of canonical addresses that are not known to be in the frontier."""
        return [url for url in urls if url not in self._known]

    def remember(self, entries: Iterable[FrontierEntry]) -> None:
        """Know addresses to be in the frontier: what was added in a transaction that is committed."""
        if len(self._known) > REMEMBERED:
            self._known.clear()
        self._known.update(entry.url for entry in entries)

    def lease(
        self, limit: int, now: datetime, *, sites: Sequence[str] | None = None, budget: int | None = None
    ) -> list[LeasedEntry]:
        """Take up to `limit` addresses that are due, most urgent first, then oldest.

        Of `sites` alone if they are given: a worker that holds enough of one names the others, so that a slow site
        does not hold them up. `budget` bounds the addresses that all workers of the sweep together ever take.
        """
        with self._database.write() as connection:
            if budget is not None:
                # Workers take turns from here to the commit, so that they cannot spend the last of it twice.
                taken = connection.scalar(self._taken.with_for_update(key_share=True)) or 0
                limit = max(0, min(limit, budget - taken))
            ids = self._due(connection, limit, now, sites)
            values = {"state": LEASED, "leased_by": self._holder, "lease_until": now + self._lease}
            leased = update(frontier).where(frontier.c.id.in_(ids)).values(values).returning(frontier)
            rows = sorted(connection.execute(leased), key=lambda row: (row.priority, row.id))
            self._count(connection, sum(row.attempts == 0 for row in rows))
        return [_leased(row) for row in rows]

    def renew(self, ids: Sequence[int], now: datetime) -> None:
        """Keep addresses that are still being worked on; those that were lost meanwhile stay lost."""
        with self._database.write() as connection:
            connection.execute(update(frontier).where(self._held(ids)).values(lease_until=now + self._lease))

    def release(self, ids: Sequence[int]) -> None:
        """Give addresses back untried."""
        with self._database.write() as connection:
            self._give_back(connection, self._held(ids))

    def reclaim(self, now: datetime) -> int:
        """Give back what dead workers held: leases that ran out, and at once those of this machine's dead processes."""
        with self._database.write() as connection:
            leased = self._mine(select(frontier.c.leased_by)).where(frontier.c.state == LEASED).distinct()
            dead = [holder for holder in connection.scalars(leased) if is_surely_dead(holder)]
            lost = (frontier.c.lease_until < now) | frontier.c.leased_by.in_(dead)
            mine = (frontier.c.sweep_id == self._sweep) & (frontier.c.state == LEASED)
            return self._give_back(connection, mine & lost)

    def refund(self, count: int) -> None:
        """Take addresses off the budget that were leased for the first time and not fetched for what they are."""
        with self._database.write() as connection:
            self._count(connection, -count)

    def budget_left(self, budget: int) -> int:
        """How many more addresses the workers of the sweep together may take."""
        with self._database.read() as connection:
            return budget - (connection.scalar(self._taken) or 0)

    def finish(self, connection: Connection, ends: Mapping[int, tuple[FetchOutcome, str]]) -> set[int]:
        """Acknowledge addresses, by id with outcome and reason, in the transaction of `connection`.

        Gives the ids that this worker still held. Another worker has the rest now: nothing is to be recorded of them.
        """
        held = set(connection.scalars(select(frontier.c.id).where(self._held(list(ends))).with_for_update()))
        rows = [
            {"entry": entry, "outcome": outcome.value, "reason": storable(reason)}
            for entry, (outcome, reason) in ends.items()
            if entry in held
        ]
        if rows:
            done = update(frontier).where(frontier.c.id == bindparam("entry")).values(state=DONE, lease_until=None)
            connection.execute(done.values(outcome=bindparam("outcome"), reason=bindparam("reason")), rows)
        return held

    def retry(self, entry_id: int, not_before: datetime, reason: str) -> None:
        """Put an address back for another try, not before a time; does nothing when this worker no longer holds it."""
        with self._database.write() as connection:
            values = {"state": WAITING, "not_before": not_before, "reason": storable(reason), "leased_by": None}
            again = update(frontier).where(self._held([entry_id])).values(**values, lease_until=None)
            connection.execute(again.values(attempts=frontier.c.attempts + 1))

    def is_empty(self) -> bool:
        """Whether no address waits or is being fetched."""
        query = self._mine(select(frontier.c.id)).where(frontier.c.state.in_((WAITING, LEASED))).limit(1)
        with self._database.read() as connection:
            return connection.scalar(query) is None

    def open_count(self) -> int:
        """Addresses waiting or being fetched."""
        query = self._mine(select(func.count())).where(frontier.c.state.in_((WAITING, LEASED)))
        with self._database.read() as connection:
            return connection.scalar(query) or 0

    def tried_by_host(self, site: str) -> dict[str, int]:
        """How many addresses of a site were finished at the cost of each host's budget."""
        payer: Any = func.coalesce(func.nullif(frontier.c.shown_by, ""), frontier.c.host)
        query = self._mine(select(payer, func.count())).where(frontier.c.state == DONE, frontier.c.site == site)
        with self._database.read() as connection:
            return dict(connection.execute(query.group_by(payer)).all())

    def _due(self, connection: Connection, limit: int, now: datetime, sites: Sequence[str] | None) -> list[int]:
        due = (frontier.c.not_before.is_(None)) | (frontier.c.not_before <= now)
        order = (frontier.c.priority, frontier.c.id)
        waiting = self._mine(select(*order)).where(frontier.c.state == WAITING, due).order_by(*order)
        first = waiting.limit(limit).with_for_update(skip_locked=True)
        if sites is None:
            return [row.id for row in connection.execute(first)]
        # One look a site, by the index of sites: passing over all that waits of the others takes far longer.
        found = [tuple(row) for site in sites for row in connection.execute(first.where(frontier.c.site == site))]
        return [entry_id for _, entry_id in sorted(found)[:limit]]

    @property
    def _taken(self) -> Select[Any]:
        return select(sweeps.c.taken).where(sweeps.c.sweep_id == self._sweep)

    def _count(self, connection: Connection, taken: int) -> None:
        if taken:
            mine = update(sweeps).where(sweeps.c.sweep_id == self._sweep)
            connection.execute(mine.values(taken=sweeps.c.taken + taken))

    def _give_back(self, connection: Connection, which: ColumnElement[bool]) -> int:
        back = update(frontier).where(which).values(state=WAITING, leased_by=None, lease_until=None)
        attempts = list(connection.scalars(back.returning(frontier.c.attempts)))
        self._count(connection, -attempts.count(0))
        return len(attempts)

    def _held(self, ids: Sequence[int]) -> ColumnElement[bool]:
        mine = (frontier.c.leased_by == self._holder) & (frontier.c.state == LEASED)
        return frontier.c.id.in_(ids) & mine

    def _mine(self, query: Select[Any]) -> Select[Any]:
        return query.where(frontier.c.sweep_id == self._sweep)


def _leased(row: Row[Any]) -> LeasedEntry:
    return LeasedEntry(**{name: getattr(row, name) for name in LeasedEntry.__dataclass_fields__})
