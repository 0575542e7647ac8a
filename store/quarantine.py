"""Flood control: works held back because far more is found of them than ever before."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, select, update

from config.settings import QualitySettings
from domain.alerts import AlertKind
from domain.campaigns import RELEASED, SweepState
from domain.errors import UsageError
from domain.findings import SYSTEM, Finding, FindingState, Verdict
from domain.ids import FindingId, SweepId, WorkId
from domain.quarantine import Quarantine, QuarantineState, is_flood
from store.alerts import raise_alarm
from store.database import Database
from store.findings import Recorded, decide_all, take_back_all
from store.sweeps import begin, close
from store.tables import findings, quarantines, sightings
from store.upserts import insert_missing

WAITING = (FindingState.OPEN.value, FindingState.REVIEW.value)


class QuarantineStore:
    """The quarantines, past and present. What trips one follows from the findings on record alone."""

    def __init__(self, database: Database, settings: QualitySettings, administrators: Sequence[str]) -> None:
        self._database = database
        self._settings = settings
        self._window = timedelta(days=settings.flood_days)
        self._administrators = administrators

    def watch(self, sweep_id: SweepId, at: datetime) -> list[Quarantine]:
        """Hold back the works that a sweep found in floods, and owe the administrators word of each. Safe to repeat."""
        with self._database.write() as connection:
            ids = connection.scalars(_found_by(sweep_id)).all()
            flooded = (self._flood_of(connection, WorkId(work_id), at) for work_id in ids)
            return [self._hold(connection, row) for row in flooded if row]

    def held(self) -> list[Quarantine]:
        """What is held back now, oldest first."""
        query = select(quarantines).where(quarantines.c.state == QuarantineState.HELD.value).order_by(quarantines.c.id)
        with self._database.read() as connection:
            return [_quarantine(row) for row in connection.execute(query)]

    def holding(self, found: Iterable[Finding]) -> dict[FindingId, Quarantine]:
        """Which of some findings are held back, and by what."""
        by_work = {quarantine.work_id: quarantine for quarantine in self.held()}
        waiting = (f for f in found if f.state.value in WAITING and f.work_id in by_work)
        return {f.finding_id: by_work[f.work_id] for f in waiting if f.found_at > by_work[f.work_id].since}

    def release(self, work_id: WorkId, *, by: str, at: datetime) -> int:
        """End a quarantine and owe what it held to the subscribers; how many findings. Raises `UsageError`."""
        with self._database.write() as connection:
            quarantine = _end(connection, work_id, QuarantineState.RELEASED, by=by, at=at)
            copies = and_(_held_by(quarantine), findings.c.verdict == Verdict.COPY.value)
            rows = connection.execute(select(findings.c.finding_id, findings.c.capture_id).where(copies)).all()
            # As if they were seen once more: alerts are about what a sweep saw.
            sweep = begin(connection, RELEASED, at)
            seen = {"sweep_id": sweep.sweep_id, "seen_at": at, "kind": Recorded.KNOWN.value}
            insert_missing(connection, sightings, [dict(row._mapping) | seen for row in rows])
            close(connection, sweep.sweep_id, SweepState.FINISHED, at)
            return len(rows)

    def dismiss(self, work_id: WorkId, *, by: str, at: datetime, reason: str) -> int:
        """End a quarantine and dismiss what it held; how many findings. Raises `UsageError`."""
        with self._database.write() as connection:
            quarantine = _end(connection, work_id, QuarantineState.DISMISSED, by=by, at=at)
            held = select(findings.c.finding_id).where(_held_by(quarantine)).order_by(findings.c.finding_id)
            ids = [FindingId(finding_id) for finding_id in connection.scalars(held)]
            return decide_all(connection, ids, FindingState.DISMISSED, by=by, reason=reason, at=at)

    def undo(self, work_id: WorkId, *, by: str, at: datetime) -> int:
        """Hold a work back again as before its last quarantine ended; how many dismissals were taken back.

        What was told meanwhile stays told, and what was decided otherwise since stays decided. Raises `UsageError`.
        """
        newest = select(quarantines).where(quarantines.c.work_id == work_id).order_by(quarantines.c.id.desc()).limit(1)
        with self._database.write() as connection:
            row = connection.execute(newest).first()
            if row is None or row.state == QuarantineState.HELD.value:
                raise UsageError(f"No quarantine of work {work_id} was ended.", "See `works quarantine list`.")
            again = {"state": QuarantineState.HELD.value, "ended_by": "", "ended_at": None}
            connection.execute(update(quarantines).where(quarantines.c.id == row.id).values(again))
            if row.state == QuarantineState.RELEASED.value:
                return 0
            of_work = findings.c.work_id == work_id
            return take_back_all(connection, of_work, decided_by=row.ended_by, decided_at=row.ended_at, by=by, at=at)

    def _flood_of(self, connection: Connection, work_id: WorkId, at: datetime) -> dict[str, Any] | None:
        """The quarantine that a work's findings call for, as a row; None when there is none, or one stands."""
        of_work = quarantines.c.work_id == work_id
        standing = (of_work, quarantines.c.state == QuarantineState.HELD.value)
        if connection.scalar(select(func.count()).select_from(quarantines).where(*standing)):
            return None
        # What was looked at is history from the moment it was decided about.
        ended = connection.scalar(select(func.max(quarantines.c.ended_at)).where(of_work))
        since = max(filter(None, (at - self._window, ended)))
        settings = self._settings
        counts = _counts(connection, work_id, since, self._window, settings.flood_history)
        if not is_flood(counts, factor=settings.flood_factor, least=settings.flood_least):
            return None
        title = connection.scalar(select(findings.c.work_title).where(findings.c.work_id == work_id).limit(1))
        row = {"work_id": work_id, "title": title, "since": since, "at": at}
        return row | {"count": counts[0], "usual": max(counts[1:], default=0), "ended_by": ""}

    def _hold(self, connection: Connection, row: dict[str, Any]) -> Quarantine:
        made = insert(quarantines).values(row | {"state": QuarantineState.HELD.value}).returning(quarantines)
        quarantine = _quarantine(connection.execute(made).one())
        facts = {
            "work_id": quarantine.work_id,
            "title": quarantine.title,
            "count": str(quarantine.count),
            "since": quarantine.since.isoformat(timespec="minutes"),
            "usual": str(quarantine.usual),
            "days": str(self._settings.flood_days),
        }
        occasion = f"quarantine-{quarantine.id}"
        kind, to = AlertKind.WORK_QUARANTINED, self._administrators
        raise_alarm(connection, kind, occasion, facts, administrators=to, at=quarantine.at)
        return quarantine


def _found_by(sweep_id: SweepId) -> Any:
    new = and_(sightings.c.sweep_id == sweep_id, sightings.c.kind == Recorded.NEW.value)
    joined = sightings.c.finding_id == findings.c.finding_id
    return select(findings.c.work_id).join(sightings, joined).where(new).distinct().order_by(findings.c.work_id)


def _counts(connection: Connection, work_id: WorkId, since: datetime, window: timedelta, history: int) -> list[int]:
    """Findings of a work after `since`, then in each window before; what is licensed there is no match to count."""
    found_at = findings.c.found_at
    counted = and_(
        findings.c.work_id == work_id,
        found_at > since - window * history,
        findings.c.state != FindingState.LICENSED.value,
    )
    tally: Counter[int] = Counter()
    for time in connection.scalars(select(found_at).where(counted)):
        tally[0 if time > since else 1 + (since - time) // window] += 1
    return [tally[n] for n in range(history + 1)]


def _held_by(quarantine: Quarantine) -> ColumnElement[bool]:
    mine = and_(findings.c.work_id == quarantine.work_id, findings.c.found_at > quarantine.since)
    return and_(mine, findings.c.state.in_(WAITING))


def _end(connection: Connection, work_id: WorkId, state: QuarantineState, *, by: str, at: datetime) -> Quarantine:
    if by == SYSTEM or not by.strip():
        raise UsageError("It takes a person to end a quarantine.", "Give --by NAME.")
    standing = (quarantines.c.work_id == work_id) & (quarantines.c.state == QuarantineState.HELD.value)
    ended = {"state": state.value, "ended_by": by, "ended_at": at}
    row = connection.execute(update(quarantines).where(standing).values(ended).returning(quarantines)).first()
    if row is None:
        raise UsageError(f"Work {work_id} is in no quarantine.", "See `piracy-monitor works quarantine list`.")
    return _quarantine(row)


def _quarantine(row: Row[Any]) -> Quarantine:
    values = dict(row._mapping)
    return Quarantine(**values | {"work_id": WorkId(row.work_id), "state": QuarantineState(row.state)})
