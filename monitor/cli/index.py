"""`index build|verify|stats|compact`: the index of registered works."""

from typing import Annotated

import typer

from domain.errors import IntegrityError
from monitor.cli.context import Invocation
from monitor.cli.output import print_json, print_table, say
from monitor.cli.progress import progress_bar

app = typer.Typer(name="index", help="The index of registered works.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON only.")]


@app.command()
def build(context: typer.Context, json: Json = False) -> None:
    """Bring the index up with the register: add what it lacks, make again what is damaged, take out what is gone."""
    call: Invocation = context.obj
    for matcher in call.platform.matchers:
        with progress_bar(f"indexing {matcher.type}", None, quiet=json) as step:
            done = 0

            def count(references: int) -> None:
                nonlocal done
                done += references
                step(done=done)

            changes = call.platform.register.bring_up(matcher, count)
        counts = {"added": changes.added, "removed": changes.removed, "damaged": changes.damaged}
        if json:
            print_json({"type": matcher.type, **counts})
        else:
            made_again = f", {changes.damaged} damaged segments made again" if changes.damaged else ""
            say(f"{matcher.type}: {changes.added} added, {changes.removed} removed{made_again}.")


@app.command()
def verify(context: typer.Context, json: Json = False) -> int:
    """Compare every byte of the index with its checksum. Exit code 3 when something is damaged."""
    call: Invocation = context.obj
    damaged = 0
    for matcher in call.platform.matchers:
        problem = ""
        try:
            call.platform.register.index(matcher).snapshot(verify=True)
        except IntegrityError as error:
            problem = f"{error.problem} {error.mend}"
            damaged += 1
        if json:
            print_json({"type": matcher.type, "ok": not problem, "problem": problem})
        else:
            say(f"{matcher.type}: {problem or 'as it was written'}")
    return 3 if damaged else 0


@app.command()
def stats(context: typer.Context, json: Json = False) -> None:
    """Print what the index holds and how much room it takes."""
    call: Invocation = context.obj
    columns = ("type", "references", "removed", "segments", "bytes", "generation")
    each = [(matcher.type, call.platform.register.index(matcher).stats()) for matcher in call.platform.matchers]
    rows = [(kind, s.references, s.removed, s.segments, s.bytes, s.generation) for kind, s in each]
    if json:
        for row in rows:
            print_json(dict(zip(columns, row, strict=True)))
    else:
        print_table("Index of registered works", columns, rows)


@app.command()
def compact(context: typer.Context, json: Json = False) -> None:
    """Merge the segments of the index as far as they fit together."""
    call: Invocation = context.obj
    for matcher in call.platform.matchers:
        merged = call.platform.register.compact(matcher)
        if json:
            print_json({"type": matcher.type, "merged": merged})
        else:
            say(f"{matcher.type}: {merged} segments merged.")
