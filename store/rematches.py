"""Works that are still to be compared with what was captured before they were registered.

A work is owed the comparison from the transaction that changes its fingerprints on. A run takes up the works that are
owed, is itself a row among the sweeps, so that its findings are told as those of any sweep, and remembers how far it
got in the transaction that records what it found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from domain.campaigns import REMATCH, SweepState
from domain.ids import SweepId, WorkId
from store.content_prints import START
from store.database import Database
from store.sweeps import begin, close
from store.tables import rematch_works, rematches, sweeps, works
from store.upserts import insert_missing

MOST_WORKS = 5000
"""Works of one run, whose fingerprints are held in memory together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rematch:
    """One run. `position` is the digest of the last fingerprint that was dealt with."""

    sweep_id: SweepId
    started_at: datetime
    position: str
    compared: int
    candidates: int
    works: frozenset[WorkId]


def owe(connection: Connection, ids: Sequence[WorkId]) -> None:
    """Let works be compared with what was captured, in the transaction of `connection`; the negative bank never is.

    A run that is at them goes on, and another one follows.
    """
    owed = connection.scalars(
        select(works.c.work_id).where(works.c.work_id.in_(ids), works.c.negative.is_(False))
    ).all()
    waiting = {"sweep_id": None, "not_before": None}
    connection.execute(update(rematch_works).where(rematch_works.c.work_id.in_(owed)).values(waiting))
    insert_missing(connection, rematch_works, [waiting | {"work_id": work_id} for work_id in owed])


class RematchStore:
    """The runs, and what is owed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def owe(self, ids: Sequence[WorkId]) -> None:
        """Let works be compared with what was captured, once more if they were before."""
        with self._database.write() as connection:
            owe(connection, ids)

    def owed(self) -> int:
        """How many works wait for a run or are in one that has not ended."""
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).select_from(rematch_works)) or 0

    def take_up(self, at: datetime, *, since: datetime, only: Sequence[WorkId] | None = None) -> Rematch | None:
        """The run that was not ended, else a new one over works that are owed (or those `only`); None without any.

        Works that an earlier run left owed at or after `since` wait for another call.
        """
        not_before = rematch_works.c.not_before
        waiting = and_(rematch_works.c.sweep_id.is_(None), or_(not_before.is_(None), not_before < since))
        if only is not None:
            waiting = and_(waiting, rematch_works.c.work_id.in_(only))
        with self._database.write() as connection:
            return _unfinished(connection) or _start(connection, at, waiting)

    def advance(self, connection: Connection, run: Rematch) -> None:
        """Remember how far a run got, in the transaction of `connection`."""
        reached = {"position": run.position, "compared": run.compared, "candidates": run.candidates}
        connection.execute(update(rematches).where(rematches.c.sweep_id == run.sweep_id).values(reached))

    def end(self, run: Rematch, at: datetime, *, older_than: datetime) -> None:
        """End a run and let the alerts know.

        Its works stay owed while a sweep is under way that began before the run, since that may still record what it
        compared with the register of its beginning; sweeps begun before `older_than` are given up on.
        """
        before = (sweeps.c.started_at < run.started_at) & (sweeps.c.started_at >= older_than)
        under_way = (sweeps.c.state == SweepState.RUNNING.value) & (sweeps.c.campaign != REMATCH) & before
        mine = rematch_works.c.sweep_id == run.sweep_id
        with self._database.write() as connection:
            if connection.scalar(select(func.count()).select_from(sweeps).where(under_way)):
                connection.execute(update(rematch_works).where(mine).values(sweep_id=None, not_before=at))
            else:
                connection.execute(delete(rematch_works).where(mine))
            close(connection, run.sweep_id, SweepState.FINISHED, at)


def _unfinished(connection: Connection) -> Rematch | None:
    running = (sweeps.c.campaign == REMATCH) & (sweeps.c.state == SweepState.RUNNING.value)
    row = connection.execute(
        select(rematches, sweeps.c.started_at).join(sweeps, sweeps.c.sweep_id == rematches.c.sweep_id).where(running)
    ).first()
    if row is None:
        return None
    ids = connection.scalars(select(rematch_works.c.work_id).where(rematch_works.c.sweep_id == row.sweep_id))
    return Rematch(**row._mapping, works=frozenset(WorkId(work_id) for work_id in ids))


def _start(connection: Connection, at: datetime, waiting: ColumnElement[bool]) -> Rematch | None:
    chosen = select(rematch_works.c.work_id).where(waiting).order_by(rematch_works.c.work_id).limit(MOST_WORKS)
    ids = connection.scalars(chosen).all()
    if not ids:
        return None
    sweep = begin(connection, REMATCH, at)
    row = {"sweep_id": sweep.sweep_id, "position": START, "compared": 0, "candidates": 0}
    connection.execute(insert(rematches).values(row))
    connection.execute(update(rematch_works).where(rematch_works.c.work_id.in_(ids)).values(sweep_id=sweep.sweep_id))
    return Rematch(
        sweep_id=sweep.sweep_id,
        started_at=at,
        position=START,
        compared=0,
        candidates=0,
        works=frozenset(WorkId(work_id) for work_id in ids),
    )
