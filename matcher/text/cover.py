"""What one work covers of a page: its passages, and what alignment with gaps adds between and beyond them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.alignment import PAGE_END, PAGE_START, SCORE, TEXT_START
from matcher.text.gaps import bridge, prolong

I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

LONG_PASSAGE = 45
"""Characters (half as many words) from which a passage is trusted where tokens differ: they were substituted."""
GAP_PAGE, GAP_WORK_LEAST, GAP_WORK_MOST = 60, -8, 40
"""Tokens between two passages up to which what stands there is aligned whole."""
SLIGHT, SLIGHT_SHARE = 300, 0.1
"""Passages that make up less than both, in tokens and as a share of the page, are a quotation whatever lies between."""

NOWHERE = -1
MATCHED, PASSAGE, COVERED, DENSE = 1, 2, 4, 8
"""Marks of a token of the page: equal to the work's token it is aligned with; inside a passage; inside a passage or
aligned with gaps between or beyond passages; inside a long passage, or matched."""


@dataclass(frozen=True, slots=True)
class Cover:
    """An entry for each token of the page."""

    partner: I64
    """The work's token it is aligned with; -1 for none."""
    marks: U8
    """A sum of the marks above."""


@compiled
def cover(
    page: U16, gains: F32, text: U16, first: int, last: int, passages: F64, weight: int, partner: I64, marks: U8
) -> int:
    """Fill the arrays of a `Cover` for one work, `text[first:last]`, from its chosen passages, ordered by page start.

    `weight` is that of the page's tokens.
    `partner` comes filled with -1, `marks` with 0. Returns the number of matched tokens.
    """
    long_columns = max(1, min(LONG_PASSAGE // weight, page.size // 3))
    held = _place(passages, long_columns, partner, marks)
    _match(page, text, held, partner, marks)
    inside = 0
    for q in range(page.size):
        inside += marks[q] != 0
    if inside >= min(SLIGHT, SLIGHT_SHARE * page.size):
        _align_between(page, gains, text, first, last, held, partner, marks)
    matched = 0
    for q in range(page.size):
        matched += marks[q] & MATCHED
    return matched


@compiled
def _place(passages: F64, long_columns: int, partner: I64, marks: U8) -> F64:
    """Give each token to the passage of highest score that it is in; those that keep half of their tokens, in order."""
    keep = np.zeros(passages.shape[0], np.bool_)
    for i in np.argsort(-passages[:, SCORE], kind="mergesort"):
        start, end = int(passages[i, PAGE_START]), int(passages[i, PAGE_END])
        shift = int(passages[i, TEXT_START]) - start
        is_long = DENSE if end - start >= long_columns else 0
        held = 0
        for q in range(start, end):
            marks[q] |= PASSAGE | COVERED | is_long
            if partner[q] < 0:
                partner[q] = q + shift
                held += 1
        keep[i] = 2 * held >= end - start
    return passages[keep]


@compiled
def _match(page: U16, text: U16, passages: F64, partner: I64, marks: U8) -> None:
    """Mark what is equal; a token that differs in the passage it was given to may be equal in another one."""
    for q in range(page.size):
        if partner[q] >= 0 and page[q] == text[partner[q]]:
            marks[q] |= MATCHED | DENSE
    for i in range(passages.shape[0]):
        start, end = int(passages[i, PAGE_START]), int(passages[i, PAGE_END])
        shift = int(passages[i, TEXT_START]) - start
        for q in range(start, end):
            if not marks[q] & MATCHED and page[q] == text[q + shift]:
                partner[q] = q + shift
                marks[q] |= MATCHED | DENSE


@compiled
def _align_between(
    page: U16, gains: F32, text: U16, first: int, last: int, passages: F64, partner: I64, marks: U8
) -> None:
    """Align what stands before, between and after the passages."""
    found = np.full(page.size, -1, np.int64)
    q0, g0 = 0, NOWHERE
    for i in range(passages.shape[0]):
        q1, g1 = int(passages[i, PAGE_START]), int(passages[i, TEXT_START])
        end = int(passages[i, PAGE_END])
        if end > q0:
            _align_gap(page, gains, text, first, last, q0, q1, g0, g1, found, marks)
            q0, g0 = end, g1 + end - q1
    _align_gap(page, gains, text, first, last, q0, page.size, g0, NOWHERE, found, marks)
    for q in range(page.size):
        if found[q] >= 0:
            partner[q] = found[q]
            marks[q] |= MATCHED | DENSE


@compiled
def _align_gap(
    page: U16,
    gains: F32,
    text: U16,
    first: int,
    last: int,
    q0: int,
    q1: int,
    g0: int,
    g1: int,
    found: I64,
    marks: U8,
) -> None:
    """Bridge `page[q0:q1]` if it is short, and so is what the work has there; else go on from either side of it."""
    after, back = 0, 0
    both = NOWHERE not in (g0, g1)
    if both and q1 - q0 <= GAP_PAGE and GAP_WORK_LEAST <= g1 - g0 <= GAP_WORK_MOST:
        bridge(page, gains, text, q0, q1, g0, g1, found)
        after = q1 - q0
    else:
        if g0 != NOWHERE:
            after = prolong(page, gains, text, q0, g0, q1, last, 1, found)
        if g1 != NOWHERE:
            back = prolong(page, gains, text, q1 - 1, g1 - 1, q0 + after - 1, first - 1, -1, found)
    for q in range(q0, q1):
        if q < q0 + after or q >= q1 - back:
            marks[q] |= COVERED
