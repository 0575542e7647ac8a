"""Findings, where they were seen, and what people decided about them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from domain.errors import ConflictError, NotFoundError, UsageError
from domain.findings import Finding, FindingState, Verdict
from domain.ids import FindingId, SweepId
from store.database import Database
from store.encoding import finding_from_row, finding_to_row
from store.outbox import append
from store.tables import decisions, findings, sightings

PAGE = 500
DECISIONS = frozenset({FindingState.CONFIRMED, FindingState.DISMISSED, FindingState.LICENSED})


class Recorded(StrEnum):
    """What a match was to the records."""

    NEW = "new"
    KNOWN = "known"
    LICENSED = "licensed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One step in a finding's history; `undoes` names the step it takes back."""

    id: int
    finding_id: FindingId
    by: str
    at: datetime
    before: FindingState
    after: FindingState
    reason: str
    undoes: int | None


def record(connection: Connection, finding: Finding) -> Recorded:
    """Record a match in the transaction of `connection`.

    A finding seen before keeps its first comparison and evidence, and any decision a person took; one that nobody
    decided about becomes licensed when a licence has come to cover it.
    """
    present = connection.execute(select(findings.c.state).where(findings.c.finding_id == finding.finding_id)).scalar()
    if present is None:
        connection.execute(insert(findings).values(finding_to_row(finding)))
        outcome = Recorded.LICENSED if finding.state is FindingState.LICENSED else Recorded.NEW
    else:
        outcome = _seen_again(connection, finding, FindingState(present))
    seen = {"finding_id": finding.finding_id, "sweep_id": finding.sweep_id, "capture_id": finding.capture_id}
    if not _seen_this_sweep(connection, finding):
        connection.execute(insert(sightings).values(**seen, seen_at=finding.found_at, kind=outcome.value))
    append(connection, consumer="search", topic="finding", key=finding.finding_id, at=finding.found_at)
    return outcome


def _seen_again(connection: Connection, finding: Finding, state: FindingState) -> Recorded:
    values: dict[str, Any] = {"last_seen_at": finding.found_at}
    undecided = state in {FindingState.OPEN, FindingState.REVIEW}
    if undecided and finding.state is FindingState.LICENSED:
        values["state"] = state = FindingState.LICENSED
    connection.execute(update(findings).where(findings.c.finding_id == finding.finding_id).values(values))
    return Recorded.LICENSED if state is FindingState.LICENSED else Recorded.KNOWN


def _seen_this_sweep(connection: Connection, finding: Finding) -> bool:
    same = (sightings.c.finding_id == finding.finding_id) & (sightings.c.sweep_id == finding.sweep_id)
    return connection.execute(select(sightings.c.kind).where(same)).first() is not None


class FindingStore:
    """Findings for those who read and decide."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, finding_id: FindingId) -> Finding:
        """One finding. Raises `NotFoundError`."""
        with self._database.read() as connection:
            row = connection.execute(select(findings).where(findings.c.finding_id == finding_id)).first()
        if row is None:
            raise NotFoundError(f"There is no finding {finding_id}.", "See `piracy-monitor findings list`.")
        return finding_from_row(row)

    def some(self, ids: Collection[FindingId]) -> dict[FindingId, Finding]:
        """Those findings of `ids` that there are."""
        with self._database.read() as connection:
            rows = connection.execute(select(findings).where(findings.c.finding_id.in_(ids))).all()
        return {FindingId(row.finding_id): finding_from_row(row) for row in rows}

    def export(self) -> Iterator[Finding]:
        """Every finding, in the order found."""
        return self._stream(select(findings))

    def new_in(self, sweep_id: SweepId) -> Iterator[Finding]:
        """What may be alerted: copies first found in a sweep that nobody has decided about."""
        first_seen = (findings.c.sweep_id == sweep_id) & (findings.c.verdict == Verdict.COPY.value)
        return self._stream(select(findings).where(first_seen, findings.c.state == FindingState.OPEN.value))

    def _stream(self, query: Any) -> Iterator[Finding]:
        ordered = query.order_by(findings.c.found_at, findings.c.finding_id)
        with self._database.read() as connection:
            for row in connection.execution_options(yield_per=PAGE).execute(ordered):
                yield finding_from_row(row)

    def decide(
        self, finding_id: FindingId, after: FindingState, *, seen: FindingState, by: str, reason: str, at: datetime
    ) -> Decision:
        """Confirm, dismiss or licence a finding that its reader saw in the state `seen`.

        Raises `NotFoundError`; `UsageError` without a reason, or for a state that is no decision; `ConflictError`
        when the finding is in another state by now.
        """
        if not reason.strip():
            raise UsageError("A decision needs a reason.", "Say in a few words why.")
        if after not in DECISIONS:
            raise UsageError(f"{after} is not a decision.", "Choose confirmed, dismissed or licensed.")
        with self._database.write() as connection:
            before = _held(connection, finding_id)
            if before is not seen:
                raise ConflictError(f"Finding {finding_id} is {before} by now, not {seen}.", "Look at it again.")
            return _move(connection, finding_id, before, after, by=by, reason=reason.strip(), at=at, undoes=None)

    def undo(self, finding_id: FindingId, *, step: int, by: str, at: datetime) -> Decision:
        """Take back the decision with the id `step`.

        Raises `NotFoundError`; `UsageError` when no decision stands; `ConflictError` when another one does.
        """
        with self._database.write() as connection:
            before = _held(connection, finding_id)
            last = standing(_history(connection, finding_id))
            if last is None:
                raise UsageError(f"Finding {finding_id} has no decision to undo.", "Look at its history.")
            if last.id != step:
                raise ConflictError(f"Another decision about finding {finding_id} stands by now.", "Look at it again.")
            return _move(connection, finding_id, before, last.before, by=by, reason="", at=at, undoes=last.id)

    def history(self, finding_id: FindingId) -> list[Decision]:
        """Every step of a finding, oldest first."""
        with self._database.read() as connection:
            return _history(connection, finding_id)


def standing(history: Sequence[Decision]) -> Decision | None:
    """The last decision of a history that nobody has taken back."""
    undone = {step.undoes for step in history}
    kept = (step for step in reversed(history) if step.undoes is None and step.id not in undone)
    # A step may also be taken by rule, as when a licence lapses; those decide nothing.
    return next((step for step in kept if step.after in DECISIONS), None)


def _held(connection: Connection, finding_id: FindingId) -> FindingState:
    """The state of a finding, which nobody else changes until this transaction ends. Raises `NotFoundError`."""
    query = select(findings.c.state).where(findings.c.finding_id == finding_id).with_for_update()
    state = connection.execute(query).scalar()
    if state is None:
        raise NotFoundError(f"There is no finding {finding_id}.", "See `piracy-monitor findings list`.")
    return FindingState(state)


def _move(
    connection: Connection,
    finding_id: FindingId,
    before: FindingState,
    after: FindingState,
    *,
    by: str,
    reason: str,
    at: datetime,
    undoes: int | None,
) -> Decision:
    step = {"by": by, "at": at, "before": before.value, "after": after.value, "reason": reason, "undoes": undoes}
    inserted = insert(decisions).values(finding_id=finding_id, **step).returning(decisions)
    row = connection.execute(inserted).one()
    connection.execute(update(findings).where(findings.c.finding_id == finding_id).values(state=after.value))
    append(connection, consumer="search", topic="finding", key=finding_id, at=at)
    return _decision(row)


def _history(connection: Connection, finding_id: FindingId) -> list[Decision]:
    query = select(decisions).where(decisions.c.finding_id == finding_id).order_by(decisions.c.id)
    return [_decision(row) for row in connection.execute(query)]


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        id=row.id,
        finding_id=FindingId(row.finding_id),
        by=row.by,
        at=row.at,
        before=FindingState(row.before),
        after=FindingState(row.after),
        reason=row.reason,
        undoes=row.undoes,
    )
