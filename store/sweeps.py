"""Sweeps: their beginning, their end, and what they did."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, func, insert, select, update

from domain.campaigns import Sweep, SweepState
from domain.captures import FetchOutcome
from domain.coverage import BLOCKED
from domain.errors import NotFoundError, UsageError
from domain.ids import Digest, SweepId
from store.database import Database
from store.outbox import append
from store.tables import captures, frontier, lead_sightings, sightings, sweeps


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepCounts:
    """What a sweep did. `skipped` counts, by outcome, the addresses that gave no content."""

    captures: int
    new: int
    known: int
    licensed: int
    blocked: int
    planned: int
    fetched: int
    leads: int
    skipped: dict[str, int] = field(default_factory=dict)


def begin(connection: Connection, campaign: str, at: datetime, planned_for: datetime | None = None) -> Sweep:
    """Open a sweep in the transaction of `connection`."""
    sweep = Sweep(
        sweep_id=SweepId(f"{at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"),
        campaign=campaign,
        state=SweepState.RUNNING,
        started_at=at,
        planned_for=planned_for,
    )
    row = {"sweep_id": sweep.sweep_id, "campaign": campaign, "state": sweep.state.value, "started_at": at}
    connection.execute(insert(sweeps).values(**row, planned_for=planned_for, stop_requested=False))
    return sweep


def close(connection: Connection, sweep_id: SweepId, state: SweepState, at: datetime) -> None:
    """Close a sweep in the transaction of `connection`, and let the alerts know. One that was closed stays as it is."""
    running = (sweeps.c.sweep_id == sweep_id) & (sweeps.c.state == SweepState.RUNNING.value)
    closed = connection.execute(update(sweeps).where(running).values(state=state.value, ended_at=at))
    if closed.rowcount:
        append(connection, consumer="alerts", topic="sweep", key=sweep_id, at=at)


class SweepStore:
    """The sweeps of every campaign."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, campaign: str, at: datetime, planned_for: datetime | None = None) -> Sweep:
        """Open a sweep. Its id tells when it began."""
        with self._database.write() as connection:
            return begin(connection, campaign, at, planned_for)

    def unfinished(self, campaign: str) -> Sweep | None:
        """The newest sweep of a campaign that was begun and not ended."""
        running = (sweeps.c.campaign == campaign) & (sweeps.c.state == SweepState.RUNNING.value)
        return self._one(select(sweeps).where(running).order_by(sweeps.c.started_at.desc()))

    def latest(self, campaign: str) -> Sweep | None:
        return self._one(select(sweeps).where(sweeps.c.campaign == campaign).order_by(sweeps.c.started_at.desc()))

    def of_night(self, campaign: str, planned_for: datetime) -> Sweep | None:
        """The sweep that a night led to."""
        night = (sweeps.c.campaign == campaign) & (sweeps.c.planned_for == planned_for)
        return self._one(select(sweeps).where(night))

    def get(self, sweep_id: SweepId) -> Sweep:
        """One sweep. Raises `NotFoundError`."""
        sweep = self._one(select(sweeps).where(sweeps.c.sweep_id == sweep_id))
        if sweep is None:
            raise NotFoundError(f"There is no sweep {sweep_id}.", "Its id is printed when it starts and ends.")
        return sweep

    def recent(self, limit: int) -> list[Sweep]:
        """The newest sweeps of all campaigns, newest first."""
        query = select(sweeps).order_by(sweeps.c.started_at.desc(), sweeps.c.sweep_id.desc()).limit(limit)
        with self._database.read() as connection:
            return [_sweep(row) for row in connection.execute(query)]

    def reopen(self, sweep_id: SweepId) -> None:
        """Let a sweep that was stopped go on. Raises `UsageError` for one in another state."""
        stopped = (sweeps.c.sweep_id == sweep_id) & (sweeps.c.state == SweepState.STOPPED.value)
        again = {"state": SweepState.RUNNING.value, "ended_at": None, "stop_requested": False}
        with self._database.write() as connection:
            if not connection.execute(update(sweeps).where(stopped).values(again)).rowcount:
                raise UsageError(f"Sweep {sweep_id} was not stopped.", "Only a stopped sweep can go on.")

    def keep_coverage(self, sweep_id: SweepId, report: Digest) -> None:
        """Name the preserved coverage report of a sweep."""
        with self._database.write() as connection:
            connection.execute(update(sweeps).where(sweeps.c.sweep_id == sweep_id).values(coverage=report))

    def coverage(self, sweep_id: SweepId) -> Digest | None:
        """The preserved coverage report of a sweep; None before its end."""
        with self._database.read() as connection:
            return connection.scalar(select(sweeps.c.coverage).where(sweeps.c.sweep_id == sweep_id))

    def end(self, sweep_id: SweepId, state: SweepState, at: datetime) -> None:
        """Close a sweep and, in the same transaction, let the alerts know. One that was closed stays as it is."""
        with self._database.write() as connection:
            close(connection, sweep_id, state, at)

    def request_stop(self, sweep_id: SweepId) -> None:
        """Ask a running sweep to end soon."""
        with self._database.write() as connection:
            connection.execute(update(sweeps).where(sweeps.c.sweep_id == sweep_id).values(stop_requested=True))

    def stop_requested(self, sweep_id: SweepId) -> bool:
        with self._database.read() as connection:
            return bool(connection.scalar(select(sweeps.c.stop_requested).where(sweeps.c.sweep_id == sweep_id)))

    def counts(self, sweep_id: SweepId) -> SweepCounts:
        """What a sweep did so far."""
        with self._database.read() as connection:
            captured = connection.scalar(
                select(func.count()).select_from(captures).where(captures.c.sweep_id == sweep_id)
            )
            seen = _tally(connection, sightings.c.kind, sightings.c.sweep_id == sweep_id)
            outcomes = _tally(connection, frontier.c.outcome, frontier.c.sweep_id == sweep_id)
            seen_leads = connection.scalar(select(func.count()).where(lead_sightings.c.sweep_id == sweep_id))
        skipped = {k: n for k, n in sorted(outcomes.items(), key=str) if k and k != FetchOutcome.CONTENT}
        return SweepCounts(
            captures=captured or 0,
            new=seen.get("new", 0),
            known=seen.get("known", 0),
            licensed=seen.get("licensed", 0),
            blocked=sum(skipped.get(outcome, 0) for outcome in BLOCKED),
            planned=sum(outcomes.values()),
            fetched=outcomes.get(FetchOutcome.CONTENT, 0),
            leads=seen_leads or 0,
            skipped=skipped,
        )

    def _one(self, query: Any) -> Sweep | None:
        with self._database.read() as connection:
            row = connection.execute(query.limit(1)).first()
        return _sweep(row) if row else None


def _tally(connection: Connection, column: Column[Any], condition: ColumnElement[bool]) -> dict[str | None, int]:
    query = select(column, func.count()).where(condition).group_by(column)
    return dict(connection.execute(query).all())


def _sweep(row: Row[Any]) -> Sweep:
    return Sweep(
        sweep_id=SweepId(row.sweep_id),
        campaign=row.campaign,
        state=SweepState(row.state),
        started_at=row.started_at,
        ended_at=row.ended_at,
        planned_for=row.planned_for,
    )
