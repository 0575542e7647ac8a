"""Registered packages as columns of a segment: members row by row, names as bytes, terms and identities in indexes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.ids import digest_of
from matcher.segments.columns import Columns
from matcher.segments.snapshot import Snapshot
from matcher.segments.strings import ByteStrings
from matcher.segments.terms import SegmentedTerms
from matcher.software.payload import ROW, SoftwarePrint, names_of, unpack, with_names
from matcher.software.tlsh import band_terms
from matcher.terms import LocalTermIndex
from matcher.worktypes import Reference

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
Rows = NDArray[np.void]

FORM = 1
"""Of the columns."""
MOST_NAMED = 1000
"""Works of one name; a name with more of them tells nothing."""


def columns_of(references: Sequence[Reference]) -> Columns:
    """The columns of a segment."""
    packages = [unpack(reference.fingerprint) for reference in references]
    sizes = [len(package) for package in packages]
    terms = [member_terms(package.rows) for package in packages]
    named = [np.array([_number(name) for name in package.identities], np.uint64) for package in packages]
    return {
        "member.rows": np.concatenate([np.zeros(0, ROW), *(package.rows for package in packages)]),
        "member.bounds": np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))).astype(np.int64),
        "owner": np.array([owner_number(reference.owner) for reference in references], np.uint64),
        **ByteStrings.build(names_of(package) for package in packages).columns("names"),
        **_index([t for t, _ in terms], [rows for _, rows in terms]).columns("terms"),
        **_index(named, [np.zeros(each.size, np.uint32) for each in named]).columns("identities"),
    }


def member_terms(rows: Rows) -> tuple[U64, U32]:
    """Terms of members and the rows that they stand for: bytes of all, lines of all, then bands of those with any."""
    number, near = np.arange(len(rows), dtype=np.uint32), comparable(rows).astype(np.uint32)
    bands = band_terms(rows["near"][near])
    return (
        np.concatenate([rows["exact"], rows["text"], bands.ravel()]),
        np.concatenate([number, number, np.repeat(near, bands.shape[1])]),
    )


def comparable(rows: Rows) -> NDArray[np.int64]:
    """The rows that may be near others: those with a digest, which are no boilerplate."""
    return np.nonzero((rows["has_near"] == 1) & (rows["weight"] > 0))[0]


def owner_number(owner: str) -> int:
    """A number for an owner that differs from those of all others."""
    return _number(owner)


def _number(text: str) -> int:
    return int(digest_of(text.encode(errors="replace"))[:16], 16)


def _index(terms: Sequence[U64], positions: Sequence[U32]) -> LocalTermIndex:
    owners = np.repeat(np.arange(len(terms), dtype=np.uint32), [each.size for each in terms])
    return LocalTermIndex.build(
        np.concatenate([np.zeros(0, np.uint64), *terms]), owners, np.concatenate([np.zeros(0, np.uint32), *positions])
    )


class Packages:
    """The registered packages of a snapshot, by number. Opening reads no member."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.terms = SegmentedTerms(snapshot, "terms")
        self._identities = SegmentedTerms(snapshot, "identities")
        self._snapshot = snapshot
        self._names = {segment.name: ByteStrings.of(segment.columns, "names") for segment in snapshot.segments}

    def __getitem__(self, number: int) -> SoftwarePrint:
        segment, row = self._snapshot.place(number)
        begin, end = segment.columns["member.bounds"][row : row + 2]
        return with_names(segment.columns["member.rows"][begin:end], self._names[segment.name][row])

    def owners(self, numbers: U32) -> U64:
        """The owner of each package, as `owner_number` has it."""
        return np.asarray(self._gathered("owner", numbers, np.zeros(numbers.size, np.uint32), np.dtype(np.uint64)))

    def members(self, numbers: U32, rows: U32) -> Rows:
        """Members by the number of their package and their row in it."""
        return self._gathered("member.rows", numbers, rows, ROW)

    def named(self, identity: str) -> list[int]:
        """The packages that give themselves this name."""
        hits = self._identities.lookup(np.array([_number(identity)], np.uint64), MOST_NAMED)
        return [number for number in map(int, np.unique(hits.owner)) if identity in self[number].identities]

    def _gathered(self, column: str, numbers: U32, rows: U32, dtype: np.dtype[Any]) -> NDArray[Any]:
        out = np.zeros(numbers.size, dtype)
        for segment in self._snapshot.segments:
            here = (numbers >= segment.base) & (numbers < segment.base + len(segment))
            own = numbers[here].astype(np.int64) - segment.base
            begins = segment.columns["member.bounds"][own] + rows[here] if column == "member.rows" else own
            out[here] = segment.columns[column][begins]
        return out
