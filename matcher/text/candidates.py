"""The registered texts that a page shares a passage with, each with what it covers of the page."""

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


def candidates(page: Tokens, gains: F32, shelf: Shelf, passages: F64, snapshot: Snapshot) -> list[Candidate]:
    """The texts of one segment with a primary passage among `passages` (see `alignment.extend`)."""
    kept = by_work(passages, MOST_WORKS)
    starts = np.flatnonzero(np.diff(kept[:, WORK], prepend=-1.0)).tolist()
    found = []
    weight, size = page.weight(), len(page)
    for start, end in pairwise([*starts, kept.shape[0]]):
        row = int(kept[start, WORK])
        made = Cover(np.full(size, -1, np.int64), np.zeros(size, np.uint8))
        own = chosen(kept[start:end])
        first, last = int(shelf.bounds[row]), int(shelf.bounds[row + 1])
        matched = cover(page.ids, gains, shelf.tokens, first, last, own, weight, made.partner, made.marks)
        index = shelf.base + row
        reference = snapshot.reference(index)
        found.append(Candidate(index=index, reference=reference, shelf=shelf, cover=made, matched=matched))
    return found
