"""What ungapped passages leave open: alignments with gaps, between two passages and beyond the last one.

The scores are those of the passages; a token that only one side has costs GAP. Between two passages the alignment is
global (Needleman and Wunsch 1970); beyond one it stops when its score has fallen DROP below its best (gapped BLAST,
Altschul et al. 1997), within a band around the diagonal.
"""

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled

I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
F32 = NDArray[np.float32]
Index = int | np.int64

MISMATCH, GAP = 0.8, 1.2
DROP = 14.0
BAND = 16
"""Tokens by which a prolonged passage may leave its diagonal, to either side."""
FARTHEST = 240
"""Tokens by which a passage is prolonged at most."""
WIDTH = 2 * BAND + 1
UNREACHED = -1e9
BOTH, PAGE_ONLY, WORK_ONLY = 0, 1, 2


@compiled
def bridge(page: U16, gains: F32, text: U16, q0: Index, q1: Index, g0: Index, g1: Index, partner: I64) -> None:
    """Align `page[q0:q1]` with `text[g0:g1]` whole; `partner` gets what stands opposite each equal token."""
    rows, columns = max(0, q1 - q0), max(0, g1 - g0)
    best = np.empty((rows + 1, columns + 1), np.float32)
    for j in range(columns + 1):
        best[rows, j] = -GAP * (columns - j)
    for i in range(rows - 1, -1, -1):
        best[i, columns] = -GAP * (rows - i)
        token = page[q0 + i]
        gain = gains[q0 + i]
        for j in range(columns - 1, -1, -1):
            both = best[i + 1, j + 1] + (gain if token == text[g0 + j] else -MISMATCH)
            best[i, j] = max(both, best[i + 1, j] - GAP, best[i, j + 1] - GAP)
    i = j = 0
    while i < rows and j < columns:
        equal = page[q0 + i] == text[g0 + j]
        if best[i, j] == np.float32(best[i + 1, j + 1] + (gains[q0 + i] if equal else -MISMATCH)):
            if equal:
                partner[q0 + i] = g0 + j
            i += 1
            j += 1
        elif best[i, j] == np.float32(best[i + 1, j] - GAP):
            i += 1
        else:
            j += 1


@compiled
def prolong(
    page: U16, gains: F32, text: U16, q: Index, g: Index, page_stop: Index, text_stop: Index, step: int, partner: I64
) -> int:
    """Go on from (q, g) in direction `step`, with gaps; how many tokens of the page were covered.

    `partner` gets what stands opposite each equal token.
    """
    longest = min(FARTHEST, (page_stop - q) * step)
    most = (text_stop - g) * step
    if longest <= 0 or most <= 0:
        return 0
    moves = np.empty((longest + 1, WIDTH), np.uint8)
    end, band = _scored(page, gains, text, q, g, longest, most, step, moves)
    i, b = end, band
    while i > 0:
        if moves[i, b] == BOTH:
            at, place = q + (i - 1) * step, g + (i + b - BAND - 1) * step
            if page[at] == text[place]:
                partner[at] = place
            i -= 1
        elif moves[i, b] == PAGE_ONLY:
            i -= 1
            b += 1
        else:
            b -= 1
    return end


@compiled
def _scored(
    page: U16, gains: F32, text: U16, q: Index, g: Index, longest: Index, most: Index, step: int, moves: U8
) -> tuple[int, int]:
    """Where the best alignment ends. Cell (i, b) has taken i tokens of the page and i + b - BAND of the work."""
    row = np.full(WIDTH, np.float32(UNREACHED))
    for b in range(BAND, WIDTH):
        row[b] = -GAP * (b - BAND)
        moves[0, b] = WORK_ONLY
    best, best_i, best_b = 0.0, 0, BAND
    for i in range(1, longest + 1):
        token, gain = page[q + (i - 1) * step], gains[q + (i - 1) * step]
        highest = UNREACHED
        for b in range(WIDTH):
            j = i + b - BAND
            value, move = UNREACHED, PAGE_ONLY
            if 1 <= j <= most:
                value, move = row[b] + (gain if token == text[g + (j - 1) * step] else -MISMATCH), BOTH
                if b > 0 and row[b - 1] - GAP > value:
                    value, move = row[b - 1] - GAP, WORK_ONLY
            if b + 1 < WIDTH and row[b + 1] - GAP > value:
                value, move = row[b + 1] - GAP, PAGE_ONLY
            row[b], moves[i, b] = value, move
            highest = max(highest, value)
            if value > best:
                best, best_i, best_b = value, i, b
        if highest < best - DROP:
            break
    return best_i, best_b
