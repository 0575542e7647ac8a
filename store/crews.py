"""The workers that sweep together, and which of them has which site.

A site is one worker's at a time, so that its delay, its concurrency and the budgets of its hosts hold whoever else
sweeps. Sites are shared out evenly among the living; those of a worker that died are free after the site's delay.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select, update

from domain.ids import SweepId
from store.database import Database
from store.frontier import LEASED, WAITING
from store.holders import is_surely_dead
from store.tables import frontier, sweep_sites, sweep_workers
from store.upserts import insert_missing


class WorkerState(StrEnum):
    """What became of a worker. *Lost*: it died, or fell silent for longer than a lease."""

    WORKING = "working"
    ENDED = "ended"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """One process that took part in a sweep; `fetched` is as it last said."""

    holder: str
    state: WorkerState
    started_at: datetime
    seen_at: datetime
    fetched: int


class Crew:
    """The crew of one sweep, as one worker sees it. `holder` must come from `store.holders.this_process`.

    `delays` are the seconds between two fetches of each site of the campaign.
    """

    def __init__(
        self, database: Database, sweep_id: SweepId, *, holder: str, lease_seconds: float, delays: Mapping[str, float]
    ) -> None:
        self._database = database
        self._sweep = sweep_id
        self._holder = holder
        self._lease = timedelta(seconds=lease_seconds)
        self._delays = delays

    def join(self, now: datetime) -> None:
        """Begin to take part; safe to repeat."""
        worker = {"holder": self._holder, "state": WorkerState.WORKING.value, "started_at": now}
        sites = [{"sweep_id": self._sweep, "site": site, "holder": None, "free_from": now} for site in self._delays]
        with self._database.write() as connection:
            insert_missing(
                connection, sweep_workers, [worker | {"sweep_id": self._sweep, "seen_at": now, "fetched": 0}]
            )
            insert_missing(connection, sweep_sites, sites)

    def beat(self, now: datetime, fetched: int) -> None:
        """Say that this worker lives, and free what those that do not had."""
        with self._database.write() as connection:
            self._note(connection, WorkerState.WORKING, now, fetched)
            working = self._workers(WorkerState.WORKING)
            lost = [
                row.holder
                for row in connection.execute(select(sweep_workers).where(working))
                if row.seen_at < now - self._lease or is_surely_dead(row.holder)
            ]
            gone = working & sweep_workers.c.holder.in_(lost)
            connection.execute(update(sweep_workers).where(gone).values(state=WorkerState.LOST.value))
            held = select(sweep_sites.c.site).where(self._sites & sweep_sites.c.holder.in_(lost))
            self._free(connection, list(connection.scalars(held)), now)

    def claim(self, now: datetime, busy: Collection[str]) -> frozenset[str]:
        """This worker's sites from now on: its share of those that have open addresses.

        Of the `busy` ones it holds leases: they stay its own, though it may have to lease no more of them.
        """
        with self._database.write() as connection:
            rows = connection.execute(select(sweep_sites).where(self._sites, self._is_open)).all()
            workers = connection.scalar(select(func.count()).where(self._workers(WorkerState.WORKING))) or 1
            share = -(-len(rows) // workers)
            mine = sorted((row.site for row in rows if row.holder == self._holder), key=lambda site: site not in busy)
            kept = set(mine[:share])
            for row in rows:
                if len(kept) < share and row.holder is None and row.free_from <= now:
                    free = self._sites & (sweep_sites.c.site == row.site) & sweep_sites.c.holder.is_(None)
                    taken = connection.execute(update(sweep_sites).where(free).values(holder=self._holder))
                    kept |= {row.site} if taken.rowcount else set()
            held = select(sweep_sites.c.site).where(self._sites, sweep_sites.c.holder == self._holder)
            self._free(connection, list(set(connection.scalars(held)) - kept - set(busy)), now)
        return frozenset(kept)

    def leave(self, now: datetime, fetched: int) -> None:
        """Take part no more."""
        with self._database.write() as connection:
            self._note(connection, WorkerState.ENDED, now, fetched)
            held = select(sweep_sites.c.site).where(self._sites, sweep_sites.c.holder == self._holder)
            self._free(connection, list(connection.scalars(held)), now)

    def _note(self, connection: Connection, state: WorkerState, now: datetime, fetched: int) -> None:
        me = (sweep_workers.c.sweep_id == self._sweep) & (sweep_workers.c.holder == self._holder)
        values = {"state": state.value, "seen_at": now, "fetched": fetched}
        connection.execute(update(sweep_workers).where(me).values(values))

    def _free(self, connection: Connection, sites: Collection[str], now: datetime) -> None:
        for site in sites:
            one = self._sites & (sweep_sites.c.site == site)
            free_from = now + timedelta(seconds=self._delays.get(site, 0.0))
            connection.execute(update(sweep_sites).where(one).values(holder=None, free_from=free_from))

    def _workers(self, state: WorkerState) -> ColumnElement[bool]:
        return (sweep_workers.c.sweep_id == self._sweep) & (sweep_workers.c.state == state.value)

    @property
    def _sites(self) -> ColumnElement[bool]:
        return sweep_sites.c.sweep_id == self._sweep

    @property
    def _is_open(self) -> ColumnElement[bool]:
        """One look at an index for each state: a single look at both would count them all."""
        of_site = (frontier.c.sweep_id == sweep_sites.c.sweep_id) & (frontier.c.site == sweep_sites.c.site)
        return or_(*(exists().where(of_site, frontier.c.state == state) for state in (WAITING, LEASED)))


def crew_of(database: Database, sweep_id: SweepId) -> list[Worker]:
    """Every worker that took part in a sweep, in the order in which they came."""
    query = select(sweep_workers).where(sweep_workers.c.sweep_id == sweep_id)
    with database.read() as connection:
        rows = connection.execute(query.order_by(sweep_workers.c.started_at, sweep_workers.c.holder)).all()
    return [
        Worker(
            holder=row.holder,
            state=WorkerState(row.state),
            started_at=row.started_at,
            seen_at=row.seen_at,
            fetched=row.fetched,
        )
        for row in rows
    ]
