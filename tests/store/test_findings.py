from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest

from domain.errors import ConflictError, NotFoundError, UsageError
from domain.findings import Finding, FindingState, Verdict
from domain.ids import CaptureId, Digest, FindingId, SweepId, WorkId
from domain.works import Work, WorkType
from store.database import Database
from store.findings import Decision, FindingStore, Recorded, record, standing
from store.outbox import Outbox
from store.works import WorkStore
from tests.support.findings import FINDING, NOON, finding

NEXT: dict[str, Any] = {"sweep_id": SweepId("s2"), "capture_id": CaptureId("c2"), "found_at": NOON + timedelta(days=1)}


@pytest.fixture
def store(database: Database) -> FindingStore:
    return FindingStore(database)


def put(database: Database, *given: Finding) -> list[Recorded]:
    with database.write() as connection:
        return [record(connection, each) for each in given]


def decide(
    store: FindingStore,
    after: FindingState,
    *,
    finding_id: FindingId = FINDING.finding_id,
    seen: FindingState = FindingState.OPEN,
    by: str = "wang",
    reason: str = "x",
) -> Decision:
    return store.decide(finding_id, after, seen=seen, by=by, reason=reason, at=NOON)


def test_what_is_recorded_comes_back(database: Database, store: FindingStore) -> None:
    assert put(database, FINDING) == [Recorded.NEW]
    assert store.get(FINDING.finding_id) == FINDING
    with pytest.raises(NotFoundError, match="There is no finding nope"):
        store.get(FindingId("nope"))


def test_some_are_given_by_id_and_unknown_ones_left_out(database: Database, store: FindingStore) -> None:
    other, third = finding(url="http://b.example/"), finding(url="http://c.example/")
    put(database, FINDING, other, third)
    wanted = [other.finding_id, FindingId("nope"), FINDING.finding_id]
    assert store.some(wanted) == {FINDING.finding_id: FINDING, other.finding_id: other}
    assert store.some([]) == {}


def test_pages_of_closely_watched_works_come_latest_first(database: Database, store: FindingStore) -> None:
    day = NOON.date()
    windows: dict[str, tuple[date | None, date | None]] = {
        "now": (day, day),
        "since": (day - timedelta(days=9), None),
        "until": (None, day + timedelta(days=9)),
        "over": (day - timedelta(days=9), day - timedelta(days=1)),
        "ahead": (day + timedelta(days=1), None),
        "never": (None, None),
    }
    WorkStore(database).put(
        Work(work_id=WorkId(name), title=name, type=WorkType.TEXT, owner="林晚", hot_from=begin, hot_until=end)
        for name, (begin, end) in windows.items()
    )
    found = [finding(work_id=WorkId(name), url=f"http://{name}.example/") for name in windows]
    found = [replace(each, page_url=each.url, found_at=NOON + timedelta(hours=n)) for n, each in enumerate(found)]
    cleared = finding(work_id=WorkId("now"), url="http://cleared.example/", page_url="http://cleared.example/")
    put(database, *found, cleared)
    decide(store, FindingState.DISMISSED, finding_id=cleared.finding_id)
    pages = ["http://until.example/", "http://since.example/", "http://now.example/"]
    assert store.pages_of_hot_works(day, 10) == pages
    assert store.pages_of_hot_works(day, 2) == pages[:2]


def test_the_next_sweep_knows_it(database: Database, store: FindingStore) -> None:
    put(database, FINDING)
    assert put(database, replace(FINDING, **NEXT)) == [Recorded.KNOWN]
    assert list(store.export()) == [FINDING]


def test_seen_twice_in_a_sweep_is_one_sighting(database: Database) -> None:
    assert put(database, FINDING, FINDING) == [Recorded.NEW, Recorded.KNOWN]


def test_a_decision_survives_later_sweeps(database: Database, store: FindingStore) -> None:
    put(database, FINDING)
    decide(store, FindingState.DISMISSED, reason="评论引用")
    assert put(database, replace(FINDING, **NEXT)) == [Recorded.KNOWN]
    assert store.get(FINDING.finding_id).state is FindingState.DISMISSED


def test_a_licence_that_came_later_ends_the_accusation(database: Database, store: FindingStore) -> None:
    put(database, FINDING)
    licensed = replace(FINDING, state=FindingState.LICENSED, **NEXT)
    assert put(database, licensed) == [Recorded.LICENSED]
    assert store.get(FINDING.finding_id).state is FindingState.LICENSED
    assert steps(store) == [("system", "open", "licensed", "a licence covers it, or it is in the public domain")]


@pytest.mark.parametrize(("verdict", "state"), [(Verdict.COPY, "open"), (Verdict.PARTIAL, "review")])
def test_a_licence_that_lapsed_begins_the_accusation_anew(
    database: Database, store: FindingStore, verdict: Verdict, state: str
) -> None:
    put(database, replace(FINDING, state=FindingState.LICENSED))
    comparison = replace(FINDING.comparison, verdict=verdict, similarity=0.71)
    lapsed = replace(FINDING, comparison=comparison, evidence=Digest("2" * 64), state=FindingState(state), **NEXT)
    assert put(database, lapsed) == [Recorded.NEW]
    assert store.get(FINDING.finding_id) == lapsed
    assert steps(store) == [("system", "licensed", state, "no licence covers it any more")]
    assert put(database, replace(lapsed, sweep_id=SweepId("s3"))) == [Recorded.KNOWN]
    system = store.history(FINDING.finding_id)[0]
    with pytest.raises(UsageError, match="no decision to undo"):
        store.undo(FINDING.finding_id, step=system.id, by="wang", at=NOON)


def test_a_licence_that_lapses_within_a_sweep_is_alerted_in_it(database: Database, store: FindingStore) -> None:
    assert put(database, replace(FINDING, state=FindingState.LICENSED), FINDING) == [Recorded.LICENSED, Recorded.NEW]


def test_a_person_who_said_licensed_is_not_overruled(database: Database, store: FindingStore) -> None:
    put(database, FINDING)
    licensed = decide(store, FindingState.LICENSED, by="li", reason="有授权书")
    assert put(database, replace(FINDING, **NEXT)) == [Recorded.LICENSED]
    assert store.get(FINDING.finding_id).state is FindingState.LICENSED
    store.undo(FINDING.finding_id, step=licensed.id, by="li", at=NOON)
    put(database, replace(FINDING, state=FindingState.LICENSED, **NEXT))
    assert steps(store)[-1] == ("system", "open", "licensed", "a licence covers it, or it is in the public domain")


def test_a_partial_match_that_became_a_copy_is_judged_anew(database: Database, store: FindingStore) -> None:
    weak = replace(FINDING.comparison, verdict=Verdict.PARTIAL, similarity=0.4)
    put(database, replace(FINDING, comparison=weak, state=FindingState.REVIEW))
    strong = replace(FINDING, evidence=Digest("2" * 64), **NEXT)
    assert put(database, strong) == [Recorded.NEW]
    assert store.get(FINDING.finding_id) == strong
    assert put(database, replace(strong, comparison=weak, state=FindingState.REVIEW)) == [Recorded.KNOWN]
    assert store.get(FINDING.finding_id) == strong


def test_a_dismissed_partial_match_that_became_a_copy_stays_dismissed(database: Database, store: FindingStore) -> None:
    weak = replace(FINDING, comparison=replace(FINDING.comparison, verdict=Verdict.PARTIAL), state=FindingState.REVIEW)
    put(database, weak)
    decide(store, FindingState.DISMISSED, seen=FindingState.REVIEW, reason="同源")
    assert put(database, replace(FINDING, **NEXT)) == [Recorded.KNOWN]
    assert store.get(FINDING.finding_id) == replace(weak, state=FindingState.DISMISSED)


def test_two_sweeps_may_record_one_finding_at_once(database: Database, store: FindingStore) -> None:
    each = [finding(url=f"http://novels.example/{n}.html") for n in range(40)]
    together = Barrier(4)

    def sweep(number: int) -> list[Recorded]:
        told: list[Recorded] = []
        for one in each:
            together.wait(timeout=60)
            told += put(database, replace(one, sweep_id=SweepId(f"s{number}")))
        return told

    with ThreadPoolExecutor(4) as pool:
        told = Counter(outcome for outcomes in pool.map(sweep, range(4)) for outcome in outcomes)
    assert told == {Recorded.NEW: 40, Recorded.KNOWN: 120}
    assert len(list(store.export())) == 40


def steps(store: FindingStore) -> list[tuple[str, str, str, str]]:
    return [(step.by, step.before, step.after, step.reason) for step in store.history(FINDING.finding_id)]


def test_undo_takes_back_the_last_standing_decision(database: Database, store: FindingStore) -> None:
    put(database, FINDING)
    first = decide(store, FindingState.CONFIRMED, reason="逐段相同")
    second = decide(store, FindingState.LICENSED, seen=FindingState.CONFIRMED, by="li", reason="有授权书")
    store.undo(FINDING.finding_id, step=second.id, by="li", at=NOON)
    assert store.get(FINDING.finding_id).state is FindingState.CONFIRMED
    store.undo(FINDING.finding_id, step=first.id, by="wang", at=NOON)
    assert store.get(FINDING.finding_id).state is FindingState.OPEN
    with pytest.raises(UsageError, match="no decision to undo"):
        store.undo(FINDING.finding_id, step=first.id, by="wang", at=NOON)
    with pytest.raises(NotFoundError):
        store.undo(FindingId("nope"), step=first.id, by="wang", at=NOON)
    assert [step[:3] for step in steps(store)] == [
        ("wang", "open", "confirmed"),
        ("li", "confirmed", "licensed"),
        ("li", "licensed", "confirmed"),
        ("wang", "confirmed", "open"),
    ]


def test_a_decision_needs_a_reason_and_a_known_state(database: Database, store: FindingStore) -> None:
    put(database, FINDING)
    with pytest.raises(UsageError, match="needs a reason"):
        decide(store, FindingState.CONFIRMED, reason="  ")
    with pytest.raises(UsageError, match="open is not a decision"):
        decide(store, FindingState.OPEN)
    with pytest.raises(NotFoundError):
        decide(store, FindingState.CONFIRMED, finding_id=FindingId("nope"))


def test_a_decision_about_what_has_changed_meanwhile_is_refused(database: Database, store: FindingStore) -> None:
    put(database, FINDING)
    first = decide(store, FindingState.DISMISSED, by="li")
    with pytest.raises(ConflictError, match="is dismissed by now, not open"):
        decide(store, FindingState.CONFIRMED)
    second = decide(store, FindingState.LICENSED, seen=FindingState.DISMISSED)
    with pytest.raises(ConflictError, match="Another decision"):
        store.undo(FINDING.finding_id, step=first.id, by="wang", at=NOON)
    assert store.history(FINDING.finding_id) == [first, second]
    assert store.get(FINDING.finding_id).state is FindingState.LICENSED


def test_of_many_decisions_at_once_one_is_taken(database: Database, store: FindingStore) -> None:
    put(database, FINDING)

    def attempt(name: str) -> bool:
        try:
            decide(store, FindingState.CONFIRMED, by=name)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(attempt, "abcdefgh")) == [False] * 7 + [True]
    (only,) = store.history(FINDING.finding_id)
    with ThreadPoolExecutor(8) as pool:
        taken_back = [
            pool.submit(store.undo, FINDING.finding_id, step=only.id, by=name, at=NOON) for name in "abcdefgh"
        ]
    assert [attempt.exception() is None for attempt in taken_back].count(True) == 1
    assert len(store.history(FINDING.finding_id)) == 2


def test_a_step_by_rule_is_no_decision_to_take_back(database: Database, store: FindingStore) -> None:
    put(database, FINDING)
    made = decide(store, FindingState.LICENSED)
    by_rule = replace(made, id=made.id + 1, by="system", before=FindingState.LICENSED, after=FindingState.OPEN)
    assert standing([by_rule]) is None
    assert standing([made, by_rule]) == made


def test_search_hears_of_every_change_until_it_is_done(database: Database, store: FindingStore) -> None:
    outbox = Outbox(database)
    put(database, FINDING)
    decide(store, FindingState.CONFIRMED)
    events = outbox.take("search", 10)
    assert [(e.topic, e.key) for e in events] == [("finding", FINDING.finding_id)] * 2
    assert outbox.lag("search").oldest_at == NOON
    outbox.done(events[:1])
    assert [e.id for e in outbox.take("search", 10)] == [events[1].id]
    outbox.done(events)
    assert (outbox.lag("search").count, outbox.lag("search").oldest_at) == (0, None)


def test_a_failed_transaction_leaves_nothing(database: Database, store: FindingStore) -> None:
    with pytest.raises(RuntimeError), database.write() as connection:  # noqa: PT012 - the failure must come after
        record(connection, FINDING)
        raise RuntimeError
    assert list(store.export()) == []
    assert Outbox(database).take("search", 1) == []
