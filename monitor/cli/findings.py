"""`findings list` and `findings export`."""

import sys
from enum import StrEnum
from itertools import islice
from typing import Annotated

import typer

from domain.findings import FindingState
from monitor.cli.context import Invocation
from monitor.cli.output import print_json, print_table
from monitor.exporting import WRITERS, row_of

app = typer.Typer(name="findings", help="What was found.", no_args_is_help=True)


class Format(StrEnum):
    """Formats of an export."""

    JSONL = "jsonl"
    CSV = "csv"


@app.command("list")
def list_findings(
    context: typer.Context,
    state: Annotated[FindingState | None, typer.Option(help="Only findings in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 100,
    json: Annotated[bool, typer.Option("--json", help="Print JSON Lines only.")] = False,
) -> None:
    """List findings."""
    call: Invocation = context.obj
    chosen = islice((f for f in call.platform.findings.export() if state in {None, f.state}), limit)
    rows = [row_of(finding, call.settings.general.language) for finding in chosen]
    if json:
        for row in rows:
            print_json(row)
        return
    columns = ("state", "verdict", "similarity", "work_title", "url", "reason")
    print_table(f"{len(rows)} findings", columns, [[row[c] for c in columns] for row in rows])


@app.command()
def export(
    context: typer.Context,
    form: Annotated[Format, typer.Option("--format", help="JSON Lines or CSV.")] = Format.JSONL,
) -> None:
    """Write every finding to standard output."""
    call: Invocation = context.obj
    WRITERS[form](call.platform.findings.export(), sys.stdout, call.settings.general.language)
