"""Which registered members stand in works of several owners, so that none of them can be told by these."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.software.payload import SoftwarePrint
from matcher.software.tlsh import band_terms, distance

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]

MOST_COMPARED = 64
"""Members of one band compared with each other; in larger groups only neighbours are."""


def shared_members(prints: Sequence[SoftwarePrint], owners: Sequence[str], near_distance: int) -> list[Mask]:
    """For each print which of its members another owner's print holds too: same bytes, same lines, or near by TLSH."""
    numbers = {owner: number for number, owner in enumerate(dict.fromkeys(owners))}
    sizes = [len(each) for each in prints]
    owner = np.repeat(np.array([numbers[o] for o in owners], np.int64), sizes)
    if not owner.size:
        return [np.zeros(0, bool) for _ in prints]
    rows = np.concatenate([each.rows for each in prints])
    shared = _several_owners(rows["exact"], owner) | _several_owners(rows["text"], owner)
    comparable = np.nonzero((rows["has_near"] == 1) & (rows["weight"] > 0))[0]
    near, near_owner = rows["near"][comparable], owner[comparable]
    near_shared = shared[comparable]
    for terms in band_terms(near).T:
        order = np.argsort(terms, kind="stable")
        _mark_near(near, near_owner, terms[order], order, near_distance, near_shared)
    shared[comparable] = near_shared
    return [np.asarray(part) for part in np.split(shared, np.cumsum(sizes)[:-1])]


def _several_owners(keys: NDArray[np.uint64], owner: I64) -> Mask:
    """Which rows have a key that stands at more than one owner."""
    pairs = np.unique(np.stack([keys, owner.astype(np.uint64)], axis=1), axis=0)
    distinct, counts = np.unique(pairs[:, 0], return_counts=True)
    return np.asarray(np.isin(keys, distinct[counts > 1]))


@compiled
def _mark_near(digests: U8, owner: I64, terms: NDArray[np.uint64], order: I64, limit: int, shared: Mask) -> None:
    """Mark members of different owners with the same term of one band whose digests are near."""
    for i in range(order.size):
        for j in range(i + 1, min(order.size, i + MOST_COMPARED)):
            if terms[j] != terms[i]:
                break
            one, other = order[i], order[j]
            if owner[one] == owner[other] or (shared[one] and shared[other]):
                continue
            if distance(digests[one], digests[other], limit) <= limit:
                shared[one] = shared[other] = True
