"""Accuracy that must not be lost: real books, two of three registered (see text_corpus)."""

import random
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from config.loading import load_settings
from matcher.segments.upkeep import open_references
from matcher.text.worktype import TextMatcher
from matcher.worktypes import References
from tests.evaluation.text import accused, outcome, pages
from tests.evaluation.text_corpus import SharedRuns, TextCorpus, read_corpus, read_english, text_fingerprint
from tests.evaluation.text_pages import anthologies, list_pages, reviews
from tests.support.data import require_data
from tests.support.text_alterations import ALTERATIONS, ENGLISH_ALTERATIONS, Alteration

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("text_floor")]

Quoting = Callable[[TextCorpus, int, random.Random], Iterator[str]]
MATCHER = TextMatcher(load_settings().matcher.text)
DIGEST = "b38dbd989bb5dcdf3602646b1a3794755a0a5015a954b1c9fc0e1e3164d285b6"
ENGLISH_DIGEST = "8fb5198960d0da724b1562f96e4221e5c1b41ff455000280b02c55980c3d8f21"
EXCERPTS = 122
FLOORS = dict.fromkeys(ALTERATIONS, 0.98) | {"inserted10": 0.95, "adverts50": 0.97, "shuffled": 0.95}
SHORT = ("verbatim", "traditional", "pinyin10", "substituted30", "substituted40", "deleted15", "inserted10")
SHORT_FLOOR = 0.95
PAGES = ("verbatim", "substituted30", "adverts50")
ENGLISH_FLOORS = dict.fromkeys(ENGLISH_ALTERATIONS, 0.98) | {"combined": 0.93}
EVERY_WINDOW = 2
"""Every second window of the unregistered books is asked for."""


@pytest.fixture(scope="module")
def corpus() -> TextCorpus:
    return read_corpus(require_data("text/zh"))


@pytest.fixture(scope="module")
def references(corpus: TextCorpus, tmp_path_factory: pytest.TempPathFactory) -> References:
    return _open(corpus, tmp_path_factory.mktemp("index"))


@pytest.fixture(scope="module")
def english() -> TextCorpus:
    corpus = read_english()
    if corpus is None:
        pytest.skip("needs the novels of the Debian package r-cran-janeaustenr")
    return corpus


@pytest.fixture(scope="module")
def novels(english: TextCorpus, tmp_path_factory: pytest.TempPathFactory) -> References:
    return _open(english, tmp_path_factory.mktemp("index"))


def _open(corpus: TextCorpus, folder: Path) -> References:
    return open_references(MATCHER, [book.reference for book in corpus.registered], folder)


def _copied(corpus: TextCorpus, references: References, length: int, alter: Alteration) -> float:
    """The share called copies of the right work; no other work may be named, and next to none missed altogether."""
    chance = random.Random(2)
    asked = ((b, text_fingerprint(alter(t, chance))) for b, t in corpus.excerpts(length, EXCERPTS, seed=1))
    became = outcome("excerpts", references, asked)
    assert became.wrong == 0, "the wrong work was named"
    assert became.found >= 0.98 * became.queries
    return became.copies / became.queries


def test_the_corpus_is_the_one_the_floors_were_set_on(corpus: TextCorpus) -> None:
    assert corpus.digest == DIGEST
    assert (len(corpus.registered), len(corpus.unregistered)) == (122, 60)


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_altered_copies_are_called_copies_of_the_right_work(
    corpus: TextCorpus, references: References, alteration: str
) -> None:
    assert _copied(corpus, references, 500, ALTERATIONS[alteration]) >= FLOORS[alteration]


@pytest.mark.parametrize("alteration", SHORT)
def test_so_are_short_ones(corpus: TextCorpus, references: References, alteration: str) -> None:
    assert _copied(corpus, references, 150, ALTERATIONS[alteration]) >= SHORT_FLOOR


@pytest.mark.parametrize("alteration", PAGES)
def test_so_are_chapters_on_whole_pages(corpus: TextCorpus, references: References, alteration: str) -> None:
    became = outcome(alteration, references, islice(pages(corpus, MATCHER, alteration), 40))
    assert became.wrong == 0
    assert became.copies >= 0.95 * became.queries


@pytest.mark.parametrize("alteration", ENGLISH_ALTERATIONS)
def test_so_are_english_ones(english: TextCorpus, novels: References, alteration: str) -> None:
    assert english.digest == ENGLISH_DIGEST
    assert _copied(english, novels, 250, ENGLISH_ALTERATIONS[alteration]) >= ENGLISH_FLOORS[alteration]


def test_books_that_are_not_registered_are_not_accused(corpus: TextCorpus, references: References) -> None:
    shared = SharedRuns(corpus.registered)
    windows = [text for n, (_, text) in enumerate(corpus.windows(500)) if n % EVERY_WINDOW == 0]
    labelled = [(shared.largest_share(text), text) for text in windows]
    unlike = accused("below 30 %", references, [text for share, text in labelled if share < 0.3])
    alike = accused("30 to 65 %", references, [text for share, text in labelled if 0.3 <= share < 0.65])
    assert unlike.asked > 9000
    assert unlike.accused == 0
    assert alike.asked > 250
    assert alike.accused <= 0.01 * alike.asked


def test_no_more_are_english_ones(english: TextCorpus, novels: References) -> None:
    asked = accused("novels", novels, [text for _, text in english.windows(800)])
    assert asked.asked > 2000
    assert asked.accused == 0


@pytest.mark.parametrize("made", [anthologies, list_pages, reviews])
def test_pages_that_quote_are_not_accused(corpus: TextCorpus, references: References, made: Quoting) -> None:
    texts = list(islice(made(corpus, 60, random.Random(3)), 500))
    assert accused("quoting", references, texts).accused == 0
