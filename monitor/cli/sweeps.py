"""`sweeps list|show|resume|stop|metrics`."""

import json as json_format
import sys
from typing import Annotated, Any

import typer

from domain.campaigns import Sweep, SweepState
from domain.ids import SweepId
from monitor.cli.context import Invocation
from monitor.cli.output import print_json, print_table, say
from monitor.cli.sweeping import sweep
from monitor.covering import coverage_now
from monitor.metrics import metrics

sweeps = typer.Typer(name="sweeps", help="Sweeps: what runs, what ran, and what they reached.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON only.")]
Id = Annotated[str, typer.Argument(help="Id of a sweep (see `sweeps list`).")]


@sweeps.command("list")
def list_sweeps(
    context: typer.Context, limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 30, json: Json = False
) -> None:
    """List sweeps, newest first."""
    call: Invocation = context.obj
    rows = [_row(each) for each in call.platform.sweeps.recent(limit)]
    if json:
        for row in rows:
            print_json(row)
        return
    print_table(f"{len(rows)} sweeps", list(_COLUMNS), [[row[name] or "" for name in _COLUMNS] for row in rows])


@sweeps.command("show")
def show_sweep(context: typer.Context, sweep_id: Id, json: Json = False) -> None:
    """Show the coverage of a sweep: the report that was preserved at its end, else how far it is."""
    call: Invocation = context.obj
    platform = call.platform
    found = platform.sweeps.get(SweepId(sweep_id))
    preserved = platform.sweeps.coverage(found.sweep_id) if found.state is not SweepState.RUNNING else None
    if preserved:
        report = json_format.loads(platform.vault.read(preserved))
    else:
        campaign = platform.campaigns.campaign(found.campaign)
        report = coverage_now(platform, found, campaign).as_json()
    if json:
        print_json(report | {"report": preserved})
        return
    _print(report)


@sweeps.command("stop")
def stop_sweep(context: typer.Context, sweep_id: Id) -> None:
    """Stop a running sweep, wherever its workers run: nothing new is asked for, what is under way is cut off."""
    call: Invocation = context.obj
    found = call.platform.sweeps.get(SweepId(sweep_id))
    if found.state is not SweepState.RUNNING:
        say(f"Sweep {sweep_id} is {found.state}; there is nothing to stop.")
        return
    call.platform.sweeps.request_stop(found.sweep_id)
    say(f"Sweep {sweep_id} stops within seconds. `sweeps resume {sweep_id}` lets it go on.")


@sweeps.command("resume")
def resume_sweep(
    context: typer.Context,
    sweep_id: Id,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that sweep together.")] = 1,
    json: Json = False,
) -> int:
    """Let a stopped sweep go on where it was left."""
    call: Invocation = context.obj
    found = call.platform.sweeps.get(SweepId(sweep_id))
    call.platform.sweeps.reopen(found.sweep_id)
    return sweep(context, found.campaign, workers=workers, json=json)


@sweeps.command("metrics")
def print_metrics(context: typer.Context) -> None:
    """Print figures about the newest sweeps and what waits, in the text format of Prometheus."""
    call: Invocation = context.obj
    sys.stdout.write(metrics(call.platform))


_COLUMNS = ("sweep_id", "campaign", "state", "started_at", "ended_at")


def _row(found: Sweep) -> dict[str, Any]:
    return {
        "sweep_id": found.sweep_id,
        "campaign": found.campaign,
        "state": found.state,
        "started_at": found.started_at.isoformat(),
        "ended_at": found.ended_at.isoformat() if found.ended_at else None,
        "planned_for": found.planned_for.isoformat() if found.planned_for else None,
    }


def _print(report: dict[str, Any]) -> None:
    rows = [
        (each["host"], each["planned"], each["fetched"], each["blocked"], each["waiting"], _tally(each["skipped"]))
        for each in report["hosts"]
    ]
    total = ("all", report["planned"], report["fetched"], report["blocked"], report["waiting"], "")
    title = f"Sweep {report['sweep_id']} of {report['campaign']}: {report['state']}"
    print_table(title, ("host", "planned", "fetched", "blocked", "waiting", "skipped"), [*rows, total])
    facts = [
        ("workers", report["workers"]),
        *(("worker lost", holder) for holder in report["workers_lost"]),
        *(("canary unseen", url) for url in report["canaries_unseen"]),
        ("canaries seen", len(report["canaries_seen"])),
        *([("oldest unvisited", report["oldest_unvisited"])] if report["oldest_unvisited"] else []),
        ("queue age", f"{report['queue_seconds']:.0f} s"),
        *((f"{count} times", reason) for reason, count in report["reasons"].items()),
    ]
    print_table("", ("", ""), facts)


def _tally(skipped: dict[str, int]) -> str:
    return ", ".join(f"{outcome} {count}" for outcome, count in sorted(skipped.items()))
