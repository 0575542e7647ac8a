"""Corners of a picture at several scales: places found again after it was scaled, turned or painted over.

The response is the product over the sum of the two squared edge strengths about a point (Noble 1988), on a pyramid as
in Rublee et al. 2011. Ranks fall with each better point near by, so that dense text does not use up all points.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled

Grey = NDArray[np.uint8]
F32 = NDArray[np.float32]

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
        above = plain[max(0, level - PER_OCTAVE)]
        plain.append(np.asarray(cv2.resize(above, size, interpolation=cv2.INTER_AREA), np.uint8))
    return [np.asarray(cv2.GaussianBlur(level, (5, 5), 1.0), np.uint8) for level in plain]


def corners(levels: list[Grey], most: int) -> list[F32]:
    """For each level its best points, at most `most` in all: rows of x, y in pixels of the level."""
    shares = LEVEL_SHARE ** np.arange(len(levels))
    quotas = most * shares / shares.sum()
    found, unused = [], 0.0
    for level, (grey, quota) in enumerate(zip(levels, quotas, strict=True)):
        wanted = int(quota + unused)
        kept = _spread(_peaks(_response(grey)), CELL if level < PER_OCTAVE else CELL_HIGH)[:wanted]
        unused += quota - len(kept)
        found.append(kept[:, :2])
    return found


def _spread(peaks: F32, cell: int) -> F32:
    """Rows of x, y, response, best first, each ranked below the better ones of its cell."""
    ranked = peaks[np.argsort(-peaks[:, 2], kind="stable")]
    cells = (ranked[:, 1] // cell).astype(np.int64) * 65_536 + (ranked[:, 0] // cell).astype(np.int64)
    order = np.argsort(cells, kind="stable")
    _, first, counts = np.unique(cells[order], return_index=True, return_counts=True)
    before = np.empty(len(ranked), np.int64)
    before[order] = np.arange(len(ranked)) - np.repeat(first, counts)
    return ranked[np.argsort(CROWDING * before - np.log(ranked[:, 2]), kind="stable")]


@compiled
def _response(grey: Grey) -> F32:
    """Product over sum of the edge strengths about each pixel, over 5×5 pixels; 0 at the margin."""
    height, width = grey.shape
    out = np.zeros((height, width), np.float32)
    sums = np.zeros((3, height, width), np.int32)
    row = np.zeros((3, width), np.int32)
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            across = np.int32(grey[y, x + 1]) - np.int32(grey[y, x - 1])
            down = np.int32(grey[y + 1, x]) - np.int32(grey[y - 1, x])
            row[0, x], row[1, x], row[2, x] = across * across, across * down, down * down
        for n in range(3):
            for x in range(3, width - 3):
                sums[n, y, x] = row[n, x - 2] + row[n, x - 1] + row[n, x] + row[n, x + 1] + row[n, x + 2]
    total = np.zeros((3, width), np.int32)
    for y in range(3, height - 3):
        for n in range(3):
            for x in range(3, width - 3):
                total[n, x] = (
                    sums[n, y - 2, x] + sums[n, y - 1, x] + sums[n, y, x] + sums[n, y + 1, x] + sums[n, y + 2, x]
                )
        for x in range(3, width - 3):
            a, b, c = np.float64(total[0, x]), np.float64(total[1, x]), np.float64(total[2, x])
            out[y, x] = (a * c - b * b) / (a + c + 1.0)
    return out


@compiled
def _peaks(response: F32) -> F32:
    """Points of largest response within two pixels, to a fraction of a pixel: rows of x, y, response."""
    height, width = response.shape
    found = np.empty((height * width // 6 + 1, 3), np.float32)
    count = 0
    for y in range(MARGIN, height - MARGIN):
        for x in range(MARGIN, width - MARGIN):
            here = response[y, x]
            if here < WEAKEST or here <= response[y, x - 1] or here < response[y, x + 1]:
                continue
            if not _is_peak(response, y, x):
                continue
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
