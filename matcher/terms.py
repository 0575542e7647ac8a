"""The inverted index: 64-bit term → where it stands (owner, position).

Terms are mixed to be evenly spread. Their leading bits name a bucket of a table, the next sixteen are kept beside each
posting, so that a look-up costs two or three memory reads whatever the size, and a posting six or ten bytes. Two terms
that agree in all those bits are taken for one: nothing is ever missed, and of the look-ups of a large index about one
in forty thousand meets a stranger, which verification sends away.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.segments.stored import StoredValue

TAG_BITS = 16
FEWEST_BITS = 12
"""Bits that name a bucket in the smallest index."""
SMALL_BUCKET = 24
"""Postings up to which a bucket is sorted by insertion."""

I64 = NDArray[np.int64]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
Index = int | np.int64


@dataclass(frozen=True, slots=True)
class Hits:
    """Parallel arrays, one row a hit: index of the term asked for, and where it stands."""

    query: U32
    owner: U32
    position: U32


@dataclass(frozen=True, slots=True)
class PositionIndex(StoredValue):
    """Postings of which the position says all, in their order: term → positions, two bytes and a position each."""

    table: U32
    """Row at which each leading-bits bucket begins; one more entry at the end."""
    tags: U16
    """Of each posting, in the order of their term within the bucket."""
    positions: U32

    @classmethod
    def build(cls, terms: U64, positions: U32) -> "PositionIndex":
        """An index of the postings given as parallel arrays; those of one term keep their order."""
        table, tags, rows = _sorted(terms)
        return cls(table=table, tags=tags, positions=positions[rows].astype(np.uint32))

    def __len__(self) -> int:
        return int(self.positions.size)

    def ranges(self, terms: U64) -> tuple[I64, I64]:
        """First and last-but-one row of each term's positions; an empty range where there are none."""
        return _ranges(self.table, self.tags, mix(terms))


@dataclass(frozen=True, slots=True)
class LocalTermIndex(StoredValue):
    """Postings on one machine, by term, then owner, then position. Compiled loops may read its arrays directly."""

    table: U32
    tags: U16
    owners: U32
    positions: U32

    @classmethod
    def build(cls, terms: U64, owners: U32, positions: U32) -> "LocalTermIndex":
        """An index of the postings given as parallel arrays, in any order; fastest in that of owners and positions."""
        if not _in_order(owners, positions):
            order = np.lexsort((positions, owners))
            terms, owners, positions = terms[order], owners[order], positions[order]
        table, tags, rows = _sorted(terms)
        return cls(
            table=table,
            tags=tags,
            owners=owners[rows].astype(np.uint32),
            positions=positions[rows].astype(np.uint32),
        )

    def __len__(self) -> int:
        return int(self.owners.size)

    def ranges(self, terms: U64) -> tuple[I64, I64]:
        """First and last-but-one row of each term's postings; an empty range where there are none."""
        return _ranges(self.table, self.tags, mix(terms))

    def lookup(self, terms: U64, limit: int) -> Hits:
        """Every place of the `terms`, but for terms that stand in more than `limit` places."""
        first, last = self.ranges(terms)
        query, rows = rows_of(first, np.where(last - first <= limit, last, first))
        return Hits(query=query, owner=self.owners[rows], position=self.positions[rows])


def _sorted(terms: U64) -> tuple[U32, U16, I64]:
    """The table and tags of postings, and the order that they and all that goes with them are kept in."""
    mixed = mix(np.ascontiguousarray(terms, np.uint64))
    # One or two postings a bucket, whose bounds take two to four bytes of each posting.
    table = _buckets(mixed, max(FEWEST_BITS, int(mixed.size).bit_length() - 1))
    rows = _sorted_rows(mixed, table)
    return table, _tags(mixed, table.size - 1)[rows], rows


@compiled
def mix(terms: U64) -> U64:
    """Spread `terms` evenly over 64 bits, one to one (the finaliser of SplitMix64, Steele et al. 2014)."""
    out = np.empty_like(terms)
    for i in range(terms.size):
        x = terms[i]
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        out[i] = x ^ (x >> np.uint64(31))
    return out


@compiled
def rows_of(first: I64, last: I64) -> tuple[U32, I64]:
    """All rows of the ranges, one after another, and for each the number of its range."""
    total = 0
    for i in range(first.size):
        total += last[i] - first[i]
    query, rows = np.empty(total, np.uint32), np.empty(total, np.int64)
    n = 0
    for i in range(first.size):
        for row in range(first[i], last[i]):
            query[n], rows[n] = i, row
            n += 1
    return query, rows


@compiled
def _in_order(owners: U32, positions: U32) -> bool:
    for i in range(1, owners.size):
        if owners[i] < owners[i - 1] or (owners[i] == owners[i - 1] and positions[i] < positions[i - 1]):
            return False
    return True


@compiled
def _shift(buckets: int) -> np.uint64:
    """By how much a mixed term is shifted to give its bucket, of a power of two of them."""
    shift = np.uint64(64)
    while buckets > 1:
        buckets >>= 1
        shift -= np.uint64(1)
    return shift


@compiled
def _buckets(mixed: U64, bits: int) -> U32:
    table = np.zeros((1 << bits) + 1, np.uint32)
    shift = np.uint64(64 - bits)
    for x in mixed:
        table[(x >> shift) + np.uint64(1)] += np.uint32(1)
    total = np.uint32(0)
    for i in range(table.size):
        total += table[i]
        table[i] = total
    return table


@compiled
def _tags(mixed: U64, buckets: int) -> U16:
    shift = _shift(buckets) - np.uint64(TAG_BITS)
    out = np.empty(mixed.size, np.uint16)
    for i in range(mixed.size):
        out[i] = (mixed[i] >> shift) & np.uint64(0xFFFF)
    return out


@compiled
def _sorted_rows(mixed: U64, table: U32) -> I64:
    """The order of postings by bucket, then tag, those of one tag as they were (counting sort)."""
    buckets = table.size - 1
    shift = _shift(buckets)
    tags = _tags(mixed, buckets)
    free = table[:-1].copy()
    rows = np.empty(mixed.size, np.int64)
    for i in range(mixed.size):
        bucket = mixed[i] >> shift
        rows[free[bucket]] = i
        free[bucket] += np.uint32(1)
    for bucket in range(buckets):
        first, last = np.int64(table[bucket]), np.int64(table[bucket + 1])
        if last - first > SMALL_BUCKET:
            part = rows[first:last].copy()
            rows[first:last] = part[np.argsort(tags[part], kind="mergesort")]
            continue
        for i in range(first + 1, last):
            row, j = rows[i], i
            while j > first and tags[rows[j - 1]] > tags[row]:
                rows[j] = rows[j - 1]
                j -= 1
            rows[j] = row
    return rows


@compiled
def _ranges(table: U32, tags: U16, wanted: U64) -> tuple[I64, I64]:
    first = np.zeros(wanted.size, np.int64)
    last = np.zeros(wanted.size, np.int64)
    shift = _shift(table.size - 1)
    for i in range(wanted.size):
        bucket = wanted[i] >> shift
        begin, end = np.int64(table[bucket]), np.int64(table[bucket + np.uint64(1)])
        if begin == end:
            continue
        tag = np.uint16((wanted[i] >> (shift - np.uint64(TAG_BITS))) & np.uint64(0xFFFF))
        low = _bisect(tags, begin, end, tag)
        high = low
        # Most terms are rare; a frequent one is bounded by halving.
        while high < end and high - low < SMALL_BUCKET and tags[high] == tag:
            high += 1
        if high - low == SMALL_BUCKET:
            high = end if tag == 0xFFFF else _bisect(tags, high, end, np.uint16(tag + 1))
        first[i], last[i] = low, high
    return first, last


@compiled
def _bisect(tags: U16, low: Index, high: Index, tag: np.uint16) -> Index:
    """The first row from `low` to `high` with at least that tag."""
    while low < high:
        middle = (low + high) >> 1
        if tags[middle] < tag:
            low = middle + 1
        else:
            high = middle
    return low
