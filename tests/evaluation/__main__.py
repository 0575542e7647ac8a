"""`python -m tests.evaluation [TYPE …]`: one JSON object a work type on standard output, progress on standard error."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.evaluation import films, images, packages, sounds, text
from tests.evaluation.report import Evaluation
from tests.support.data import data_folder

EVALUATIONS: Mapping[str, Callable[[Path, Callable[[str], None]], Evaluation]] = {
    "text": text.evaluate,
    "image": images.evaluate,
    "audio": sounds.evaluate,
    "video": films.evaluate,
    "software": packages.evaluate,
}


def main(asked: list[str]) -> int:
    """Evaluate the types asked for, or all there are."""
    data = data_folder()
    if data is None:
        sys.stderr.write("The test data is not on this machine: set PIRACY_MONITOR_TEST_DATA to where it is.\n")
        return 2
    for name in asked or EVALUATIONS:
        if name not in EVALUATIONS:
            sys.stderr.write(f"There is no evaluation of {name}; there is one of {', '.join(EVALUATIONS)}.\n")
            return 2
        result = EVALUATIONS[name](data, _say)
        sys.stdout.write(json.dumps(result.as_json(), ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 0


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
