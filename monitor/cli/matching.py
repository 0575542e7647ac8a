"""`match FILE|FOLDER|URL…`."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from domain.works import WorkType
from matcher.engine import Engine, MatchResult, Outcome
from monitor.cli.context import Invocation
from monitor.cli.interrupts import uninterrupted
from monitor.cli.output import beside_progress, plain, print_json, say
from monitor.cli.progress import progress_bar
from monitor.fetching import is_address, match_addresses
from monitor.matching import FileInput, files_below, in_order, match_file, report
from monitor.wiring import Platform

STYLES = {Outcome.MATCHED: "bold yellow", Outcome.FAILED: "red"}
COUNTED = {
    Outcome.MATCHED: "matched",
    Outcome.NO_MATCH: "without a match",
    Outcome.ABSTAINED: "not judged",
    Outcome.FAILED: "failed",
}


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
    files = list(files_below(Path(given) for given in inputs if not is_address(given)))
    total, counts = len(files) + len(addresses), Counter[Outcome]()
    try:
        with progress_bar("comparing", total, quiet=json) as step:
            for name, result in _results(platform, platform.engine(), files, addresses, work_type, allow_loopback):
                row = report(name, result, platform.works, language)
                with uninterrupted():
                    counts[Outcome(row["outcome"])] += 1
                    print_json(row) if json else _show(row)
                step(doing=plain(name))
    except KeyboardInterrupt:
        # What is being read is given up, so that it is not waited for.
        platform.workers.close()
        say(f"Interrupted. {_summary(counts, total)}")
        return 130
    if not json:
        say(_summary(counts, total))
    return 3 if counts[Outcome.FAILED] else 0


def _results(
    platform: Platform,
    engine: Engine,
    files: Sequence[FileInput],
    addresses: Sequence[str],
    work_type: WorkType | None,
    allow_loopback: bool,
) -> Iterator[tuple[str, MatchResult | str]]:
    threads = platform.workers.processes
    for file, result in in_order(lambda file: match_file(engine, file, work_type), files, threads=threads):
        yield str(file.path), result
    if addresses:
        yield from match_addresses(platform, engine, addresses, allow_loopback=allow_loopback).items()


def _show(row: dict[str, Any]) -> None:
    """One input for people. Names and titles are hostile: no character of them moves the cursor or turns the text."""
    console = beside_progress()
    explained = {found["explanation"] for found in row["matches"]}
    told = "" if row["reason"] in explained else f" — {row['reason']}"
    console.print(Text(plain(f"{row['input']}: {row['outcome']}{told}"), style=STYLES.get(row["outcome"], "")))
    for found in row["matches"]:
        title = f"{found['verdict']} {found['similarity']:.0%} of {found['title']} ({found['work_id']})"
        free = f" In the public domain since {found['public_domain_since']}." if found["public_domain_since"] else ""
        console.print(Text(plain(f"    {title}: {found['explanation']}{free}")))


def _summary(counts: Counter[Outcome], total: int) -> str:
    told = ", ".join(f"{counts[outcome]:,} {words}" for outcome, words in COUNTED.items())
    return f"{counts.total():,} of {total:,} compared: {told}."
