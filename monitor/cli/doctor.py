"""`doctor`: what is installed, what is missing, how to get it."""

from typing import Annotated

import typer

from monitor.cli.context import Invocation
from monitor.cli.output import print_json, print_table
from monitor.health import examine


def doctor(
    context: typer.Context, json: Annotated[bool, typer.Option("--json", help="Print JSON only.")] = False
) -> int:
    """Say what is ready, missing or broken on this machine, and how to mend it."""
    call: Invocation = context.obj
    parts = examine(call.platform)
    ok = not any(part.state == "broken" for part in parts)
    if json:
        rows = [{"name": p.name, "state": p.state, "detail": p.detail, "mend": p.mend} for p in parts]
        print_json({"ok": ok, "parts": rows})
    else:
        rows_of = [(p.name, p.state, p.detail, p.mend) for p in parts]
        print_table("All is well" if ok else "Something is broken", ("part", "state", "detail", "mend"), rows_of)
    return 0 if ok else 3
