"""From seeds to passages: extension along diagonals, and what the passages of one work cover of a page.

The extension is that of BLAST (Altschul et al. 1990) without gaps: equal tokens score by how telling they are, unequal
ones cost MISMATCH, and it stops when the score has fallen DROP below its best.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled

I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
F32 = NDArray[np.float32]
Index = int | np.int64

MISMATCH = 1.05
DROP = 12.0
KEPT = 14.0
"""Passages that score less are dropped at once."""
PRIMARY = 45.0
"""Score from which a passage stands on its own: eight or nine rare characters."""
SECONDARY = 18.0
"""Score from which a passage counts beside a primary one."""
NEAR_DIAGONAL, NEAR_PAGE = 64, 200
GAP_PAGE, GAP_WORK_LEAST, GAP_WORK_MOST = 60, -8, 40
MOST_PASSAGES = 200_000
"""Passages of one page; those after are dropped, to bound memory. Ten thousand characters give a few hundred."""

# Columns of a passage.
WORK, PAGE_START, PAGE_END, TEXT_START, SCORE = range(5)


@dataclass(frozen=True, slots=True)
class Cover:
    """What one work's passages cover of a page: an entry for each token of the page."""

    covered: U8
    """Inside a passage, or in a short gap between two that follow each other."""
    matched: U8
    """Equal to the token of the work it is aligned with."""
    dense: U8
    """Inside a long passage, or matched."""
    columns: U8
    """Inside a passage."""
    partner: I64
    """The work's token it is aligned with; -1 for none."""


@compiled
def extend(
    page: U16, text: U16, bounds: U32, scores: F32, hit_page: U32, hit_work: U32, hit_text: U32
) -> NDArray[np.float64]:
    """Passages (rows: work, page start, page end, text start, score) from seed hits, which come in page order.

    `text` holds all registered texts one after the other; work w is `text[bounds[w]:bounds[w + 1]]`. A hit on a
    diagonal already covered there is passed over.
    """
    size = 16
    while size < 2 * hit_page.size:
        size *= 2
    diagonals = np.full(size, np.iinfo(np.int64).min, np.int64)
    reached = np.zeros(size, np.int64)
    found = np.empty((min(hit_page.size, MOST_PASSAGES), 5), np.float64)
    count = 0
    for h in range(hit_page.size):
        q, g = np.int64(hit_page[h]), np.int64(hit_text[h])
        diagonal = g - q
        slot = (diagonal * 0x9E3779B1) & (size - 1)
        while diagonals[slot] != diagonal and diagonals[slot] != np.iinfo(np.int64).min:
            slot = (slot + 1) & (size - 1)
        if diagonals[slot] == diagonal and q < reached[slot]:
            continue
        first, last = np.int64(bounds[hit_work[h]]), np.int64(bounds[hit_work[h] + 1])
        right, gain_right = _reach(page, text, scores, q, g, page.size, last, 1)
        left, gain_left = _reach(page, text, scores, q - 1, g - 1, -1, first - 1, -1)
        diagonals[slot], reached[slot] = diagonal, q + right
        score = gain_right + gain_left
        if score >= KEPT and count < found.shape[0]:
            found[count, WORK] = hit_work[h]
            found[count, PAGE_START] = q - left
            found[count, PAGE_END] = q + right
            found[count, TEXT_START] = g - left
            found[count, SCORE] = score
            count += 1
    return found[:count].copy()


@compiled
def _reach(
    page: U16, text: U16, scores: F32, q: Index, g: Index, page_stop: Index, text_stop: Index, step: int
) -> tuple[int, float]:
    """How far, and for what score, the diagonal goes on from (q, g) in direction `step`."""
    best = 0.0
    score = 0.0
    length = 0
    walked = 0
    while q != page_stop and g != text_stop:
        walked += 1
        if page[q] == text[g]:
            score += scores[page[q]]
            if score > best:
                best, length = score, walked
        else:
            score -= MISMATCH
            if score < best - DROP:
                break
        q += step
        g += step
    return length, best


@compiled
def chosen(passages: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of one work's passages count: primary ones, and secondary ones near a primary one."""
    keep = np.zeros(passages.shape[0], np.bool_)
    for i in range(passages.shape[0]):
        keep[i] = passages[i, SCORE] >= PRIMARY
    primaries = np.nonzero(keep)[0]
    for i in range(passages.shape[0]):
        if keep[i] or passages[i, SCORE] < SECONDARY:
            continue
        diagonal = passages[i, TEXT_START] - passages[i, PAGE_START]
        for p in primaries:
            apart = max(
                passages[p, PAGE_START] - passages[i, PAGE_END], passages[i, PAGE_START] - passages[p, PAGE_END]
            )
            other = passages[p, TEXT_START] - passages[p, PAGE_START]
            if apart <= NEAR_PAGE and abs(diagonal - other) <= NEAR_DIAGONAL:
                keep[i] = True
                break
    return keep


@compiled
def cover(page: U16, text: U16, passages: NDArray[np.float64], long_columns: int) -> tuple[U8, U8, U8, U8, I64]:
    """The arrays of `Cover` for one work's chosen passages, ordered by page start."""
    n = page.size
    covered, matched = np.zeros(n, np.uint8), np.zeros(n, np.uint8)
    dense, columns = np.zeros(n, np.uint8), np.zeros(n, np.uint8)
    partner = np.full(n, -1, np.int64)
    for i in range(passages.shape[0]):
        start, end = np.int64(passages[i, PAGE_START]), np.int64(passages[i, PAGE_END])
        shift = np.int64(passages[i, TEXT_START]) - start
        is_long = end - start >= long_columns
        for q in range(start, end):
            equal = page[q] == text[q + shift]
            covered[q] = columns[q] = 1
            if equal or is_long:
                dense[q] = 1
            if equal and not matched[q]:
                matched[q] = 1
                partner[q] = q + shift
            elif partner[q] < 0:
                partner[q] = q + shift
        if i + 1 < passages.shape[0]:
            gap_end = np.int64(passages[i + 1, PAGE_START])
            text_end = np.int64(passages[i + 1, TEXT_START])
            if 0 < gap_end - end <= GAP_PAGE and GAP_WORK_LEAST <= text_end - (end + shift) <= GAP_WORK_MOST:
                _fill(page, text, end, gap_end, end + shift, text_end, covered, matched, dense)
    return covered, matched, dense, columns, partner


@compiled
def _fill(
    page: U16, text: U16, q0: Index, q1: Index, g0: Index, g1: Index, covered: U8, matched: U8, dense: U8
) -> None:
    """Cover a gap, and mark the tokens on a longest common subsequence of its two sides."""
    for q in range(q0, q1):
        covered[q] = 1
    rows, columns = q1 - q0, max(0, g1 - g0)
    longest = np.zeros((rows + 1, columns + 1), np.int64)
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            if page[q0 + i] == text[g0 + j]:
                longest[i, j] = longest[i + 1, j + 1] + 1
            else:
                longest[i, j] = max(longest[i + 1, j], longest[i, j + 1])
    i = j = 0
    while i < rows and j < columns:
        if page[q0 + i] == text[g0 + j]:
            matched[q0 + i] = dense[q0 + i] = 1
            i += 1
            j += 1
        elif longest[i + 1, j] >= longest[i, j + 1]:
            i += 1
        else:
            j += 1
