"""`match FILE|FOLDER…`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from domain.works import WorkType
from monitor.cli.context import Invocation
from monitor.cli.output import print_json, printed
from monitor.cli.progress import progress_bar
from monitor.matching import files_below, match_file, report


def match(
    context: typer.Context,
    inputs: Annotated[list[Path], typer.Argument(help="Files, or folders, which are walked.")],
    work_type: Annotated[WorkType | None, typer.Option("--type", help="Treat every input as this type.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON Lines only, one per file.")] = False,
) -> int:
    """Compare files with the registered works. Exit code 3 if any input could not be read."""
    call: Invocation = context.obj
    platform, language = call.platform, call.settings.general.language
    names = list(files_below(inputs))
    engine = platform.engine()
    failed = 0
    with progress_bar("comparing", len(names), quiet=json) as step:
        for name in names:
            row = report(str(name), match_file(engine, name, work_type), platform.works, language)
            failed += row["outcome"] == "failed"
            print_json(row) if json else _show(row)
            step()
    return 3 if failed else 0


def _show(row: dict[str, Any]) -> None:
    printed.print(f"{row['input']}: {row['outcome']} — {row['reason']}", markup=False)
    for found in row["matches"]:
        title = f"{found['verdict']} {found['similarity']:.0%} of {found['title']} ({found['work_id']})"
        printed.print(f"    {title}: {found['explanation']}", markup=False)
