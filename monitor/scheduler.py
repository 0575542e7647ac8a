"""Starts the nightly sweeps: each night once, whoever plans it, and never silently not at all.

Nights are rows in the records. The leader among the schedulers claims a night before it starts the sweep, as a child
process running the very command a person would. What became of a night is read from the records, not from the child,
so a scheduler that was killed leaves nothing behind that the next one cannot take up.
"""

import subprocess
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from config.settings import SchedulerSettings
from domain.campaigns import Campaign, Night, NightState, Sweep, SweepState
from store.campaigns import CampaignStore
from store.cron import Schedule
from store.holders import is_surely_dead, process
from store.leaders import Leadership
from store.nights import NightStore
from store.sweeps import SweepStore

ROLE = "scheduler"
ATTEMPTS = 6
FIRST_WAIT = timedelta(minutes=1)
"""Before a sweep that died is started again; doubled each time, so that the last attempt comes after half an hour."""
NIGHTS_AT_ONCE = 1000
GRACE = timedelta(minutes=10)
"""Between asking a sweep to stop and ending its process."""


class Child(Protocol):
    """A started sweep."""

    pid: int

    def poll(self) -> int | None:
        """Its exit code, or None while it runs."""
        ...

    def kill(self) -> None:
        """End it at once; what it had not finished is taken up by the next attempt."""
        ...


Start = Callable[[str, datetime], Child]
Key = tuple[str, datetime]


class Scheduler:
    """One scheduler; of several on one database, only the leader does anything."""

    def __init__(
        self,
        *,
        campaigns: CampaignStore,
        nights: NightStore,
        sweeps: SweepStore,
        leadership: Leadership,
        settings: SchedulerSettings,
        start: Start,
        clock: Callable[[], datetime],
        holder: str,
    ) -> None:
        self._campaigns = campaigns
        self._nights = nights
        self._sweeps = sweeps
        self._leadership = leadership
        self._misfire = timedelta(minutes=settings.misfire_minutes)
        self._longest = timedelta(hours=settings.max_sweep_hours)
        self._start = start
        self._clock = clock
        self._holder = holder
        self._children: dict[Key, Child] = {}

    def tick(self) -> bool:
        """Look after what runs and start what is due. False while another scheduler leads."""
        now = self._clock()
        if not self._leadership.hold(now):
            return False
        for night in self._nights.started():
            self._look_after(night, now)
        for campaign in self._campaigns.campaigns():
            if campaign.schedule:
                self._start_due(campaign, now)
        return True

    def close(self) -> None:
        """End the sweeps started here, to be taken up by the next scheduler, and give up the lead."""
        for child in self._children.values():
            child.kill()
        self._leadership.release()

    def _look_after(self, night: Night, now: datetime) -> None:
        sweep = self._sweeps.of_night(night.campaign, night.planned_for)
        if sweep is not None and sweep.state is not SweepState.RUNNING:
            self._settle(night, sweep, now)
        elif self._is_running(night):
            self._bound(night, sweep, now)
        elif now >= night.at + FIRST_WAIT * 2 ** (night.attempts - 1):
            self._take_up(night, now)

    def _is_running(self, night: Night) -> bool:
        child = self._children.get((night.campaign, night.planned_for))
        return child.poll() is None if child else not is_surely_dead(night.holder)

    def _settle(self, night: Night, sweep: Sweep, now: datetime) -> None:
        self._children.pop((night.campaign, night.planned_for), None)
        if sweep.state is SweepState.FINISHED:
            self._nights.settle(night, NightState.FINISHED, at=now)
        elif sweep.state is SweepState.STOPPED:
            detail = f"sweep {sweep.sweep_id} was stopped before its end"
            self._nights.settle(night, NightState.FAILED, at=now, detail=detail, alarm=True)
        else:
            # The end of a sweep without any content has raised its own alarm.
            self._nights.settle(night, NightState.FAILED, at=now, detail=f"sweep {sweep.sweep_id} fetched nothing")

    def _bound(self, night: Night, sweep: Sweep | None, now: datetime) -> None:
        over = now - night.planned_for - self._longest
        if over <= timedelta(0):
            return
        if sweep is not None and over <= GRACE:
            self._sweeps.request_stop(sweep.sweep_id)
            return
        if child := self._children.pop((night.campaign, night.planned_for), None):
            child.kill()
        hours = self._longest // timedelta(hours=1)
        detail = f"it did not end within {hours} hours"
        self._nights.settle(night, NightState.FAILED, at=now, detail=detail, alarm=True)

    def _take_up(self, night: Night, now: datetime) -> None:
        if night.attempts >= ATTEMPTS:
            detail = f"its process ended {ATTEMPTS} times before the sweep did; the log in the data folder says why"
            self._nights.settle(night, NightState.FAILED, at=now, detail=detail, alarm=True)
        elif self._nights.try_again(night, holder=self._holder, at=now):
            self._begin(night.campaign, night.planned_for)

    def _start_due(self, campaign: Campaign, now: datetime) -> None:
        since = max(filter(None, (self._nights.latest(campaign.name), self._campaigns.added_at(campaign.name))))
        due = newest(Schedule(campaign.schedule, ZoneInfo(campaign.time_zone)).between(since, now))
        in_time = bool(due) and now - due[-1] <= self._misfire
        missed = due[:-1] if in_time else due
        if missed:
            self._nights.miss(campaign.name, missed, at=now, detail="it was not started in time")
        busy = any(night.campaign == campaign.name for night in self._nights.started())
        # While the sweep before still runs, the night waits as long as it may.
        if in_time and not busy and self._nights.claim(campaign.name, due[-1], holder=self._holder, at=now):
            self._begin(campaign.name, due[-1])

    def _begin(self, campaign: str, planned_for: datetime) -> None:
        child = self._start(campaign, planned_for)
        self._children[campaign, planned_for] = child
        self._nights.hold(campaign, planned_for, process(child.pid))


def newest(times: Iterator[datetime]) -> list[datetime]:
    """The last of `times`, oldest first; after years of silence the older ones would tell nobody more."""
    return list(deque(times, maxlen=NIGHTS_AT_ONCE))


def sweep_process(command: list[str], logs: Path, environment: Mapping[str, str]) -> Start:
    """Starts `command sweep CAMPAIGN --planned-for NIGHT`, in a session of its own, with a log for each campaign.

    In a session of its own, it does not hear an interrupt meant for the scheduler, which would end the sweep for good.
    """

    def start(campaign: str, planned_for: datetime) -> Child:
        logs.mkdir(parents=True, exist_ok=True)
        with (logs / f"sweep-{campaign}.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own command line
                [*command, "sweep", campaign, "--planned-for", planned_for.isoformat(), "--json"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(environment),
                start_new_session=True,
            )

    return start
