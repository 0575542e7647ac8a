"""`evaluate [TYPE]`: recall for each alteration, and false accusations, on the test data."""

import json
import subprocess
import sys
from typing import Annotated, Any

import typer

from domain.errors import UsageError
from domain.works import WorkType
from monitor.cli.output import print_json, print_table
from monitor.demo import SOURCE_ROOT


def evaluate(
    work_type: Annotated[WorkType | None, typer.Argument(metavar="[TYPE]", help="One work type; else all.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON Lines only, one object a type.")] = False,
) -> int:
    """Measure the matcher on the test data (PIRACY_MONITOR_TEST_DATA). Takes minutes."""
    if not (SOURCE_ROOT / "tests" / "evaluation").is_dir():
        raise UsageError("The evaluation is part of the source tree.", "Clone the project and run it there.")
    command = [sys.executable, "-m", "tests.evaluation", *([work_type.value] if work_type else [])]
    with subprocess.Popen(command, cwd=SOURCE_ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own command line
        for line in process.stdout or ():
            result = json.loads(line)
            print_json(result) if json_ else _show(result)
    return process.returncode


def _show(result: dict[str, Any]) -> None:
    negatives, speed = result["negatives"], result["speed"]
    columns = ("name", "queries", "found", "copies", "wrong", "recall", "low", "high")
    title = (
        f"{result['type']}: {negatives['false_positives']} false of {negatives['pairs']} pairs, "
        f"{speed['value']} {speed['unit']}, corpus {result['corpus_digest'][:19]}…"
    )
    print_table(title, columns, [[row[column] for column in columns] for row in result["transformations"]])
