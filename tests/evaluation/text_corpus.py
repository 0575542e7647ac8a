"""The text corpus: half of the books registered, altered pieces of them, and every window of the other half.

Windows of unregistered books that really stand in a registered one are labelled by a measure that knows nothing of the
matcher: the share of the window in exact runs of at least six characters with one registered book.
"""

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.text.normalise import tokenise
from matcher.text.payload import KIND, VERSION
from matcher.worktypes import Reference

RUN = 6
JOINED = 10
COUNTED = 12


@dataclass(frozen=True)
class Book:
    """One book; all of 鲁迅's have one owner, every other book its own."""

    name: str
    owner: str
    text: str

    @cached_property
    def reference(self) -> Reference:
        return Reference(
            work_id=WorkId(self.name),
            title=self.name,
            owner=self.owner,
            digest=digest_of(self.name.encode()),
            fingerprint=text_fingerprint(self.text),
        )


@dataclass(frozen=True)
class TextCorpus:
    """Registered and unregistered books, and what they were read from."""

    registered: tuple[Book, ...]
    unregistered: tuple[Book, ...]
    digest: str

    def excerpts(self, length: int, count: int, seed: int) -> list[tuple[Book, str]]:
        """Pieces of registered books, evenly over the books, at random places."""
        chance = random.Random(seed)
        long_enough = [book for book in self.registered if len(book.text) > 3 * length]
        chosen = [long_enough[n % len(long_enough)] for n in range(count)]
        return [(b, b.text[(at := chance.randrange(len(b.text) - length)) : at + length]) for b in chosen]

    def windows(self, length: int) -> Iterator[tuple[Book, str]]:
        """All consecutive windows of the unregistered books, none left out."""
        for book in self.unregistered:
            for start in range(0, len(book.text) - length + 1, length):
                yield book, book.text[start : start + length]


def read_corpus(folder: Path) -> TextCorpus:
    """Read `text/zh` of the test data; every second book of each collection is registered."""
    digest = hashlib.sha256()
    halves: tuple[list[Book], list[Book]] = ([], [])
    for collection in ("classics", "luxun"):
        for n, path in enumerate(sorted((folder / collection).glob("*.txt"))):
            data = path.read_bytes()
            digest.update(hashlib.sha256(data).digest())
            owner = "鲁迅" if collection == "luxun" else path.stem
            halves[n % 2].append(Book(f"{collection}/{path.stem}", owner, data.decode(errors="replace")))
    return TextCorpus(registered=tuple(halves[0]), unregistered=tuple(halves[1]), digest=digest.hexdigest())


def text_fingerprint(text: str) -> Fingerprint:
    return Fingerprint(kind=KIND, version=VERSION, payload=text.encode())


class SharedRuns:
    """The independent label: how much of a text stands word for word in one registered book."""

    def __init__(self, books: Sequence[Book]) -> None:
        hashes, owners = [], []
        for number, book in enumerate(books):
            grams = _grams(tokenise(book.text).ids)
            hashes.append(grams)
            owners.append(np.full(grams.size, number, np.int32))
        self._hashes = np.concatenate(hashes)
        order = np.argsort(self._hashes, kind="stable")
        self._hashes, self._owners = self._hashes[order], np.concatenate(owners)[order]

    def largest_share(self, text: str) -> float:
        """The share of `text` in exact runs with the registered book that has most of it."""
        tokens = tokenise(text).ids
        grams = _grams(tokens)
        first = np.searchsorted(self._hashes, grams, "left")
        last = np.searchsorted(self._hashes, grams, "right")
        by_book: dict[int, list[int]] = {}
        for at, (a, b) in enumerate(zip(first, last, strict=True)):
            for book in set(self._owners[a : min(b, a + 200)].tolist()):
                by_book.setdefault(book, []).append(at)
        return max((_covered(starts) for starts in by_book.values()), default=0) / max(1, tokens.size)


def _grams(tokens: np.ndarray) -> np.ndarray:
    if tokens.size < RUN:
        return np.empty(0, np.uint64)
    total = np.zeros(tokens.size - RUN + 1, np.uint64)
    for i in range(RUN):
        total = total * np.uint64(0x100000001B3) + tokens[i : tokens.size - RUN + 1 + i].astype(np.uint64)
    return total


def _covered(starts: Sequence[int]) -> int:
    """Length of the runs begun at `starts`, joined over short gaps; runs that stay short do not count."""
    total = begin = end = 0
    for at in (*starts, 1 << 40):
        if at > end + JOINED:
            total += end - begin if end - begin >= COUNTED else 0
            begin = at
        end = at + RUN
    return total
