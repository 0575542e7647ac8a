"""The evaluation of text: altered excerpts of registered books, and windows of the books that are not."""

import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from config.loading import load_settings
from domain.findings import Verdict
from matcher.segments.upkeep import open_references
from matcher.text.worktype import TextMatcher
from matcher.worktypes import References
from tests.evaluation.report import Evaluation, Transformation
from tests.evaluation.text_corpus import SharedRuns, TextCorpus, read_corpus, text_fingerprint
from tests.support.text_alterations import ALTERATIONS, Alteration

LENGTH, EXCERPTS, EVERY_WINDOW = 500, 100, 6
SHARED = 0.3
"""Windows that share more than this with a registered book, word for word, are no negatives."""


def evaluate(data: Path, say: Callable[[str], None]) -> Evaluation:
    """Verdict *copy* for the right work is found; for any other work, or on a negative, it is wrong."""
    corpus = read_corpus(data / "text" / "zh")
    matcher = TextMatcher(load_settings().matcher.text)
    with tempfile.TemporaryDirectory() as folder:
        references = open_references(matcher, [book.reference for book in corpus.registered], Path(folder))
        transformations = []
        for name, alter in ALTERATIONS.items():
            say(f"text: {name}")
            transformations.append(_transformation(corpus, references, name, alter))
        say("text: negatives")
        asked, accused, speed = _negatives(corpus, references)
    return Evaluation(
        type="text",
        corpus_digest=corpus.digest,
        pairs=asked * len(corpus.registered),
        false_positives=accused,
        transformations=tuple(transformations),
        speed=speed,
        unit="MB/s",
    )


def _transformation(corpus: TextCorpus, references: References, name: str, alter: Alteration) -> Transformation:
    chance, found, wrong = random.Random(2), 0, 0
    for book, text in corpus.excerpts(LENGTH, EXCERPTS, seed=1):
        called = [c.work_id for c in references.compare(text_fingerprint(alter(text, chance))) if _is_copy(c.verdict)]
        found += called[:1] == [book.name]
        wrong += any(work_id != book.name for work_id in called)
    return Transformation(name=name, queries=EXCERPTS, found=found, wrong=wrong)


def _negatives(corpus: TextCorpus, references: References) -> tuple[int, int, float]:
    """Windows asked for, those accused, and megabytes of text compared in a second."""
    shared = SharedRuns(corpus.registered)
    asked = accused = size = 0
    spent = 0.0
    for n, (_, text) in enumerate(corpus.windows(LENGTH)):
        if n % EVERY_WINDOW or shared.largest_share(text) >= SHARED:
            continue
        began = time.perf_counter()
        accused += any(_is_copy(c.verdict) for c in references.compare(text_fingerprint(text)))
        spent += time.perf_counter() - began
        asked += 1
        size += len(text.encode())
    return asked, accused, size / 1e6 / spent


def _is_copy(verdict: Verdict) -> bool:
    return verdict is Verdict.COPY
