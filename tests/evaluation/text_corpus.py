"""The text corpus: two of three books registered, altered pieces of them, and every window of the others.

Windows of unregistered books that really stand in a registered one are labelled by a measure that knows nothing of the
matcher: the share of the window in exact runs of at least six characters with one registered book.
"""

import hashlib
import random
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.compiled import compiled
from matcher.text.normalise import Tokens, tokenise
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
    def tokens(self) -> Tokens:
        return tokenise(self.text)

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
        """Pieces of `length` characters (or words) of registered books, evenly over the books, at random places."""
        chance = random.Random(seed)
        long_enough = [book for book in self.registered if len(book.tokens) > 3 * length]
        return [_piece(long_enough[n % len(long_enough)], length, chance) for n in range(count)]

    def windows(self, length: int) -> Iterator[tuple[Book, str]]:
        """All consecutive windows of the unregistered books, none left out."""
        for book in self.unregistered:
            for start in range(0, len(book.text) - length + 1, length):
                yield book, book.text[start : start + length]


def _piece(book: Book, length: int, chance: random.Random) -> tuple[Book, str]:
    at = chance.randrange(len(book.tokens) - length)
    return book, book.text[book.tokens.starts[at] : book.tokens.ends[at + length - 1]]


def read_corpus(folder: Path, third: int = 1) -> TextCorpus:
    """Read `text/zh` of the test data; of each collection, two of three books are registered, but for that `third`."""
    digest = hashlib.sha256()
    registered: list[Book] = []
    unregistered: list[Book] = []
    for collection in ("classics", "luxun"):
        for n, path in enumerate(sorted((folder / collection).glob("*.txt"))):
            data = path.read_bytes()
            digest.update(hashlib.sha256(data).digest())
            owner = "鲁迅" if collection == "luxun" else path.stem
            book = Book(f"{collection}/{path.stem}", owner, data.decode(errors="replace"))
            (unregistered if n % 3 == third else registered).append(book)
    return TextCorpus(registered=tuple(registered), unregistered=tuple(unregistered), digest=digest.hexdigest())


NOVELS = Path("/usr/lib/R/site-library/janeaustenr/data/Rdata.rdb")
"""Six novels by one author, which the Debian package r-cran-janeaustenr installs."""


def read_english(file: Path = NOVELS) -> TextCorpus | None:
    """Every second of the six novels is registered; None where the package is not installed."""
    if not file.is_file():
        return None
    data = file.read_bytes()
    books = [Book(f"austen/{n}", f"austen {n}", text) for n, text in enumerate(_r_objects(data))]
    return TextCorpus(
        registered=tuple(books[::2]), unregistered=tuple(books[1::2]), digest=hashlib.sha256(data).hexdigest()
    )


def _r_objects(data: bytes) -> Iterator[str]:
    """The vectors of strings in an R database, a line a string: packed streams, each with its length before it."""
    at = 0
    while at < len(data):
        stream = zlib.decompressobj()
        raw = stream.decompress(data[at + 4 :])
        yield "\n".join(_r_strings(raw))
        at = len(data) - len(stream.unused_data)


def _r_strings(raw: bytes) -> Iterator[str]:
    """R's serialisation, version 3: a head, the name of an encoding, then flags and length of all and of each."""
    at = 18 + struct.unpack_from(">i", raw, 14)[0]
    count = struct.unpack_from(">i", raw, at + 4)[0]
    at += 8
    for _ in range(count):
        length = struct.unpack_from(">i", raw, at + 4)[0]
        yield raw[at + 8 : at + 8 + length].decode()
        at += 8 + length


def text_fingerprint(text: str) -> Fingerprint:
    return Fingerprint(kind=KIND, version=VERSION, payload=text.encode())


class SharedRuns:
    """The independent label: how much of a text stands word for word in one registered book."""

    def __init__(self, books: Sequence[Book]) -> None:
        grams = [_grams(book.tokens.ids) for book in books]
        hashes = np.concatenate(grams)
        order = np.argsort(hashes, kind="stable")
        self._hashes = hashes[order]
        self._books = np.repeat(np.arange(len(books), dtype=np.int32), [g.size for g in grams])[order]
        self._count = len(books)

    def largest_share(self, text: str) -> float:
        """The share of `text` in exact runs with the registered book that has most of it."""
        tokens = tokenise(text).ids
        grams = _grams(tokens)
        first = np.searchsorted(self._hashes, grams, "left")
        return int(_longest_cover(grams, first, self._hashes, self._books, self._count)) / max(1, tokens.size)


def _grams(tokens: np.ndarray) -> np.ndarray:
    if tokens.size < RUN:
        return np.empty(0, np.uint64)
    total = np.zeros(tokens.size - RUN + 1, np.uint64)
    for i in range(RUN):
        total = total * np.uint64(0x100000001B3) + tokens[i : tokens.size - RUN + 1 + i].astype(np.uint64)
    return total


@compiled
def _longest_cover(grams: np.ndarray, first: np.ndarray, hashes: np.ndarray, books: np.ndarray, count: int) -> int:
    """Tokens in runs with the book that has most; runs are joined over short gaps, and what stays short is left out."""
    total = np.zeros(count, np.int64)
    begin, end = np.zeros(count, np.int64), np.full(count, -JOINED - 1, np.int64)
    for at in range(grams.size):
        row = first[at]
        while row < hashes.size and hashes[row] == grams[at]:
            book = books[row]
            if at > end[book] + JOINED:
                total[book] += end[book] - begin[book] if end[book] - begin[book] >= COUNTED else 0
                begin[book] = at
            end[book] = at + RUN
            row += 1
    for book in range(count):
        total[book] += end[book] - begin[book] if end[book] - begin[book] >= COUNTED else 0
    return total.max() if count else 0
