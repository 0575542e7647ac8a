"""The scheduler's rules, minute by minute, with sweeps that end when a test says so."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from config.loading import load_settings
from domain.campaigns import Campaign, NightState, SweepState
from domain.ids import SweepId
from monitor.scheduler import ATTEMPTS, GRACE, ROLE, Scheduler
from store.alerts import AlertStore
from store.campaigns import CampaignStore
from store.database import Database
from store.holders import this_process
from store.leaders import Leadership
from store.nights import NightStore
from store.sweeps import SweepStore

EVENING = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
THREE = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)  # 03:00 in Shanghai
SETTINGS = load_settings(None, {}).scheduler


@dataclass
class Sweeper:
    """A child process as the scheduler sees it; it really is this test's own."""

    pid: int = field(default_factory=os.getpid)
    code: int | None = None
    killed: bool = False

    def poll(self) -> int | None:
        return self.code

    def kill(self) -> None:
        self.killed, self.code = True, -9


class Office:
    """Schedulers on one database, and the time."""

    def __init__(self, database: Database) -> None:
        self.now = EVENING
        self.database = database
        self.sweeps = SweepStore(database)
        self.nights = NightStore(database, ["duty@office.example"])
        self.campaigns = CampaignStore(database)
        self.campaigns.put_campaign(Campaign(name="night", sites=("s",), schedule="0 3 * * *"), EVENING)
        self.begun: list[tuple[datetime, Sweeper]] = []

    def scheduler(self, name: str = "a") -> Scheduler:
        lease = timedelta(seconds=SETTINGS.leader_lease_seconds)
        return Scheduler(
            campaigns=self.campaigns,
            nights=self.nights,
            sweeps=self.sweeps,
            leadership=Leadership(self.database, ROLE, holder=name, lease=lease),
            settings=SETTINGS,
            start=self.start,
            clock=lambda: self.now,
            holder=this_process(),
        )

    def start(self, campaign: str, planned_for: datetime) -> Sweeper:
        if self.sweeps.of_night(campaign, planned_for) is None:
            self.sweeps.start(campaign, self.now, planned_for)
        child = Sweeper()
        self.begun.append((planned_for, child))
        return child

    def end(self, state: SweepState = SweepState.FINISHED) -> None:
        planned_for, child = self.begun[-1]
        sweep = self.sweeps.of_night("night", planned_for)
        assert sweep is not None
        self.sweeps.end(sweep.sweep_id, state, self.now)
        child.code = 0

    def states(self) -> list[NightState]:
        return [night.state for night in reversed(self.nights.recent(100))]

    def alarms(self) -> list[str]:
        return [alert.facts["detail"] for alert, _ in AlertStore(self.database).receipts()]


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def test_a_night_is_swept_when_it_comes_and_not_before(office: Office) -> None:
    scheduler = office.scheduler()
    for minutes in (0, 60, 419):
        office.now = EVENING + timedelta(minutes=minutes)
        assert scheduler.tick()
    assert office.begun == []
    office.now = THREE
    scheduler.tick()
    scheduler.tick()
    assert [night for night, _ in office.begun] == [THREE]
    assert office.states() == [NightState.STARTED]
    office.end()
    scheduler.tick()
    assert office.states() == [NightState.FINISHED]
    assert office.alarms() == []


def test_only_the_leader_acts_and_the_other_takes_over(office: Office) -> None:
    first, second = office.scheduler("a"), office.scheduler("b")
    office.now = THREE
    assert (first.tick(), second.tick()) == (True, False)
    office.end()
    office.now += timedelta(days=1)
    assert (second.tick(), first.tick()) == (True, False)
    assert [night for night, _ in office.begun] == [THREE, THREE + timedelta(days=1)]


def test_a_start_that_is_late_is_made_up_for_within_bounds(office: Office) -> None:
    office.now = THREE + timedelta(minutes=SETTINGS.misfire_minutes)
    office.scheduler().tick()
    assert [night for night, _ in office.begun] == [THREE]


def test_nights_without_any_scheduler_raise_one_alarm(office: Office) -> None:
    office.now = THREE + timedelta(days=3, hours=5)
    office.scheduler().tick()
    assert office.begun == []
    assert office.states() == [NightState.MISSED] * 4
    assert office.alarms() == ["it was not started in time"]


def test_nights_before_a_campaign_was_added_were_never_owed(office: Office) -> None:
    later = THREE + timedelta(days=9)
    office.campaigns.put_campaign(Campaign(name="new", sites=("s",), schedule="0 4 * * *"), later)
    office.campaigns.put_campaign(Campaign(name="night", sites=("s", "t"), schedule="0 3 * * *"), later)
    office.now = later + timedelta(minutes=1)
    office.scheduler().tick()
    assert [night.campaign for night in office.nights.recent(100)] == ["night"] * 10


def test_a_sweep_whose_process_died_is_taken_up_again(office: Office) -> None:
    scheduler = office.scheduler()
    office.now = THREE
    scheduler.tick()
    office.begun[-1][1].code = -9
    scheduler.tick()
    assert len(office.begun) == 1
    office.now += timedelta(minutes=1)
    scheduler.tick()
    assert [night for night, _ in office.begun] == [THREE, THREE]
    office.end()
    scheduler.tick()
    assert office.states() == [NightState.FINISHED]


def test_a_sweep_that_keeps_dying_raises_an_alarm(office: Office) -> None:
    scheduler = office.scheduler()
    office.now = THREE
    while office.now < THREE + timedelta(hours=2):
        scheduler.tick()
        if office.begun[-1][1].code is None:
            office.begun[-1][1].code = 1
        office.now += timedelta(minutes=1)
    assert len(office.begun) == ATTEMPTS
    assert office.states() == [NightState.FAILED]
    assert office.alarms() == [
        f"its process ended {ATTEMPTS} times before the sweep did; the log in the data folder says why"
    ]


def test_a_sweep_that_another_scheduler_started_is_left_alone_while_it_lives(office: Office) -> None:
    office.now = THREE
    office.scheduler("a").tick()
    office.now += timedelta(hours=2)
    second = office.scheduler("b")
    second.tick()
    assert len(office.begun) == 1
    office.nights.hold("night", THREE, this_process().rpartition(":")[0] + ":0")  # that process is gone
    second.tick()
    assert len(office.begun) == 2


def test_a_sweep_that_does_not_end_is_stopped_then_ended(office: Office) -> None:
    scheduler = office.scheduler()
    office.now = THREE
    scheduler.tick()
    sweep = office.sweeps.of_night("night", THREE)
    assert sweep is not None
    office.now = THREE + timedelta(hours=SETTINGS.max_sweep_hours, minutes=1)
    scheduler.tick()
    assert office.sweeps.stop_requested(SweepId(sweep.sweep_id))
    assert office.begun[-1][1].poll() is None
    office.now += GRACE
    scheduler.tick()
    assert office.begun[-1][1].killed
    assert office.states() == [NightState.FAILED]
    assert office.alarms() == [f"it did not end within {SETTINGS.max_sweep_hours} hours"]


def test_a_night_waits_for_the_one_before_and_is_missed_when_that_takes_too_long(office: Office) -> None:
    hourly = Campaign(name="night", sites=("s",), schedule="0 * * * *")
    office.campaigns.put_campaign(hourly, EVENING)
    scheduler = office.scheduler()
    office.now = EVENING + timedelta(hours=1)
    scheduler.tick()
    office.now = EVENING + timedelta(hours=2, minutes=5)
    scheduler.tick()
    assert len(office.begun) == 1
    office.end()
    scheduler.tick()
    assert [night for night, _ in office.begun] == [EVENING + timedelta(hours=n) for n in (1, 2)]
    office.now = EVENING + timedelta(hours=4, minutes=1)
    scheduler.tick()
    assert office.states() == [NightState.FINISHED, NightState.STARTED, NightState.MISSED]


@pytest.mark.parametrize(
    ("state", "alarms"),
    [(SweepState.FAILED, []), (SweepState.STOPPED, ["sweep {} was stopped before its end"])],
)
def test_a_night_whose_sweep_ended_badly_has_failed(office: Office, state: SweepState, alarms: list[str]) -> None:
    scheduler = office.scheduler()
    office.now = THREE
    scheduler.tick()
    office.end(state)
    scheduler.tick()
    assert office.states() == [NightState.FAILED]
    sweep = office.sweeps.of_night("night", THREE)
    assert sweep is not None
    assert office.alarms() == [alarm.format(sweep.sweep_id) for alarm in alarms]


def test_a_scheduler_that_leaves_ends_its_sweeps_and_hands_over(office: Office) -> None:
    first, second = office.scheduler("a"), office.scheduler("b")
    office.now = THREE
    first.tick()
    first.close()
    assert office.begun[-1][1].killed
    office.nights.hold("night", THREE, this_process().rpartition(":")[0] + ":0")
    office.now += timedelta(minutes=1)
    assert second.tick()
    assert len(office.begun) == 2


def test_campaigns_without_a_schedule_are_left_to_people(office: Office) -> None:
    office.campaigns.put_campaign(Campaign(name="by hand", sites=("s",)), EVENING)
    office.now = THREE + timedelta(days=2)
    office.scheduler().tick()
    assert {night.campaign for night in office.nights.recent(100)} == {"night"}
