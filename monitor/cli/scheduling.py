"""`scheduler`, `schedule list|next|run`, and `up`, which runs every role."""

import os
import signal
import threading
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from domain.campaigns import Campaign, NightState, SweepState
from monitor.cli.context import Invocation
from monitor.cli.output import print_json, print_table, say
from monitor.cli.running import until_stopped
from monitor.cli.sweeping import show
from monitor.processes import run_group
from monitor.scheduler import ROLE, Scheduler, sweep_process
from monitor.sweeps import run_sweep
from monitor.wiring import Platform
from store.cron import Schedule
from store.holders import this_process
from store.leaders import Leadership

schedule = typer.Typer(name="schedule", help="The nights on which campaigns are swept.", no_args_is_help=True)

TICK_SECONDS = 5.0
ROLES = ("console", "scheduler", "dispatcher", "projector")
Json = Annotated[bool, typer.Option("--json", help="Print JSON Lines only.")]


def scheduler(context: typer.Context) -> None:
    """Start the nightly sweeps, until interrupted. Several may run; one leads, and another takes over when it dies."""
    call: Invocation = context.obj
    made = scheduler_of(call.platform, call.command)

    def step() -> bool:
        made.tick()
        return False

    try:
        until_stopped(step, TICK_SECONDS)
    finally:
        made.close()


def up(context: typer.Context) -> None:
    """Run console, scheduler, dispatcher and projector together, until interrupted."""
    call: Invocation = context.obj
    call.platform.database.close()  # made or migrated once, before four processes want it
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _signal, _frame: stopped.set())
    run_group({role: [*call.command, role] for role in ROLES}, stopped=stopped, say=say)


@schedule.command("list")
def list_nights(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 30,
    json: Json = False,
) -> None:
    """List past nights, newest first, and what became of each."""
    call: Invocation = context.obj
    rows = [
        {
            "campaign": night.campaign,
            "planned_for": night.planned_for.isoformat(),
            "state": night.state,
            "detail": night.detail,
            "at": night.at.isoformat(),
            "attempts": night.attempts,
        }
        for night in call.platform.nights.recent(limit)
    ]
    if json:
        for row in rows:
            print_json(row)
        return
    print_table(f"{len(rows)} nights", ("campaign", "planned_for", "state", "detail"), [_cells(row) for row in rows])


@schedule.command("next")
def next_nights(
    context: typer.Context,
    count: Annotated[int, typer.Option(min=1, max=1000, help="Nights for each campaign.")] = 3,
    json: Json = False,
) -> None:
    """List the nights to come."""
    call: Invocation = context.obj
    campaigns = [campaign for campaign in call.platform.campaigns.campaigns() if campaign.schedule]
    rows = [(c.name, night) for c in campaigns for night in _coming(c, call.platform.clock(), count)]
    rows.sort(key=lambda row: (row[1], row[0]))
    if json:
        for name, night in rows:
            print_json({"campaign": name, "planned_for": night.isoformat()})
        return
    print_table(f"{len(rows)} nights to come", ("campaign", "planned for"), rows)


@schedule.command("run")
def run_now(context: typer.Context, campaign: str, json: Json = False) -> int:
    """Sweep a campaign now: to make up for its newest night if that was missed, else once more.

    Exit code 3 when nothing could be fetched.
    """
    call: Invocation = context.obj
    platform = call.platform
    platform.campaigns.campaign(campaign)
    nights = platform.nights
    newest = next((n for n in nights.recent(1000) if n.campaign == campaign), None)
    missed = newest if newest and newest.state is NightState.MISSED else None
    if missed and not nights.try_again(missed, holder=this_process(), at=platform.clock()):
        missed = None
    report = run_sweep(platform, campaign, planned_for=missed.planned_for if missed else None)
    print_json(report.as_json()) if json else show(report)
    return 3 if report.state is SweepState.FAILED else 0


def scheduler_of(platform: Platform, command: list[str]) -> Scheduler:
    """A scheduler of this process; it starts sweeps with `command`."""
    settings = platform.settings.scheduler
    holder = this_process()
    lease = timedelta(seconds=settings.leader_lease_seconds)
    return Scheduler(
        campaigns=platform.campaigns,
        nights=platform.nights,
        sweeps=platform.sweeps,
        leadership=Leadership(platform.database, ROLE, holder=holder, lease=lease),
        settings=settings,
        start=sweep_process(command, platform.folder.logs, os.environ),
        clock=platform.clock,
        holder=holder,
    )


def _coming(campaign: Campaign, now: datetime, count: int) -> list[datetime]:
    zone = ZoneInfo(campaign.time_zone)
    plan = Schedule(campaign.schedule, zone)
    found: list[datetime] = []
    time = plan.after(now)
    while time is not None and len(found) < count:
        found.append(time.astimezone(zone))
        time = plan.after(time)
    return found


def _cells(row: dict[str, object]) -> list[object]:
    return [row[column] for column in ("campaign", "planned_for", "state", "detail")]
