"""Corners of a picture at several scales: places found again after it was scaled, turned or painted over.

The response is the product over the sum of the two squared edge strengths about a point (Noble 1988), on a pyramid as
in Rublee et al. 2011. Ranks fall with each better point near by, so that dense text does not use up all points.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.image.resampling import shrunk

Grey = NDArray[np.uint8]
F32 = NDArray[np.float32]
I64 = NDArray[np.int64]

LEVELS = 9
PER_OCTAVE = 3
"""Each level is smaller than the one before by the cube root of two."""
SHORTEST_SIDE = 24
WEAKEST = 150.0
MARGIN = 6
CELL, CELL_HIGH = 48, 24
"""Side of the cells in which points crowd one another, in pixels of the level; the second from level 3 up."""
CROWDING = 1.4
"""How much the logarithm of a point's response falls with each better point in its cell."""
LEVEL_SHARE = 0.8
"""Points of each level against those of the level before."""


def pyramid(grey: Grey) -> list[Grey]:
    """The picture at falling scales, each blurred a little: level 0 is as large as the picture."""
    height, width = grey.shape
    plain: list[Grey] = [grey]
    for level in range(1, LEVELS):
        ratio = 2 ** (-level / PER_OCTAVE)
        size = (round(width * ratio), round(height * ratio))
        if min(size) < SHORTEST_SIDE:
            break
        # Halved from an octave before, or from the whole picture: never scaled many times over.
        plain.append(shrunk(plain[max(0, level - PER_OCTAVE)], size))
    return [np.asarray(cv2.GaussianBlur(level, (5, 5), 1.0), np.uint8) for level in plain]


def corners(levels: list[Grey], most: int) -> list[F32]:
    """For each level its best points, at most `most` in all: rows of x, y in pixels of the level."""
    shares = LEVEL_SHARE ** np.arange(len(levels))
    quotas = most * shares / shares.sum()
    found, unused = [], 0.0
    for level, (grey, quota) in enumerate(zip(levels, quotas, strict=True)):
        wanted = int(quota + unused)
        kept = _spread(_peaks(_response(grey)), CELL if level < PER_OCTAVE else CELL_HIGH, wanted)
        unused += quota - len(kept)
        found.append(kept[:, :2])
    return found


def _spread(peaks: F32, cell: int, most: int) -> F32:
    """The best rows of x, y, response, at most so many, each ranked below the better ones of its cell."""
    if not len(peaks):
        return peaks
    # Response, largest first, over row as one number: sorted several times as fast. Such floats order as their bits do.
    order = np.sort((-peaks[:, 2].copy().view(np.int32).astype(np.int64) << 32) + np.arange(len(peaks)))
    ranked = peaks[order & 0xFFFFFFFF]
    rank = CROWDING * _better(ranked, cell) - np.log(ranked[:, 2])
    if most < len(ranked):
        chosen = np.flatnonzero(rank <= np.partition(rank, most)[most])
        ranked, rank = ranked[chosen], rank[chosen]
    best: F32 = ranked[np.argsort(rank, kind="stable")[:most]]
    return best


@compiled
def _better(ranked: F32, cell: int) -> I64:
    """How many rows before each lie in its cell."""
    seen = np.zeros((int(ranked[:, 1].max()) // cell + 1, int(ranked[:, 0].max()) // cell + 1), np.int64)
    before = np.empty(ranked.shape[0], np.int64)
    for i in range(ranked.shape[0]):
        row, column = int(ranked[i, 1]) // cell, int(ranked[i, 0]) // cell
        before[i] = seen[row, column]
        seen[row, column] += 1
    return before


@compiled
def _response(grey: Grey) -> F32:
    """Product over sum of the edge strengths about each pixel, over 5×5 pixels; 0 at the margin."""
    height, width = grey.shape
    out = np.zeros((height, width), np.float32)
    # Sums across of the last five lines, and of these sums down: the newest is added, the oldest taken away.
    sums, total = np.zeros((5, 3, width), np.int32), np.zeros((3, width), np.int32)
    edges = np.zeros((3, width), np.int32)
    for y in range(1, height - 1):
        above, here, below = grey[y - 1], grey[y], grey[y + 1]
        aa, ad, dd = edges[0], edges[1], edges[2]
        for x in range(1, width - 1):
            across = np.int32(here[x + 1]) - np.int32(here[x - 1])
            down = np.int32(below[x]) - np.int32(above[x])
            aa[x], ad[x], dd[x] = across * across, across * down, down * down
        for n in range(3):
            oldest, sum_, edge = sums[y % 5, n], total[n], edges[n]
            for x in range(3, width - 3):
                newest = edge[x - 2] + edge[x - 1] + edge[x] + edge[x + 1] + edge[x + 2]
                sum_[x] += newest - oldest[x]
                oldest[x] = newest
        if y < 5:
            continue
        row, first, second, third = out[y - 2], total[0], total[1], total[2]
        for x in range(3, width - 3):
            a, b, c = np.float64(first[x]), np.float64(second[x]), np.float64(third[x])
            # A division that may not fail, so that eight are done at once.
            row[x] = np.divide(a * c - b * b, a + c + 1.0)
    return out


@compiled
def _peaks(response: F32) -> F32:
    """Points of largest response within two pixels, to a fraction of a pixel: rows of x, y, response."""
    height, width = response.shape
    found = np.empty((height * width // 6 + 1, 3), np.float32)
    likely, places = np.empty(width, np.uint8), np.empty(width + 1, np.int64)
    count = 0
    for y in range(MARGIN, height - MARGIN):
        above, row, below = response[y - 1], response[y], response[y + 1]
        for x in range(MARGIN, width - MARGIN):
            here = row[x]
            strongest = (here >= WEAKEST) & (here > row[x - 1]) & (here >= row[x + 1])
            likely[x] = strongest & (here > above[x]) & (here >= below[x])
        some = 0
        for x in range(MARGIN, width - MARGIN):
            places[some] = x
            some += likely[x]
        for x in places[:some]:
            if not _is_peak(response, y, x):
                continue
            here = response[y, x]
            found[count, 0] = x + _vertex(response[y, x - 1], here, response[y, x + 1])
            found[count, 1] = y + _vertex(response[y - 1, x], here, response[y + 1, x])
            found[count, 2] = here
            count += 1
    return found[:count]


@compiled
def _is_peak(response: F32, y: int, x: int) -> bool:
    """Whether no pixel within two is stronger; of equal ones the first counts."""
    here = response[y, x]
    for down in range(-2, 3):
        for across in range(-2, 3):
            other = response[y + down, x + across]
            if other > here or (other == here and (down < 0 or (down == 0 and across < 0))):
                return False
    return True


@compiled
def _vertex(before: float, here: float, after: float) -> float:
    """Where a parabola through three values one apart is highest, against the middle one."""
    bend = before - 2.0 * here + after
    return 0.5 * (before - after) / bend if bend < 0.0 else 0.0
