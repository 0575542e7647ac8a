"""Flood control over the records: what trips it, what it holds back, and how it ends."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.alerts import AlertKind
from domain.campaigns import SweepState
from domain.errors import UsageError
from domain.findings import FindingState, Verdict
from domain.ids import SubscriptionId, SweepId, WorkId
from domain.quarantine import QuarantineState
from store.alerts import AlertStore
from store.database import Database
from store.findings import FindingStore, record
from store.outbox import Outbox
from store.quarantine import QuarantineStore
from store.sweeps import SweepStore
from tests.support.findings import FINDING, NOON, WORK, finding
from tests.support.platforms import DEFAULTS

SETTINGS = DEFAULTS.quality.model_copy(update={"flood_least": 20, "flood_factor": 3.0, "flood_history": 10})
OTHER = WorkId("w2")
NOBODY = SubscriptionId("s1")
DAY = timedelta(days=1)


class Nights:
    """Sweeps of one night after another, each finding as many new pages of a work as it is told to."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOON
        self.store = QuarantineStore(database, SETTINGS, ["duty@office.example"])
        self.alerts = AlertStore(database)
        self.findings = FindingStore(database)
        self.pages = 0

    def sweep(self, count: int, work_id: WorkId = WORK, verdict: Verdict = Verdict.COPY) -> SweepId:
        self.now += DAY
        sweep = SweepStore(self.database).start("nightly", self.now)
        state = FindingState.OPEN if verdict is Verdict.COPY else FindingState.REVIEW
        judged = replace(FINDING.comparison, work_id=work_id, verdict=verdict)
        with self.database.write() as connection:
            for _ in range(count):
                self.pages += 1
                url = f"http://novels.example/{self.pages}.html"
                found = {"work_id": work_id, "url": url, "page_url": url, "comparison": judged, "state": state}
                record(connection, finding(**found, sweep_id=sweep.sweep_id, found_at=self.now))
        self.now += timedelta(hours=1)
        self.store.watch(sweep.sweep_id, self.now)
        SweepStore(self.database).end(sweep.sweep_id, SweepState.FINISHED, self.now)
        return sweep.sweep_id

    def told(self, sweep_id: SweepId) -> int:
        return len(list(self.alerts.owed(NOBODY, sweep_id)))

    def alarms(self) -> list[str]:
        alerts = [alert for alert, _ in self.alerts.receipts()]
        return [alert.facts["count"] for alert in alerts if alert.kind is AlertKind.WORK_QUARANTINED]


@pytest.fixture
def nights(database: Database) -> Nights:
    return Nights(database)


def test_a_flood_is_held_back_and_told_to_the_administrators_once(nights: Nights) -> None:
    assert nights.told(nights.sweep(5)) == 5
    flood = nights.sweep(30)
    assert nights.told(flood) == 0
    (held,) = nights.store.held()
    assert (held.work_id, held.title, held.count, held.usual) == (WORK, "海边的灯", 30, 5)
    assert nights.told(nights.sweep(40)) == 0
    nights.store.watch(flood, nights.now)
    assert (nights.alarms(), len(nights.store.held())) == (["30"], 1)


def test_what_was_found_before_and_of_other_works_is_told_as_ever(nights: Nights) -> None:
    before = nights.sweep(5)
    nights.sweep(30)
    assert nights.told(before) == 5
    assert nights.told(nights.sweep(4, OTHER)) == 4


def test_a_work_that_grows_popular_is_never_held_back(nights: Nights) -> None:
    for count in (10, 18, 45, 120, 90, 300):
        assert nights.told(nights.sweep(count)) == count
    assert nights.store.held() == []


def test_a_flood_of_partial_matches_is_one_as_well(nights: Nights) -> None:
    nights.sweep(30, verdict=Verdict.PARTIAL)
    assert [held.count for held in nights.store.held()] == [30]


def test_copies_under_a_licence_are_no_flood(nights: Nights) -> None:
    sweep = SweepStore(nights.database).start("nightly", nights.now)
    with nights.database.write() as connection:
        for n in range(50):
            found = finding(url=f"http://shop.example/{n}", state=FindingState.LICENSED, sweep_id=sweep.sweep_id)
            record(connection, found)
    assert nights.store.watch(sweep.sweep_id, nights.now) == []


def test_what_a_release_lets_go_is_owed_once_by_a_sweep_of_its_own(nights: Nights) -> None:
    nights.sweep(30)
    nights.sweep(2)
    outbox = Outbox(nights.database)
    outbox.done(outbox.take("alerts", 100))
    assert nights.store.release(WORK, by="zhou", at=nights.now) == 32
    (event,) = outbox.take("alerts", 100)
    assert nights.told(SweepId(event.key)) == 32
    assert SweepStore(nights.database).get(SweepId(event.key)).state is SweepState.FINISHED
    assert nights.store.held() == []
    with pytest.raises(UsageError, match="is in no quarantine"):
        nights.store.release(WORK, by="zhou", at=nights.now)


def test_what_was_released_is_what_is_usual_from_then_on(nights: Nights) -> None:
    nights.sweep(30)
    nights.store.release(WORK, by="zhou", at=nights.now)
    assert nights.told(nights.sweep(80)) == 80
    assert nights.told(nights.sweep(250)) == 0


def test_a_dismissal_is_a_persons_and_can_be_taken_back(nights: Nights) -> None:
    sweep = nights.sweep(30)
    nights.sweep(3, verdict=Verdict.PARTIAL)
    own, *_ = nights.findings.export()
    nights.findings.decide(own.finding_id, FindingState.CONFIRMED, seen=own.state, by="li", reason="x", at=nights.now)
    assert nights.store.dismiss(WORK, by="zhou", at=nights.now, reason="空白页") == 32
    states = [f.state for f in nights.findings.export()]
    assert (states.count(FindingState.DISMISSED), states.count(FindingState.CONFIRMED)) == (32, 1)
    other, *_ = (f for f in nights.findings.export() if f.state is FindingState.DISMISSED)
    later = nights.now + timedelta(minutes=5)
    nights.findings.decide(
        other.finding_id, FindingState.CONFIRMED, seen=FindingState.DISMISSED, by="li", reason="y", at=later
    )
    assert nights.store.undo(WORK, by="zhou", at=later) == 31
    (held,) = nights.store.held()
    assert held.state is QuarantineState.HELD
    states = [f.state for f in nights.findings.export()]
    assert (states.count(FindingState.DISMISSED), states.count(FindingState.CONFIRMED)) == (0, 2)
    assert nights.told(sweep) == 2
    with pytest.raises(UsageError, match="No quarantine of work w1 was ended"):
        nights.store.undo(WORK, by="zhou", at=later)


def test_a_release_taken_back_holds_what_was_not_told_yet(nights: Nights) -> None:
    sweep = nights.sweep(30)
    nights.store.release(WORK, by="zhou", at=nights.now)
    assert nights.told(sweep) == 30
    assert nights.store.undo(WORK, by="zhou", at=nights.now) == 0
    assert nights.told(sweep) == 0


def test_only_a_person_ends_it(nights: Nights) -> None:
    nights.sweep(30)
    for by in ("system", " "):
        with pytest.raises(UsageError, match="It takes a person"):
            nights.store.release(WORK, by=by, at=nights.now)


def test_what_is_held_back_is_known_of_each_finding(nights: Nights) -> None:
    nights.sweep(5)
    nights.sweep(30)
    found = list(nights.findings.export())
    held = nights.store.holding(found)
    assert len(held) == 30
    assert {f.found_at for f in found if f.finding_id in held} == {max(f.found_at for f in found)}
