"""The text index at 100 million postings: time to build, look-up of a page, size.

`python benchmarks/text_scale.py [TEST_DATA] [MILLIONS_OF_POSTINGS] [FOLDER]`. The registered text is made of the real
books: each made-up work follows them character by character, and every few characters goes on at another place where
the same two characters stand, so that its short runs are as frequent as theirs (a Markov chain of order two), while its
long ones are its own. Processor time of one thread, and beside it wall time for a page.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from config.loading import load_settings
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.compiled import compiled
from matcher.segments.index import RegisterIndex
from matcher.text.worktype import TextMatcher
from matcher.worktypes import KEY_BYTES, Reference
from tests.evaluation.text_corpus import read_corpus, text_fingerprint

WORK, PER_SEGMENT, JUMP_EVERY = 400_000, 160, 6
NONE = np.empty(0, f"S{KEY_BYTES}")
PAGE, PAGES = 3000, 400


def main(data: Path, millions: float, folder: Path) -> None:
    """Build the index, ask it for pages, and print what that took."""
    corpus = read_corpus(data / "text" / "zh")
    matcher = TextMatcher(load_settings().matcher.text)
    source = np.frombuffer("".join(b.text for b in corpus.registered).encode("utf-32-le"), np.uint32)
    followers = _followers(source)
    index = RegisterIndex(folder, matcher.recipe)
    spent, characters, postings, segment = 0.0, 0, 0, 0
    with index.writing() as writer:
        while postings < millions * 1e6:
            references = list(_works(source, followers, segment))
            began = time.process_time()
            writer.change(references, matcher.segment, NONE)
            spent += time.process_time() - began
            characters += PER_SEGMENT * WORK
            segment += 1
            postings = sum(part.columns["text.seeds.positions"].size for part in index.snapshot().segments)
    size = index.stats().bytes
    tokens = sum(part.columns["text.tokens"].size for part in index.snapshot().segments)
    print(f"{postings / 1e6:.1f} million postings, {characters / 1e6:.0f} million characters in {segment} segments")
    print(f"built in {spent:.0f} s of processor time, {spent / characters * 1e9:.0f} ns a character")
    print(f"{size / 1e9:.2f} GB: {size / characters:.2f} bytes a character, {size / tokens:.2f} without punctuation")
    references = matcher.open(index.snapshot())
    kinds = {
        "unregistered": [text for n, (_, text) in enumerate(corpus.windows(PAGE)) if n % 8 == 0][:PAGES],
        "registered": [_text(source, followers, seed)[:PAGE] for seed in range(PAGES)],
    }
    for name, texts in kinds.items():
        asked = [text_fingerprint(text) for text in texts]
        for query in asked:
            references.compare(query)
        wall, cpu = [], time.process_time()
        for query in asked:
            began = time.perf_counter()
            references.compare(query)
            wall.append(time.perf_counter() - began)
        cpu = (time.process_time() - cpu) / len(asked)
        p50, p95 = (1000 * float(v) for v in np.percentile(wall, [50, 95]))
        print(f"{name} pages: {1000 * cpu:.2f} ms of processor time, p50 {p50:.2f} ms, p95 {p95:.2f} ms")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB, mapped pages included")


def _followers(source: NDArray[np.uint32]) -> NDArray[np.int64]:
    """For each place of the source, another place with the same two characters before it."""
    pairs = source[:-1].astype(np.uint64) << np.uint64(32) | source[1:]
    order = np.argsort(pairs, kind="stable")
    after = np.arange(source.size, dtype=np.int64)
    same = pairs[order[1:]] == pairs[order[:-1]]
    after[order[:-1][same] + 1] = order[1:][same] + 1
    return after


def _works(source: NDArray[np.uint32], followers: NDArray[np.int64], segment: int) -> Iterator[Reference]:
    for n in range(PER_SEGMENT):
        seed = segment * PER_SEGMENT + n
        name = f"work {seed}"
        made = text_fingerprint(_text(source, followers, seed))
        yield _reference(name, made)


def _reference(name: str, made: Fingerprint) -> Reference:
    return Reference(work_id=WorkId(name), title=name, owner=name, digest=digest_of(name.encode()), fingerprint=made)


def _text(source: NDArray[np.uint32], followers: NDArray[np.int64], seed: int) -> str:
    return _walk(source, followers, seed, WORK).astype("<u4").tobytes().decode("utf-32-le")


@compiled
def _walk(source: NDArray[np.uint32], followers: NDArray[np.int64], seed: int, length: int) -> NDArray[np.uint32]:
    state = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(1)
    at = np.int64((state >> np.uint64(11)) % np.uint64(source.size - 1))
    out = np.empty(length, np.uint32)
    for i in range(length):
        out[i] = source[at]
        state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
        drawn = np.int64(state >> np.uint64(40))
        if drawn % JUMP_EVERY == 0:
            # Several steps along the places that share these two characters.
            for _ in range(1 + drawn // JUMP_EVERY % 40):
                at = followers[at]
        at = at + 1 if at + 1 < source.size else 0
    return out


if __name__ == "__main__":
    arguments = sys.argv[1:]
    with tempfile.TemporaryDirectory() as temporary:
        main(
            Path(arguments[0] if arguments else "../shared/data"),
            float(arguments[1]) if len(arguments) > 1 else 100.0,
            Path(arguments[2] if len(arguments) > 2 else temporary),
        )
