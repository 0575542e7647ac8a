"""`rematch`: new works against what was captured before."""

from typing import Annotated

import typer

from domain.errors import UsageError
from domain.ids import WorkId
from monitor.cli.context import Invocation
from monitor.cli.output import print_json, say
from monitor.cli.progress import progress_bar
from monitor.rematching import rematch as compare_again


def rematch(
    context: typer.Context,
    work: Annotated[list[str] | None, typer.Option(help="Compare this work once more; may be repeated.")] = None,
    new: Annotated[bool, typer.Option("--new", help="Compare what is new or changed, as without options.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON only.")] = False,
) -> None:
    """Compare new and changed works with what was captured before; what was interrupted is taken up where it was."""
    call: Invocation = context.obj
    if new and work:
        raise UsageError("--new and --work exclude each other.", "Give one of them.")
    with progress_bar("comparing", None, quiet=json) as step:
        report = compare_again(
            call.platform,
            [WorkId(name) for name in work] if work else None,
            on_progress=lambda done, total: step(done=done, total=total),
        )
    if json:
        print_json(report.as_json())
        return
    say(f"{report.works} works compared with {report.compared} captured contents, {report.candidates} of them closely.")
    say(f"{report.new} new findings, {report.known} known, {report.licensed} licensed.")
