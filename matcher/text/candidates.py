"""The registered texts that a page shares a passage with, each with what it covers of the page."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matcher.segments.snapshot import Indexed, Snapshot
from matcher.text.alignment import WORK, by_work, chosen
from matcher.text.cover import Cover, cover
from matcher.text.normalise import Tokens
from matcher.text.storage import Shelf

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

MOST_WORKS = 50
"""Works looked at on one page, those with the most evidence first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered text that a page shares a passage with."""

    index: int
    """Its number among all registered texts."""
    reference: Indexed
    shelf: Shelf
    cover: Cover
    matched: int
    """Tokens of the page found again in it."""


def candidates(
    page: Tokens, gains: F32, shelves: Sequence[Shelf], passages: F64, snapshot: Snapshot
) -> list[Candidate]:
    """The texts with a primary passage among `passages` (see `alignment.extend`), whose works are numbered through."""
    kept = by_work(passages, MOST_WORKS)
    starts = np.flatnonzero(np.diff(kept[:, WORK], prepend=-1.0)).tolist()
    found = []
    weight, size = page.weight(), len(page)
    for start, end in pairwise([*starts, kept.shape[0]]):
        index = int(kept[start, WORK])
        shelf = shelves[bisect_right(shelves, index, key=lambda shelf: shelf.base) - 1]
        made = Cover(np.full(size, -1, np.int64), np.zeros(size, np.uint8))
        own = chosen(kept[start:end])
        first, last = shelf.bounds[index - shelf.base : index - shelf.base + 2].tolist()
        matched = cover(page.ids, gains, shelf.tokens, first, last, own, weight, made.partner, made.marks)
        reference = snapshot.reference(index)
        found.append(Candidate(index=index, reference=reference, shelf=shelf, cover=made, matched=matched))
    return found
