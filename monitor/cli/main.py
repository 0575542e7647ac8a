"""The command `piracy-monitor`.

Exit codes: 0 done; 2 wrong use; 3 done, but some items were refused or failed; 1 anything else; 130 interrupted.
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from domain.errors import PiracyMonitorError
from monitor.cli import (
    backups,
    campaigns,
    console,
    demo,
    doctor,
    evaluating,
    evidence,
    findings,
    index,
    matching,
    rematching,
    running,
    scheduling,
    subscriptions,
    sweeping,
    users,
    works,
)
from monitor.cli.arguments import hoist_global_options
from monitor.cli.context import Invocation
from monitor.cli.output import say

app = typer.Typer(
    name="piracy-monitor",
    help="Finds unlicensed copies of registered works on the web and keeps the evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
GROUPS = (
    works.app,
    index.app,
    campaigns.sites,
    campaigns.campaigns,
    findings.app,
    evidence.app,
    backups.app,
    subscriptions.app,
    scheduling.schedule,
    running.search,
    users.app,
)
COMMANDS = (
    demo.demo,
    doctor.doctor,
    matching.match,
    evaluating.evaluate,
    rematching.rematch,
    sweeping.sweep,
    scheduling.up,
    console.console,
    scheduling.scheduler,
    running.dispatcher,
    running.projector,
)
for group in GROUPS:
    app.add_typer(group)
for command in COMMANDS:
    app.command()(command)


@app.callback()
def _begin(
    context: typer.Context,
    data: Annotated[Path | None, typer.Option(help="Folder of all state (PIRACY_MONITOR_DATA, else ./var).")] = None,
    settings: Annotated[Path | None, typer.Option(help="Your settings file (PIRACY_MONITOR_SETTINGS).")] = None,
) -> None:
    folder = data or Path(os.environ.get("PIRACY_MONITOR_DATA") or "var")
    named = settings or (
        Path(os.environ["PIRACY_MONITOR_SETTINGS"]) if "PIRACY_MONITOR_SETTINGS" in os.environ else None
    )
    context.obj = Invocation(data=folder, settings_file=named)


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line; its exit code. Expected failures become one line on standard error."""
    try:
        code = app(args=hoist_global_options(arguments), prog_name="piracy-monitor", standalone_mode=False)
    except PiracyMonitorError as error:
        say(f"piracy-monitor: {error}")
        return error.exit_code
    except TyperException as error:
        say(f"piracy-monitor: {error.format_message()} See `piracy-monitor --help`.")
        return 2
    except (KeyboardInterrupt, typer.Abort):
        say("piracy-monitor: interrupted; run the same command again to go on.")
        return 130
    return code if isinstance(code, int) else 0
