"""`match FILE|FOLDER|URL…`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.works import WorkType
from matcher.engine import Engine, MatchResult
from monitor.cli.context import Invocation
from monitor.cli.output import print_json, printed
from monitor.cli.progress import progress_bar
from monitor.fetching import is_address, match_addresses
from monitor.matching import files_below, match_file, report
from monitor.wiring import Platform


def match(
    context: typer.Context,
    inputs: Annotated[list[str], typer.Argument(help="Files, folders (which are walked), or web addresses.")],
    work_type: Annotated[WorkType | None, typer.Option("--type", help="Treat every file as this type.")] = None,
    allow_loopback: Annotated[
        bool, typer.Option(help="For demonstrations and tests: fetch from this machine, and from nowhere else.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON Lines only, one per input.")] = False,
) -> int:
    """Compare files and pages with the registered works. Exit code 3 if any input could not be read."""
    call: Invocation = context.obj
    platform, language = call.platform, call.settings.general.language
    addresses = [given for given in inputs if is_address(given)]
    names = list(files_below(Path(given) for given in inputs if not is_address(given)))
    engine = platform.engine()
    failed = 0
    with progress_bar("comparing", len(names) + len(addresses), quiet=json) as step:
        for name, result in _results(platform, engine, names, addresses, work_type, allow_loopback):
            row = report(name, result, platform.works, language)
            failed += row["outcome"] == "failed"
            print_json(row) if json else _show(row)
            step()
    return 3 if failed else 0


def _results(
    platform: Platform,
    engine: Engine,
    names: Sequence[Path],
    addresses: Sequence[str],
    work_type: WorkType | None,
    allow_loopback: bool,
) -> Iterator[tuple[str, MatchResult | str]]:
    for name in names:
        yield str(name), match_file(engine, name, work_type)
    if addresses:
        yield from match_addresses(platform, engine, addresses, allow_loopback=allow_loopback).items()


def _show(row: dict[str, Any]) -> None:
    printed.print(f"{row['input']}: {row['outcome']} — {row['reason']}", markup=False)
    for found in row["matches"]:
        title = f"{found['verdict']} {found['similarity']:.0%} of {found['title']} ({found['work_id']})"
        free = f" In the public domain since {found['public_domain_since']}." if found["public_domain_since"] else ""
        printed.print(f"    {title}: {found['explanation']}{free}", markup=False)
