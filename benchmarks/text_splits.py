"""The text rules on books they were not chosen on: the other two ways to leave a third of the books unregistered.

`python benchmarks/text_splits.py [TEST_DATA]`. The rules were chosen with the split that the evaluation uses; in the
others every negative window is of a book that was registered there, and pairs of books meet that did not before. The
collection of Chinese sayings and poems of the Debian package fortunes-zh is asked for as well, where it is installed.
"""

import random
import re
import sys
import tempfile
from pathlib import Path

from config.loading import load_settings
from matcher.segments.upkeep import open_references
from matcher.text.worktype import TextMatcher
from tests.evaluation.report import Transformation
from tests.evaluation.text import SHARES, accused, outcome
from tests.evaluation.text_corpus import SharedRuns, read_corpus, text_fingerprint
from tests.support.text_alterations import ALTERATIONS

EXCERPTS = 122
WINDOWS = (500, 2000)
FORTUNES = Path("/usr/share/games/fortunes")


def main(data: Path) -> None:
    """Print what is found and what is accused, for each split."""
    matcher = TextMatcher(load_settings().matcher.text)
    for third in (0, 2):
        corpus = read_corpus(data / "text" / "zh", third)
        shared = SharedRuns(corpus.registered)
        with tempfile.TemporaryDirectory() as folder:
            books = [book.reference for book in corpus.registered]
            references = open_references(matcher, books, Path(folder))
            for length in (500, 150):
                for name, alter in ALTERATIONS.items():
                    chance = random.Random(3)
                    excerpts = corpus.excerpts(length, EXCERPTS, seed=5 + third)
                    asked = ((book, text_fingerprint(alter(text, chance))) for book, text in excerpts)
                    print(_line(outcome(f"split {third}, {length} {name}", references, asked)), flush=True)
            for length in WINDOWS:
                labelled = [(shared.largest_share(text), text) for _, text in corpus.windows(length)]
                for low, high in SHARES:
                    texts = [text for share, text in labelled if low <= share < high]
                    became = accused("", references, texts)
                    print(
                        f"split {third}, windows of {length}, {low:.2f}-{high:.2f}: {became.accused} of {became.asked}"
                    )
            fortunes = [text for text in _fortunes() if shared.largest_share(text) < SHARES[0][1]]
            became = accused("", references, fortunes)
            print(
                f"split {third}, fortunes-zh below 30 %: {became.accused} of {became.asked}, partial {became.partial}"
            )


def _line(became: Transformation) -> str:
    copy, either = became.copies / became.queries, became.found / became.queries
    return f"{became.name}: copy {copy:.3f}, copy or partial {either:.3f}, wrong {became.wrong}"


def _fortunes() -> list[str]:
    """Windows of 500 characters of the collections, one saying or poem after another."""
    windows: list[str] = []
    for file in sorted(FORTUNES.glob("*.u8")):
        text = re.sub(r"\x1b\[[0-9;]*m", "", file.read_text())
        windows += [text[at : at + 500] for at in range(0, len(text) - 499, 500)]
    return windows


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
