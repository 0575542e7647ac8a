"""`works negative add|list|remove`: what is recognised so that nobody is accused of it."""

from pathlib import Path
from typing import Annotated

import typer

from domain.ids import WorkId
from domain.works import WorkType
from monitor.cli.context import Invocation
from monitor.cli.output import print_json, print_table, say
from monitor.negatives import add_negatives, remove_negative

app = typer.Typer(
    name="negative", help="Logos, intros, licence texts and the like, which accuse nobody.", no_args_is_help=True
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON Lines only.")]


@app.command()
def add(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="One item each.")],
    work_type: Annotated[WorkType, typer.Option("--type", help="What they are compared with.")],
    title: Annotated[str, typer.Option(help="What reasons call them; else their file names.")] = "",
    json: Json = False,
) -> int:
    """Add files to the negative bank. Exit code 3 if any was refused."""
    call: Invocation = context.obj
    added = add_negatives(call.platform, files, work_type, title)
    for each in added:
        if json:
            name = each.item.work_id if each.item else None
            print_json({"file": str(each.file), "work_id": name, "problem": each.problem})
        else:
            say(f"{each.file}: {each.item.work_id if each.item else each.problem}")
    return 0 if all(each.item for each in added) else 3


@app.command("list")
def list_negatives(context: typer.Context, json: Json = False) -> None:
    """List the items of the negative bank."""
    call: Invocation = context.obj
    columns = ("work_id", "title", "type", "file")
    rows = [(i.work_id, i.title, i.type, i.references[0].name) for i in call.platform.works.negatives()]
    if json:
        for row in rows:
            print_json(dict(zip(columns, row, strict=True)))
        return
    print_table(f"{len(rows)} items of the negative bank", columns, rows)


@app.command()
def remove(context: typer.Context, work_id: str) -> None:
    """Take an item out of the negative bank."""
    call: Invocation = context.obj
    remove_negative(call.platform, WorkId(work_id))
    say(f"{work_id} is no longer in the negative bank.")
