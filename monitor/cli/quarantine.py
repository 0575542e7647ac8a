"""`works quarantine list|release|undo`: works held back because far more is found of them than ever before."""

from getpass import getuser
from typing import Annotated

import typer

from domain.ids import WorkId
from monitor.cli.context import Invocation
from monitor.cli.output import print_json, print_table, say

app = typer.Typer(
    name="quarantine", help="Works held back because far more is found of them than usual.", no_args_is_help=True
)
By = Annotated[str, typer.Option(help="Who decides; else the name you are signed in with on this machine.")]


@app.command("list")
def list_quarantines(
    context: typer.Context, json: Annotated[bool, typer.Option("--json", help="Print JSON Lines only.")] = False
) -> None:
    """List what is held back, oldest first."""
    call: Invocation = context.obj
    held = call.platform.quarantine.held()
    columns = ("work_id", "title", "since", "count", "usual")
    rows = [(q.work_id, q.title, q.since.isoformat(timespec="minutes"), q.count, q.usual) for q in held]
    if json:
        for row in rows:
            print_json(dict(zip(columns, row, strict=True)))
        return
    print_table(f"{len(rows)} works in quarantine", columns, rows)


@app.command()
def release(
    context: typer.Context,
    work_id: str,
    dismiss: Annotated[bool, typer.Option("--dismiss", help="Dismiss what was held instead of telling it.")] = False,
    reason: Annotated[str, typer.Option(help="Why it is dismissed; stands in each finding's history.")] = "",
    by: By = "",
) -> None:
    """Tell subscribers what was held back of a work, or dismiss it; `undo` takes either back."""
    call: Invocation = context.obj
    store, who, now = call.platform.quarantine, by or getuser(), call.platform.clock()
    if dismiss:
        why = reason or "Quarantined: no copies, but a flood of false matches."
        count = store.dismiss(WorkId(work_id), by=who, at=now, reason=why)
        say(f"{count} findings of {work_id} are dismissed.")
    else:
        count = store.release(WorkId(work_id), by=who, at=now)
        say(f"{count} findings of {work_id} are told with the next alerts.")


@app.command()
def undo(context: typer.Context, work_id: str, by: By = "") -> None:
    """Hold a work back again as before its quarantine ended; what was told meanwhile stays told."""
    call: Invocation = context.obj
    count = call.platform.quarantine.undo(WorkId(work_id), by=by or getuser(), at=call.platform.clock())
    say(f"{work_id} is in quarantine again; {count} dismissals were taken back.")
