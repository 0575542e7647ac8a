"""Findings, where they were seen, and what people decided about them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from domain.errors import ConflictError, NotFoundError, UsageError
from domain.findings import SYSTEM, Finding, FindingState
from domain.ids import FindingId
from store.database import Database
from store.encoding import finding_from_row, finding_to_row
from store.outbox import append
from store.tables import decisions, findings, sightings, works
from store.upserts import insert_missing

PAGE = 500
DECISIONS = frozenset({FindingState.CONFIRMED, FindingState.DISMISSED, FindingState.LICENSED})


class Recorded(StrEnum):
    """What a match was to the records. *New* may be alerted: never seen before, or seen and only now accusing."""

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
    """Record a match in the transaction of `connection`; others may record the same finding at the same time.

    A finding on which a person's decision stands keeps everything it was judged on. One that nobody decided about
    follows the match (docs/decisions/0002).
    """
    if insert_missing(connection, findings, [finding_to_row(finding)]):
        outcome = Recorded.LICENSED if finding.state is FindingState.LICENSED else Recorded.NEW
    else:
        outcome = _seen_again(connection, finding)
    seen = {"finding_id": finding.finding_id, "sweep_id": finding.sweep_id, "capture_id": finding.capture_id}
    insert_missing(connection, sightings, [seen | {"seen_at": finding.found_at, "kind": outcome.value}])
    append(connection, consumer="search", topic="finding", key=finding.finding_id, at=finding.found_at)
    return outcome


def _seen_again(connection: Connection, finding: Finding) -> Recorded:
    same = findings.c.finding_id == finding.finding_id
    state = FindingState(connection.execute(select(findings.c.state).where(same).with_for_update()).scalar_one())
    connection.execute(update(findings).where(same).values(last_seen_at=finding.found_at))
    reason = _change(state, finding.state)
    if reason and not standing(_history(connection, finding.finding_id)):
        _step(connection, finding.finding_id, state, finding.state, by=SYSTEM, reason=reason, at=finding.found_at)
        state = finding.state
        if state is not FindingState.LICENSED:
            # What was seen under a licence, or was too weak to accuse, is no evidence for what is said now.
            connection.execute(update(findings).where(same).values(finding_to_row(finding)))
            _forget_sighting(connection, finding)
            return Recorded.NEW
    return Recorded.LICENSED if state is FindingState.LICENSED else Recorded.KNOWN


def _change(before: FindingState, now: FindingState) -> str:
    """Why a match moves a finding that nobody decided about; empty when it does not."""
    if before is now:
        return ""
    if now is FindingState.LICENSED:
        return "a licence covers it, or it is in the public domain"
    if before is FindingState.LICENSED:
        return "no licence covers it any more"
    return "a stronger match" if now is FindingState.OPEN else ""


def _forget_sighting(connection: Connection, finding: Finding) -> None:
    """Make room for the sighting that tells of the change, if this sweep has seen the finding before it."""
    seen = (sightings.c.finding_id == finding.finding_id) & (sightings.c.sweep_id == finding.sweep_id)
    connection.execute(delete(sightings).where(seen))


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

    def pages_of_hot_works(self, day: date, limit: int) -> list[str]:
        """The pages on which works were found that are closely watched on a day, those seen latest first.

        What a person dismissed or found to be licensed is left out.
        """
        begun = (works.c.hot_from <= day) | (works.c.hot_from.is_(None) & works.c.hot_until.is_not(None))
        hot = begun & (works.c.hot_until.is_(None) | (works.c.hot_until >= day))
        cleared = findings.c.state.in_((FindingState.DISMISSED.value, FindingState.LICENSED.value))
        query = (
            select(findings.c.page_url)
            .join(works, works.c.work_id == findings.c.work_id)
            .where(hot, ~cleared)
            .group_by(findings.c.page_url)
            .order_by(func.max(findings.c.last_seen_at).desc(), findings.c.page_url)
        )
        with self._database.read() as connection:
            return list(connection.scalars(query.limit(limit)))

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


def decide_all(
    connection: Connection, ids: Sequence[FindingId], after: FindingState, *, by: str, reason: str, at: datetime
) -> int:
    """Decide alike about findings, in the transaction of `connection`; how many there were."""
    for finding_id in ids:
        before = _held(connection, finding_id)
        _move(connection, finding_id, before, after, by=by, reason=reason, at=at, undoes=None)
    return len(ids)


def take_back_all(
    connection: Connection, of: ColumnElement[bool], *, decided_by: str, decided_at: datetime, by: str, at: datetime
) -> int:
    """Take back what one person decided at one time about the findings `of` a kind, as far as it still stands."""
    query = (
        select(decisions)
        .join(findings, findings.c.finding_id == decisions.c.finding_id)
        .where(of, decisions.c.by == decided_by, decisions.c.at == decided_at)
    )
    taken = 0
    for step in [_decision(row) for row in connection.execute(query)]:
        before = _held(connection, step.finding_id)
        last = standing(_history(connection, step.finding_id))
        if last and last.id == step.id:
            _move(connection, step.finding_id, before, step.before, by=by, reason="", at=at, undoes=step.id)
            taken += 1
    return taken


def standing(history: Sequence[Decision]) -> Decision | None:
    """The last decision of a person that was not taken back."""
    undone = {step.undoes for step in history}
    people = (step for step in reversed(history) if step.by != SYSTEM and step.undoes is None)
    return next((step for step in people if step.id not in undone), None)


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
    step = _step(connection, finding_id, before, after, by=by, reason=reason, at=at, undoes=undoes)
    append(connection, consumer="search", topic="finding", key=finding_id, at=at)
    return step


def _step(
    connection: Connection,
    finding_id: FindingId,
    before: FindingState,
    after: FindingState,
    *,
    by: str,
    reason: str,
    at: datetime,
    undoes: int | None = None,
) -> Decision:
    """Move a finding and write the step into its history."""
    step = {"by": by, "at": at, "before": before.value, "after": after.value, "reason": reason, "undoes": undoes}
    row = connection.execute(insert(decisions).values(finding_id=finding_id, **step).returning(decisions)).one()
    connection.execute(update(findings).where(findings.c.finding_id == finding_id).values(state=after.value))
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
