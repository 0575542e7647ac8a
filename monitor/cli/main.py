"""The command `piracy-monitor`.

Exit codes: 0 done; 2 wrong use; 3 done, but some items were refused or failed; 1 anything else; 130 interrupted.
"""

import logging
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from domain.errors import PiracyMonitorError
from monitor.cli.arguments import command_of, hoist_global_options
from monitor.cli.context import Invocation
from monitor.cli.output import say

COMMANDS = {
    "works": "works.app",
    "index": "index.app",
    "sites": "campaigns.sites",
    "campaigns": "campaigns.campaigns",
    "sweeps": "sweeps.sweeps",
    "findings": "findings.app",
    "leads": "leads.app",
    "evidence": "evidence.app",
    "backup": "backups.app",
    "subscriptions": "subscriptions.app",
    "schedule": "scheduling.schedule",
    "search": "running.search",
    "users": "users.app",
    "demo": "demo.demo",
    "init": "doctor.init",
    "doctor": "doctor.doctor",
    "match": "matching.match",
    "evaluate": "evaluating.evaluate",
    "rematch": "rematching.rematch",
    "sweep": "sweeping.sweep",
    "worker": "sweeping.worker",
    "up": "scheduling.up",
    "console": "console.console",
    "scheduler": "scheduling.scheduler",
    "dispatcher": "running.dispatcher",
    "projector": "running.projector",
}
"""Where in this package each command, or group of them, is. Only those asked for are imported: all take seconds."""


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
    # Scrapy's own handlers would keep what the crawler has to say to themselves.
    spoken = logging.StreamHandler()
    spoken.setFormatter(logging.Formatter("piracy-monitor: %(message)s"))
    logging.getLogger("crawler").addHandler(spoken)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line; its exit code. Expected failures become one line on standard error."""
    try:
        hoisted = hoist_global_options(arguments)
        code = _app(hoisted)(args=hoisted, prog_name="piracy-monitor", standalone_mode=False)
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


def _app(arguments: list[str]) -> typer.Typer:
    """The command line with the command that is named, or with all of them when it is none of ours."""
    app = typer.Typer(
        name="piracy-monitor",
        help="Finds unlicensed copies of registered works on the web and keeps the evidence.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_begin)
    named = command_of(arguments)
    for name in [named] if named in COMMANDS else COMMANDS:
        module, _, attribute = COMMANDS[name].partition(".")
        part = getattr(import_module(f"monitor.cli.{module}"), attribute)
        if isinstance(part, typer.Typer):
            app.add_typer(part)
        else:
            app.command(name)(part)
    return app
