"""`match FILE|FOLDER|URL…`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.works import WorkType
from matcher.engine import MatchResult
from monitor.cli.context import Invocation
from monitor.cli.output import print_json, printed
from monitor.cli.progress import progress_bar
from monitor.fetching import fetch
from monitor.matching import files_below, match_file, report


def match(
    context: typer.Context,
    inputs: Annotated[list[str], typer.Argument(help="Files, folders (walked) or http(s) addresses.")],
    work_type: Annotated[WorkType | None, typer.Option("--type", help="Treat every input as this type.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON Lines only, one per file.")] = False,
) -> int:
    """Compare files and addresses with the registered works. Exit code 3 if any input could not be read."""
    call: Invocation = context.obj
    platform, language = call.platform, call.settings.general.language
    names = list(_names(inputs))
    engine = platform.engine()
    failed = 0
    with progress_bar("comparing", len(names), quiet=json) as step:
        for name in names:
            result: MatchResult | str
            if _is_address(name):
                fetched = fetch(name, call.settings.crawler)
                result = fetched if isinstance(fetched, str) else engine.match(fetched, work_type)
            else:
                result = match_file(engine, Path(name), work_type)
            row = report(name, result, platform.works, language)
            failed += row["outcome"] == "failed"
            print_json(row) if json else _show(row)
            step()
    return 3 if failed else 0


def _names(inputs: list[str]) -> Iterator[str]:
    for given in inputs:
        if _is_address(given):
            yield given
        else:
            yield from map(str, files_below([Path(given)]))


def _is_address(given: str) -> bool:
    return given.startswith(("http://", "https://"))


def _show(row: dict[str, Any]) -> None:
    printed.print(f"{row['input']}: {row['outcome']} — {row['reason']}", markup=False)
    for found in row["matches"]:
        title = f"{found['verdict']} {found['similarity']:.0%} of {found['title']} ({found['work_id']})"
        printed.print(f"    {title}: {found['explanation']}", markup=False)
