"""`init` and `doctor`: what an installation stands on."""

from typing import Annotated

import typer

from monitor.cli.context import Invocation
from monitor.cli.output import print_json, print_table, say
from monitor.health import examine
from store.schema import revision
from store.search import Query


def init(context: typer.Context) -> None:
    """Make records and search index, or bring them up to this version; may be repeated."""
    call: Invocation = context.obj
    schema = revision(call.platform.database)
    call.platform.search.search(Query(limit=0))
    say(f"Records of schema {schema} and the search index ({call.settings.search.engine}) are ready.")


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
