"""The evaluation of text, in Chinese and English: altered excerpts and whole pages of registered books, and innocents.

Innocents are every window of the books that are not registered, told apart by how much of them stands in a registered
one, and pages that quote registered books: anthologies, lists, reviews.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from config.loading import load_settings
from domain.findings import Verdict
from domain.fingerprints import Fingerprint
from domain.ids import digest_of
from matcher.segments.upkeep import open_references
from matcher.text.worktype import TextMatcher
from matcher.worktypes import Content, References
from tests.evaluation.report import Evaluation, Innocents, Transformation
from tests.evaluation.text_corpus import Book, SharedRuns, TextCorpus, read_corpus, read_english, text_fingerprint
from tests.evaluation.text_pages import anthologies, chapter, list_pages, reviews, site_page
from tests.support.text_alterations import ALTERATIONS, ENGLISH_ALTERATIONS, Alteration

EXCERPTS, PAGES = 244, 122
SYNTHETIC = 2000
"""Anthologies, lists and reviews, of each."""
SPEED_WINDOW = 3000
SHARES = ((0.0, 0.3), (0.3, 0.65), (0.65, 0.8), (0.8, 1.01))
"""Shares of a window that stand word for word in one registered book; only the first are negatives."""
PAGE_ALTERATIONS = ("verbatim", "substituted20", "substituted30", "adverts50", "deleted5", "combined", "shuffled")


@dataclass(frozen=True, kw_only=True)
class Language:
    """One language's corpus, and what is asked of it. Lengths count characters of Chinese, words of English."""

    name: str
    corpus: TextCorpus
    alterations: Mapping[str, Alteration]
    lengths: tuple[int, ...]
    windows: tuple[int, ...]
    """Characters, punctuation included."""
    passage: int
    """Characters of a passage on a page that quotes."""


def languages(data: Path) -> list[Language]:
    """Those whose books are on this machine."""
    chinese = Language(
        name="zh",
        corpus=read_corpus(data / "text" / "zh"),
        alterations=ALTERATIONS,
        lengths=(500, 150),
        windows=(500, 2000, 10_000),
        passage=60,
    )
    novels = read_english()
    if novels is None:
        return [chinese]
    english = Language(
        name="en",
        corpus=novels,
        alterations=ENGLISH_ALTERATIONS,
        lengths=(250, 150),
        windows=(800, 1500),
        passage=200,
    )
    return [chinese, english]


def evaluate(data: Path, say: Callable[[str], None]) -> Evaluation:
    """*Copy* for any work but the right one, or on a negative, is wrong."""
    matcher = TextMatcher(load_settings().matcher.text)
    transformations: list[Transformation] = []
    innocents: list[Innocents] = []
    pairs, speed = 0, 0.0
    asked = languages(data)
    for language in asked:
        with tempfile.TemporaryDirectory() as folder:
            books = [book.reference for book in language.corpus.registered]
            references = open_references(matcher, books, Path(folder))
            transformations += _recall(language, matcher, references, say)
            kinds = _innocents(language, references, say)
            if language.name == "zh":
                speed = _speed(language.corpus, references)
        innocents += kinds
        pairs += sum(kind.asked for kind in kinds if not _is_shared(kind)) * len(books)
    return Evaluation(
        type="text",
        corpus_digest=digest_of("".join(language.corpus.digest for language in asked).encode()),
        pairs=pairs,
        false_positives=sum(kind.accused for kind in innocents if not _is_shared(kind)),
        transformations=tuple(transformations),
        speed=speed,
        unit="MB/s",
        innocents=tuple(innocents),
    )


def _is_shared(kind: Innocents) -> bool:
    return kind.name.endswith("%") and not kind.name.endswith(" 0-30%")


def _recall(
    language: Language, matcher: TextMatcher, references: References, say: Callable[[str], None]
) -> Iterator[Transformation]:
    for length in language.lengths:
        for name, alter in language.alterations.items():
            say(f"text: {language.name} {length} {name}")
            chance = random.Random(2)
            excerpts = language.corpus.excerpts(length, EXCERPTS, seed=1)
            asked = ((book, text_fingerprint(alter(text, chance))) for book, text in excerpts)
            yield outcome(f"{language.name} {length} {name}", references, asked)
    if language.name == "zh":
        for name in PAGE_ALTERATIONS:
            say(f"text: zh page {name}")
            yield outcome(f"zh page {name}", references, pages(language.corpus, matcher, name))


def pages(corpus: TextCorpus, matcher: TextMatcher, alteration: str) -> Iterator[tuple[Book, Fingerprint]]:
    """Whole pages that hold an altered chapter of a registered book each."""
    books = [book for book in corpus.registered if len(book.text) > 10_000]
    for n in range(PAGES):
        chance, book = random.Random(n), books[n % len(books)]
        body = site_page(ALTERATIONS[alteration](chapter(book, chance), chance), corpus, chance)
        made = matcher.fingerprint(Content(data=body, name="page.html", media_type="text/html", charset="utf-8"))
        if isinstance(made, Fingerprint):
            yield book, made


def outcome(name: str, references: References, asked: Iterator[tuple[Book, Fingerprint]]) -> Transformation:
    """What became of altered pieces of registered books."""
    queries = named = partial = wrong = 0
    for book, query in asked:
        compared = references.compare(query)
        copies = [c.work_id for c in compared if c.verdict is Verdict.COPY]
        right = copies[:1] == [book.name]
        queries += 1
        named += right
        wrong += any(work_id != book.name for work_id in copies)
        partial += not right and any(c.work_id == book.name and c.verdict is not Verdict.QUOTATION for c in compared)
    return Transformation(name=name, queries=queries, copies=named, partial=partial, wrong=wrong)


def _innocents(language: Language, references: References, say: Callable[[str], None]) -> list[Innocents]:
    """What was accused of each kind."""
    corpus, shared = language.corpus, SharedRuns(language.corpus.registered)
    kinds = []
    for length in language.windows:
        say(f"text: {language.name} windows of {length}")
        windows = [text for _, text in corpus.windows(length)]
        shares = [shared.largest_share(text) for text in windows]
        for low, high in SHARES:
            name = f"{language.name} windows {length} {low * 100:.0f}-{min(high, 1) * 100:.0f}%"
            texts = [text for text, share in zip(windows, shares, strict=True) if low <= share < high]
            kinds.append(accused(name, references, texts))
    for name, made in (
        ("anthologies", anthologies(corpus, language.passage, random.Random(3))),
        ("lists", list_pages(corpus, language.passage // 2, random.Random(4))),
        ("reviews", reviews(corpus, 2 * language.passage, random.Random(5))),
    ):
        say(f"text: {language.name} {name}")
        kinds.append(accused(f"{language.name} {name}", references, list(islice(made, SYNTHETIC))))
    return kinds


def _speed(corpus: TextCorpus, references: References) -> float:
    """Megabytes of text that are compared in a second of processor time, of books that are not registered."""
    asked = [text_fingerprint(text) for _, text in corpus.windows(SPEED_WINDOW)]
    began = time.process_time()
    for query in asked:
        references.compare(query)
    return sum(len(query.payload) for query in asked) / 1e6 / (time.process_time() - began)


def accused(name: str, references: References, texts: list[str]) -> Innocents:
    """How many of `texts` are called copies, and how many are left to a person."""
    verdicts = [found[0].verdict for text in texts if (found := references.compare(text_fingerprint(text)))]
    copies, partial = verdicts.count(Verdict.COPY), verdicts.count(Verdict.PARTIAL)
    return Innocents(name=name, asked=len(texts), accused=copies, partial=partial)
