"""From seeds to passages: extension along diagonals, and what the passages of one work cover of a page.

The extension is that of BLAST (Altschul et al. 1990) without gaps: equal tokens score by how telling they are, unequal
ones cost MISMATCH, and it stops when the score has fallen DROP below its best.
"""

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled

U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]
Index = int | np.int64

MISMATCH = 1.05
DROP = 12.0
KEPT = 14.0
"""Passages that score less are dropped at once."""
PRIMARY = 45.0
"""Score from which a passage stands on its own: eight or nine rare characters."""
FEWEST = 12
"""Tokens in a work's primary passages from which it is looked at: fewer are a name, a date or a saying."""
SECONDARY = 18.0
"""Score from which a passage counts beside a primary one."""
NEAR_DIAGONAL, NEAR_PAGE = 64, 200
MOST_PASSAGES = 200_000
"""Passages of one page; those after are dropped, to bound memory. Ten thousand characters give a few hundred."""

LONGEST_PAGE = 1e9
"""Tokens of a page, at most; only to sort by."""

# Columns of a passage.
WORK, PAGE_START, PAGE_END, TEXT_START, SCORE = range(5)


@compiled
def extend(page: U16, gains: F32, text: U16, bounds: U32, removed: Mask, hit_page: U32, hit_text: U32) -> F64:
    """Passages (rows: work, page start, page end, text start, score) from seed hits, which come in page order.

    `gains` says for each token of the page how telling it is when it is found again. `text` holds all registered texts
    one after the other; work w is `text[bounds[w]:bounds[w + 1]]`, and passed over where it was removed. So is a hit on
    a diagonal already covered there.
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
        work = np.searchsorted(bounds, hit_text[h], side="right") - 1
        if removed[work]:
            continue
        first, last = np.int64(bounds[work]), np.int64(bounds[work + 1])
        right, gain_right = _reach(page, gains, text, q, g, page.size, last, 1)
        left, gain_left = _reach(page, gains, text, q - 1, g - 1, -1, first - 1, -1)
        diagonals[slot], reached[slot] = diagonal, q + right
        score = gain_right + gain_left
        if score >= KEPT and count < found.shape[0]:
            found[count, WORK] = work
            found[count, PAGE_START] = q - left
            found[count, PAGE_END] = q + right
            found[count, TEXT_START] = g - left
            found[count, SCORE] = score
            count += 1
    return found[:count].copy()


@compiled
def _reach(
    page: U16, gains: F32, text: U16, q: Index, g: Index, page_stop: Index, text_stop: Index, step: int
) -> tuple[int, float]:
    """How far, and for what score, the diagonal goes on from (q, g) in direction `step`."""
    best = 0.0
    score = 0.0
    length = 0
    walked = 0
    while q != page_stop and g != text_stop:
        walked += 1
        if page[q] == text[g]:
            score += gains[q]
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
def by_work(passages: F64, most: int) -> F64:
    """The passages of works that have a primary one, by work and page start; of the `most` works with most evidence."""
    primary = passages[passages[:, SCORE] >= PRIMARY]
    works = np.unique(primary[:, WORK])
    evidence, tokens = np.zeros(works.size), np.zeros(works.size)
    for i in range(primary.shape[0]):
        at = np.searchsorted(works, primary[i, WORK])
        evidence[at] += primary[i, SCORE]
        tokens[at] += primary[i, PAGE_END] - primary[i, PAGE_START]
    works, evidence = works[tokens >= FEWEST], evidence[tokens >= FEWEST]
    if works.size > most:
        works = np.sort(works[np.argsort(-evidence, kind="mergesort")[:most]])
    rows = np.empty(passages.shape[0] if works.size else 0, np.int64)
    keys = np.empty(rows.size)
    count = 0
    for i in range(rows.size):
        at = np.searchsorted(works, passages[i, WORK])
        if at < works.size and works[at] == passages[i, WORK]:
            rows[count], keys[count] = i, at * LONGEST_PAGE + passages[i, PAGE_START]
            count += 1
    return passages[rows[:count][np.argsort(keys[:count], kind="mergesort")]]


@compiled
def chosen(passages: F64) -> F64:
    """The passages of one work, in page order, that count: primary ones, and secondary ones near a primary one."""
    keep = np.zeros(passages.shape[0], np.bool_)
    for i in range(passages.shape[0]):
        keep[i] = passages[i, SCORE] >= PRIMARY
    primaries = np.nonzero(keep)[0]
    for i in range(passages.shape[0]):
        if keep[i] or passages[i, SCORE] < SECONDARY:
            continue
        diagonal = passages[i, TEXT_START] - passages[i, PAGE_START]
        for p in primaries:
            if passages[p, PAGE_START] > passages[i, PAGE_END] + NEAR_PAGE:
                break
            apart = max(
                passages[p, PAGE_START] - passages[i, PAGE_END], passages[i, PAGE_START] - passages[p, PAGE_END]
            )
            other = passages[p, TEXT_START] - passages[p, PAGE_START]
            if apart <= NEAR_PAGE and abs(diagonal - other) <= NEAR_DIAGONAL:
                keep[i] = True
                break
    return passages[keep]
