"""`demo`."""

import secrets
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.live import Live
from rich.text import Text

from monitor.cli.console import address_of
from monitor.cli.context import Invocation
from monitor.cli.output import errors, print_json, print_table, printed, say
from monitor.cli.sweeping import line_of
from monitor.demo import DemoResult, run_demo
from monitor.wiring import Platform

NAME = "piracy-monitor"
REVIEWER = "reviewer"


def demo(context: typer.Context, json: Annotated[bool, typer.Option("--json", help="Print JSON only.")] = False) -> int:
    """Run the whole flow on a bundled site: register works, sweep, match, keep evidence, score."""
    call: Invocation = context.obj
    platform = Platform(call.data / "demo", call.settings)
    if errors.is_terminal and not json:
        with Live(console=errors, transient=True) as live:
            result = run_demo(platform, say=say, on_progress=lambda p: live.update(Text(line_of(p))))
    else:
        result = run_demo(platform, say=say)
    if json:
        print_json(
            {
                "precision": round(result.score.precision, 4),
                "recall": round(result.score.recall, 4),
                "findings": len(result.findings),
                "console": _address(platform),
                "data": str(platform.folder.root),
            }
        )
    else:
        _show(result, platform)
    return 0 if not result.score.wrong else 3


def _show(result: DemoResult, platform: Platform) -> None:
    rows = [
        (f.state, f.comparison.verdict, f"{f.comparison.similarity:.2f}", f.work_title, f.url) for f in result.findings
    ]
    print_table(f"{len(rows)} findings", ("state", "verdict", "similarity", "work", "address"), rows)
    score, counts = result.score, result.report.counts
    folder = platform.folder
    lines = [
        "",
        f"{counts.captures} captures of {counts.planned} addresses; {counts.blocked} blocked.",
        f"Against the site's known truth: precision {score.precision:.3f}, recall {score.recall:.3f}"
        f" ({score.right} right, {len(score.wrong)} wrong, {len(score.missed)} missed).",
        "",
        f"Evidence: {folder.evidence}   (check it: piracy-monitor evidence verify {folder.evidence})",
        "",
        f"Look at them: {_command()} --data {folder.root} console",
        f"then open {_address(platform)} and sign in as {REVIEWER} with the password {_new_reviewer(platform)}",
    ]
    printed.print("\n".join(lines), markup=False)


def _address(platform: Platform) -> str:
    settings = platform.settings.console
    return address_of(settings.host, settings.port)


def _new_reviewer(platform: Platform) -> str:
    """Make a user for the demonstration; their password, which is kept nowhere else."""
    password = secrets.token_urlsafe(12)
    platform.accounts.create(REVIEWER, password, at=platform.clock())
    return password


def _command() -> str:
    """The command as it was called, if it is not on the path."""
    return sys.argv[0] if shutil.which(NAME) is None and Path(sys.argv[0]).name == NAME else NAME
