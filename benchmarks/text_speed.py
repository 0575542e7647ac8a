"""How fast text is compared, beside SimHash and MinHash LSH on the same pages in the same run.

Run with the packages simhash and datasketch installed: `python benchmarks/text_speed.py [TEST_DATA]`. One thread,
processor time, from the bytes of a page's readable text (UTF-8) to comparisons: decoding, tokens, seeds, look-up,
alignment, verdict and reasons. Taking the main text out of HTML is timed apart. Pages have 3,000 characters.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from datasketch import MinHash, MinHashLSH
from simhash import Simhash, SimhashIndex

from config.loading import load_settings
from domain.fingerprints import Fingerprint
from matcher.segments.upkeep import open_references
from matcher.text.extraction import readable
from matcher.text.worktype import TextMatcher
from matcher.worktypes import References
from tests.evaluation.text_corpus import Book, TextCorpus, read_corpus, read_english, text_fingerprint
from tests.evaluation.text_pages import chapter, site_page

PAGE, PAGES, REPEATED = 3000, 400, 5
PEER_PAGES = 40
SHINGLE = 5
PEER_DOCUMENTS = 400
"""Registered pages in the peers' indexes: both compare documents as a whole, so that works go in page by page."""


def main(data: Path) -> None:
    """Print the rates."""
    corpus = read_corpus(data / "text" / "zh")
    with tempfile.TemporaryDirectory() as folder:
        references = _open(corpus, Path(folder) / "zh")
        _sizes(corpus, Path(folder) / "zh")
        kinds = _kinds(corpus, references)
        peers = _peers(corpus)
        for name, pages in kinds.items():
            line = f"{name}: {_rate(references, pages):.1f} MB/s"
            for peer, ask in peers.items():
                line += f", {peer} {_megabytes(ask, pages[:PEER_PAGES]):.2f}"
            print(line, flush=True)
        if (novels := read_english()) is not None:
            english = _open(novels, Path(folder) / "en")
            print(f"English, unregistered: {_rate(english, _pages(novels.unregistered, 8)):.1f} MB/s")
            print(f"English, registered verbatim: {_rate(english, _pages(novels.registered, 9)):.1f} MB/s")
    chance = random.Random(10)
    bodies = [site_page(chapter(book, chance), corpus, chance).decode() for book in corpus.registered[:40]]
    print(f"main text out of HTML: {_megabytes(readable, bodies):.1f} MB/s of HTML")


def _open(corpus: TextCorpus, folder: Path) -> References:
    matcher = TextMatcher(load_settings().matcher.text)
    return open_references(matcher, [book.reference for book in corpus.registered], folder)


def _sizes(corpus: TextCorpus, folder: Path) -> None:
    size = sum(file.stat().st_size for file in folder.rglob("*.npy"))
    raw = sum(len(book.text) for book in corpus.registered)
    tokens = sum(len(book.tokens) for book in corpus.registered)
    print(f"index: {size / 1e6:.0f} MB, {size / raw:.2f} bytes a character, punctuation left out {size / tokens:.2f}")


def _kinds(corpus: TextCorpus, references: References) -> dict[str, list[str]]:
    chance = random.Random(5)
    modern = [book for book in corpus.unregistered if book.owner == "鲁迅"]
    classical = [book for book in corpus.unregistered if book.owner != "鲁迅"]
    unregistered = _pages(modern, 1) + _pages(classical, 2)
    nothing = [page for page in unregistered if not references.compare(text_fingerprint(page))]
    return {
        f"unregistered that match nothing ({len(nothing)} of {len(unregistered)} pages)": nothing,
        "modern unregistered, quotations included": _pages(modern, 1),
        "classical unregistered, quotations included": _pages(classical, 2),
        "random characters": ["".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(PAGE)) for _ in range(100)],
        "registered verbatim": _pages(corpus.registered, 3),
    }


def _pages(books: Sequence[Book], seed: int) -> list[str]:
    chance = random.Random(seed)
    long_enough = [book for book in books if len(book.text) > PAGE]
    made = []
    for n in range(PAGES):
        text = long_enough[n % len(long_enough)].text
        at = chance.randrange(len(text) - PAGE)
        made.append(text[at : at + PAGE])
    return made


def _rate(references: References, pages: Sequence[str]) -> float:
    """Megabytes of pages a second; the best of some runs, since the machine may be busy."""
    asked = [text_fingerprint(page) for page in pages]
    return max(_once(references, asked) for _ in range(REPEATED))


def _once(references: References, asked: Sequence[Fingerprint]) -> float:
    began = time.process_time()
    for query in asked:
        references.compare(query)
    return sum(len(query.payload) for query in asked) / 1e6 / (time.process_time() - began)


def _megabytes(ask: Callable[[str], object], pages: Sequence[str]) -> float:
    began = time.process_time()
    for page in pages:
        ask(page)
    return sum(len(page.encode()) for page in pages) / 1e6 / (time.process_time() - began)


def _peers(corpus: TextCorpus) -> dict[str, Callable[[str], object]]:
    documents = _pages(corpus.registered, 7)[:PEER_DOCUMENTS]
    simhashes = SimhashIndex([(str(n), Simhash(_shingles(page))) for n, page in enumerate(documents)], k=3)
    lsh = MinHashLSH(threshold=0.5, num_perm=128)
    for n, page in enumerate(documents):
        lsh.insert(str(n), _minhash(page))
    return {
        "SimHash": lambda page: simhashes.get_near_dups(Simhash(_shingles(page))),
        "MinHash LSH": lambda page: lsh.query(_minhash(page)),
    }


def _shingles(page: str) -> list[str]:
    return [page[i : i + SHINGLE] for i in range(len(page) - SHINGLE + 1)]


def _minhash(page: str) -> MinHash:
    made = MinHash(num_perm=128)
    made.update_batch([shingle.encode() for shingle in _shingles(page)])
    return made


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
