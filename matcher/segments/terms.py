"""The term indexes of all segments, asked as one."""

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.segments.snapshot import Snapshot
from matcher.terms import Hits, LocalTermIndex, rows_of

I64 = NDArray[np.int64]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]


class SegmentedTerms:
    """The term index that every segment keeps under one name. Owners are numbers of the snapshot."""

    def __init__(self, snapshot: Snapshot, prefix: str) -> None:
        self._parts = [
            (LocalTermIndex.of(s.columns, prefix), s.base, s.removed, bool(s.removed.any())) for s in snapshot.segments
        ]

    def __len__(self) -> int:
        """Postings, those of removed references included."""
        return sum(len(index) for index, _, _, _ in self._parts)

    def lookup(self, terms: U64, limit: int) -> Hits:
        """Every place of the `terms` in references that are there, but for terms that stand in more than `limit`."""
        found = [index.ranges(terms) for index, _, _, _ in self._parts]
        total = np.zeros(terms.size, np.int64)
        for (index, _, removed, some), (first, last) in zip(self._parts, found, strict=True):
            total += _live(index.owners, removed, first, last) if some else last - first
        few = total <= limit
        query, owners, positions = [np.empty(0, np.uint32)], [np.empty(0, np.uint32)], [np.empty(0, np.uint32)]
        for (index, base, removed, some), (first, last) in zip(self._parts, found, strict=True):
            asked, rows = rows_of(first, np.where(few, last, first))
            if some:
                there = ~removed[index.owners[rows]]
                asked, rows = asked[there], rows[there]
            query.append(asked)
            owners.append(index.owners[rows] + np.uint32(base))
            positions.append(index.positions[rows])
        return Hits(query=np.concatenate(query), owner=np.concatenate(owners), position=np.concatenate(positions))


@compiled
def _live(owners: U32, removed: NDArray[np.bool_], first: I64, last: I64) -> I64:
    """How many postings of each range belong to references that are there."""
    out = np.zeros(first.size, np.int64)
    for i in range(first.size):
        for row in range(first[i], last[i]):
            if not removed[owners[row]]:
                out[i] += 1
    return out
