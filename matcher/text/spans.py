"""Which characters of a page and of a work stand opposite each other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.cover import MATCHED, Cover

I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]

MOST_PIECES = 200
SHORTEST_PIECE = 12
STEP_PAGE, STEP_WORK = 20, 40
"""Tokens that may be passed over within a piece, on either side."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of tokens, first and last, and the run of the work's tokens it follows."""

    first: int
    last: int
    work_first: int
    work_last: int
    found: int
    """Characters of the page's run that belong to tokens found again in the work."""


def pieces(cover: Cover, lengths: I64) -> Sequence[Piece]:
    """The longest pieces that follow the work, in page order. `lengths` are the page's tokens' in characters."""
    rows = _pieces(cover.partner, cover.marks, lengths)
    if rows.shape[0] > MOST_PIECES:
        longest = np.argsort(-(rows[:, 1] - rows[:, 0]), kind="stable")[:MOST_PIECES]
        rows = rows[np.sort(longest)]
    return [Piece(*row) for row in rows.tolist()]


@compiled
def found_characters(marks: U8, lengths: I64) -> int:
    """Characters of the page that belong to tokens found again."""
    total = 0
    for q in range(marks.size):
        if marks[q] & MATCHED:
            total += lengths[q]
    return total


@compiled
def _pieces(partner: I64, marks: U8, lengths: I64) -> I64:
    """Rows: the fields of `Piece`."""
    rows = np.empty((partner.size // SHORTEST_PIECE + 1, 5), np.int64)
    count = size = found = 0
    first = last = -1
    for q in range(partner.size + 1):
        if q < partner.size and partner[q] < 0:
            continue
        follows = (
            q < partner.size and last >= 0 and q - last <= STEP_PAGE and 0 <= partner[q] - partner[last] <= STEP_WORK
        )
        if last >= 0 and not follows:
            if size >= SHORTEST_PIECE:
                rows[count] = (first, last, partner[first], partner[last], found)
                count += 1
            first = -1
        if q < partner.size:
            if first < 0:
                first, size, found = q, 0, 0
            size += 1
            found += lengths[q] if marks[q] & MATCHED else 0
            last = q
    return rows[:count]
