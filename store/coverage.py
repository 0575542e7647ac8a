"""Coverage reports, made from the frontier of a sweep."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from domain.campaigns import Sweep
from domain.captures import FetchOutcome
from domain.coverage import BLOCKED, Coverage, HostCoverage
from store.crews import WorkerState, crew_of
from store.database import Database
from store.frontier import DONE
from store.tables import captures, frontier

MOST_REASONS = 20


def coverage_of(database: Database, sweep: Sweep, canaries: Sequence[str], at: datetime) -> Coverage:
    """The coverage of a sweep so far. `canaries` are canonical addresses that must have given content."""
    crew = crew_of(database, sweep.sweep_id)
    with database.read() as connection:
        oldest = _oldest(connection, sweep)
        seen = _seen(connection, sweep, canaries)
        return Coverage(
            sweep_id=sweep.sweep_id,
            campaign=sweep.campaign,
            state=sweep.state.value,
            made_at=at,
            hosts=_hosts(connection, sweep),
            workers=len(crew),
            workers_lost=tuple(worker.holder for worker in crew if worker.state is WorkerState.LOST),
            oldest_unvisited=oldest[0] if oldest else "",
            queue_seconds=(at - oldest[1]).total_seconds() if oldest else 0.0,
            canaries_seen=tuple(url for url in canaries if url in seen),
            canaries_unseen=tuple(url for url in canaries if url not in seen),
            reasons=_reasons(connection, sweep),
        )


def _hosts(connection: Connection, sweep: Sweep) -> tuple[HostCoverage, ...]:
    columns = (frontier.c.host, frontier.c.state, frontier.c.outcome)
    query = select(*columns, func.count()).where(frontier.c.sweep_id == sweep.sweep_id).group_by(*columns)
    tallies: dict[str, Counter[str]] = defaultdict(Counter)
    for host, state, outcome, count in connection.execute(query):
        tallies[host][outcome if state == DONE else ""] += count
    return tuple(_host(host, tally) for host, tally in sorted(tallies.items()))


def _host(host: str, tally: Counter[str]) -> HostCoverage:
    left_out = {"", FetchOutcome.CONTENT.value, *BLOCKED}
    return HostCoverage(
        host=host,
        planned=tally.total(),
        fetched=tally[FetchOutcome.CONTENT],
        blocked=sum(tally[outcome] for outcome in BLOCKED),
        skipped={outcome: count for outcome, count in sorted(tally.items()) if outcome not in left_out},
        waiting=tally[""],
    )


def _oldest(connection: Connection, sweep: Sweep) -> tuple[str, datetime] | None:
    open_ = (frontier.c.sweep_id == sweep.sweep_id) & (frontier.c.state != DONE)
    query = select(frontier.c.url, frontier.c.added_at).where(open_).order_by(frontier.c.id).limit(1)
    row = connection.execute(query).first()
    return (row.url, row.added_at or sweep.started_at) if row else None


def _seen(connection: Connection, sweep: Sweep, canaries: Sequence[str]) -> set[str]:
    content = (captures.c.sweep_id == sweep.sweep_id) & (captures.c.outcome == FetchOutcome.CONTENT.value)
    return set(
        connection.scalars(select(captures.c.canonical_url).where(content, captures.c.canonical_url.in_(canaries)))
    )


def _reasons(connection: Connection, sweep: Sweep) -> dict[str, int]:
    given = (frontier.c.sweep_id == sweep.sweep_id) & (frontier.c.state == DONE) & (frontier.c.reason != "")
    number = func.count().label("number")
    query = select(frontier.c.reason, number).where(given, frontier.c.outcome != FetchOutcome.MOVED.value)
    rows = connection.execute(
        query.group_by(frontier.c.reason).order_by(number.desc(), frontier.c.reason).limit(MOST_REASONS)
    )
    return {row.reason: row.number for row in rows}
