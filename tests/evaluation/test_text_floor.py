"""Accuracy that must not be lost: real books, half of them registered (see text_corpus)."""

import random
from pathlib import Path

import pytest

from config.loading import load_settings
from domain.findings import Verdict
from matcher.segments.upkeep import open_references
from matcher.text.worktype import TextMatcher
from matcher.worktypes import References
from tests.evaluation.text_corpus import SharedRuns, TextCorpus, read_corpus, text_fingerprint
from tests.support.data import require_data
from tests.support.text_alterations import ALTERATIONS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("text_floor")]

DIGEST = "b38dbd989bb5dcdf3602646b1a3794755a0a5015a954b1c9fc0e1e3164d285b6"
LENGTH, EXCERPTS = 500, 60
EVERY_WINDOW = 12
"""Every twelfth window of the unregistered books is asked for."""
FLOORS = dict.fromkeys(ALTERATIONS, 0.95) | {"inserted10": 0.80, "adverts50": 0.80, "deleted15": 0.88}


@pytest.fixture(scope="module")
def corpus() -> TextCorpus:
    return read_corpus(require_data("text/zh"))


@pytest.fixture(scope="module")
def references(corpus: TextCorpus, tmp_path_factory: pytest.TempPathFactory) -> References:
    matcher = TextMatcher(load_settings().matcher.text)
    return open_references(
        matcher, [book.reference for book in corpus.registered], Path(tmp_path_factory.mktemp("index"))
    )


def test_the_corpus_is_the_one_the_floors_were_set_on(corpus: TextCorpus) -> None:
    assert corpus.digest == DIGEST


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_altered_copies_are_called_copies_of_the_right_work(
    corpus: TextCorpus, references: References, alteration: str
) -> None:
    chance, right = random.Random(2), 0
    for book, text in corpus.excerpts(LENGTH, EXCERPTS, seed=1):
        found = references.compare(text_fingerprint(ALTERATIONS[alteration](text, chance)))
        copies = [c.work_id for c in found if c.verdict is Verdict.COPY]
        assert copies[:1] in ([], [book.name]), "the wrong work was named"
        right += copies[:1] == [book.name]
    assert right / EXCERPTS >= FLOORS[alteration]


def test_books_that_are_not_registered_are_not_accused(corpus: TextCorpus, references: References) -> None:
    shared = SharedRuns(corpus.registered)
    asked, accused = 0, []
    for n, (book, text) in enumerate(corpus.windows(LENGTH)):
        if n % EVERY_WINDOW:
            continue
        asked += 1
        found = references.compare(text_fingerprint(text))
        if found and found[0].verdict is Verdict.COPY and shared.largest_share(text) < 0.3:
            accused.append((book.name, found[0].work_id))
    assert asked > 2500
    assert accused == []
