"""`sweep CAMPAIGN`."""

from datetime import datetime
from functools import partial
from typing import Annotated

import typer
from rich.live import Live
from rich.text import Text

from crawler.runner import Progress
from domain.campaigns import SweepState
from domain.errors import UsageError
from domain.ids import SweepId
from monitor.cli.context import Invocation
from monitor.cli.output import errors, print_json, print_table
from monitor.crews import Crewing, worker_process
from monitor.sweeps import SweepReport, join_sweep, run_sweep


def sweep(
    context: typer.Context,
    campaign: Annotated[str, typer.Argument(help="Name of a campaign (see `campaigns list`).")],
    planned_for: Annotated[str, typer.Option(help="The night it was planned for (ISO 8601 with zone).")] = "",
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that sweep together, each host by one.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print JSON only.")] = False,
) -> int:
    """Sweep a campaign once; an unfinished sweep is taken up where it was left.

    Exit code 3 when nothing could be fetched.
    """
    call: Invocation = context.obj
    night = _time_of(planned_for) if planned_for else None
    crewing = Crewing(count=workers, start=partial(worker_process, call.command)) if workers > 1 else None
    if json or not errors.is_terminal:
        report = run_sweep(call.platform, campaign, planned_for=night, crewing=crewing)
    else:
        with Live(console=errors, transient=True) as live:
            report = run_sweep(
                call.platform,
                campaign,
                planned_for=night,
                on_progress=lambda p: live.update(Text(line_of(p))),
                crewing=crewing,
            )
    print_json(report.as_json()) if json else show(report)
    return 3 if report.state is SweepState.FAILED else 0


def worker(
    context: typer.Context, sweep_id: Annotated[str, typer.Argument(help="Id of a running sweep (see `sweeps list`).")]
) -> None:
    """Take part in a running sweep on the same records, from this machine or another, until nothing is left of it."""
    call: Invocation = context.obj
    join_sweep(call.platform, SweepId(sweep_id))


def line_of(progress: Progress) -> str:
    """The state of a running crawl in one line."""
    return (
        f"{progress.fetched} fetched, {progress.queue} waiting, {progress.findings} new findings, "
        f"{progress.blocked} blocked, {progress.rate:.1f} pages/s"
    )


def show(report: SweepReport) -> None:
    """The report as a table."""
    counts = report.counts
    rows: list[tuple[str, object]] = [
        ("state", report.state),
        ("captures", counts.captures),
        ("new findings", counts.new),
        ("known findings", counts.known),
        ("licensed", counts.licensed),
        ("leads", counts.leads),
        ("blocked", counts.blocked),
        ("planned", counts.planned),
        ("fetched", counts.fetched),
        *((f"skipped: {reason}", number) for reason, number in sorted(counts.skipped.items())),
        *(("worker lost", holder) for holder in report.coverage.workers_lost),
        *(("canary unseen", url) for url in report.coverage.canaries_unseen),
    ]
    print_table(f"Sweep {report.sweep_id}", ("", ""), rows)


def _time_of(given: str) -> datetime:
    try:
        time = datetime.fromisoformat(given)
    except ValueError as error:
        raise UsageError(f"{given} is no ISO 8601 time.", "Write it as 2026-11-22T03:00:00+08:00.") from error
    if time.tzinfo is None:
        raise UsageError(f"{given} has no time zone.", "Write it as 2026-11-22T03:00:00+08:00.")
    return time
