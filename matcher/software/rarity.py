"""Which members stand in works of several owners, so that none of them can be told by these.

Found by look-ups when a work is a candidate: nothing is derived from all registered works together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.software.storage import Packages, Rows, comparable
from matcher.software.tlsh import asked_terms, distance

U8 = NDArray[np.uint8]
U64 = NDArray[np.uint64]
Mask = NDArray[np.bool_]

MOST_POSTINGS = 5000
"""A member that stands in more places is nobody's own."""
MOST_NEAR = 1000
"""A band of TLSH with more members tells nothing of any."""
AT_ONCE = 256
"""Members whose neighbours are read together."""


@dataclass(frozen=True, slots=True)
class Rarity:
    """Tells who else holds a member: the same bytes, the same lines, or something near by TLSH."""

    packages: Packages
    near_distance: int

    def held_by_others(self, rows: Rows, owner: int) -> Mask:
        """Which members of a registered work another owner's work holds too."""
        mask = np.zeros(len(rows), bool)
        asked, owners, absent = self._same(rows)
        # They are registered: of what is not found there are too many.
        mask[absent] = True
        mask[asked[owners != owner]] = True
        left = np.nonzero(~mask)[0]
        mask[left] = self._near_others(rows[left], np.full(left.size, owner, np.uint64))
        return mask

    def of_several(self, rows: Rows) -> Mask:
        """Which members of any package stand, byte for byte or line for line, in works of more than one owner.

        Those that stand in one owner's works, and resemble something in another's, are nobody's either.
        """
        first = np.zeros(len(rows), np.uint64)
        mask, known = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
        asked, owners, _ = self._same(rows)
        first[asked], known[asked] = owners, True
        mask[asked[owners != first[asked]]] = True
        left = np.nonzero(known & ~mask)[0]
        mask[left] = self._near_others(rows[left], first[left])
        return mask

    def _same(self, rows: Rows) -> tuple[NDArray[np.int64], U64, NDArray[np.int64]]:
        """Rows and the owners of members that are the same; then the rows of which nothing is found."""
        keys = np.concatenate([rows["exact"], rows["text"]])
        hits = self.packages.terms.lookup(keys, MOST_POSTINGS)
        found = self.packages.members(hits.owner, hits.position)
        key = keys[hits.query]
        # Of a hundred thousand hits one may be another term's.
        true = (found["exact"] == key) | (found["text"] == key)
        asked = hits.query[true].astype(np.int64)
        missing = np.ones(keys.size, bool)
        missing[asked] = False
        absent = np.nonzero(missing.reshape(2, -1).any(axis=0))[0]
        return asked % max(1, len(rows)), self.packages.owners(hits.owner[true]), absent

    def _near_others(self, rows: Rows, owners: U64) -> Mask:
        """Which members are near one of another owner than theirs."""
        mask = np.zeros(len(rows), bool)
        every, digests = comparable(rows), np.ascontiguousarray(rows["near"])
        for at in range(0, every.size, AT_ONCE):
            part = every[at : at + AT_ONCE]
            terms = asked_terms(rows["near"][part])
            hits = self.packages.terms.lookup(terms.ravel(), MOST_NEAR)
            asked = part[hits.query // np.uint32(terms.shape[1])]
            others = self.packages.owners(hits.owner) != owners[asked]
            asked = asked[others]
            found = self.packages.members(hits.owner[others], hits.position[others])
            near = _near(digests, asked, np.ascontiguousarray(found["near"]), self.near_distance)
            # A hit that is another term's may be a member without a digest.
            mask[asked[near & (found["has_near"] == 1)]] = True
        return mask


@compiled
def _near(digests: U8, rows: NDArray[np.int64], others: U8, limit: int) -> Mask:
    """For each of `others` whether it is near the digest at its row."""
    out = np.zeros(len(others), np.bool_)
    for i in range(len(others)):
        out[i] = distance(digests[rows[i]], others[i], limit) <= limit
    return out
