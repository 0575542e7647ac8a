"""Which keypoints two pictures share, and the one map that explains most of them.

Every match says how the registered picture would lie in the query (place, turn and scale: Lowe 2004); the most agreed
on is refined to an affine map, fitted again to what it explains (RANSAC with every match tried: Fischler and Bolles
1981).
"""

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.image.bits import ones
from matcher.image.features import Features

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]
Bools = NDArray[np.bool_]

NEAR = 18
"""Bits of 64 in which two signatures of one keypoint may differ."""
MOST_MATCHES = 150
FEWEST_MATCHES = 5
LOOSE, TIGHT = 14.0, 6.0
"""Distance in which a point must land by a match's own map, and by the fitted one, in registered pixels."""
ANGLE, LEVELS = 0.5, 2.1
REFITS = 5
LARGEST_STRETCH = 1.6
"""Longest over shortest stretch of a map that is believed."""
CELL = 6.0
"""Side of the cells, in registered pixels, that count once: a speckle is not many points."""
ROW_BITS = 16
LAST_ROW = (1 << ROW_BITS) - 1
"""A pair of points is one number: their distance, and both rows in so many bits."""


def matches(work: Features, query: Features) -> tuple[I64, I64, I64]:
    """Rows of both and their distance in bits: nearest one way or the other, best first."""
    ahead, back = _nearest(work.signatures, query.signatures)
    pairs = np.concatenate([ahead, back])
    pairs = np.sort(pairs[pairs >> 2 * ROW_BITS <= NEAR])
    pairs = pairs[np.diff(pairs, prepend=-1) > 0][:MOST_MATCHES]
    return pairs >> ROW_BITS & LAST_ROW, pairs & LAST_ROW, pairs >> 2 * ROW_BITS


def consensus(work: Features, query: Features, rows: I64, asked: I64) -> tuple[Bools, F64] | None:
    """Which matches one affine map (2×3, registered to query) explains, each point once; None if too few."""
    source, target = work.points[rows], query.points[asked]
    turn = (query.angles[asked] - work.angles[rows]) % np.float32(2 * np.pi)
    rise = query.levels[asked].astype(np.float32) - work.levels[rows].astype(np.float32)
    inlying = _best_hypothesis(source, target, turn, rise)
    matrix = np.zeros((2, 3), np.float64)
    for _ in range(REFITS):
        if not _several(inlying, rows) or not _fit(inlying, source, target, matrix):
            return None
        inlying = _explained(matrix, source, target, turn, rise)
    kept = _distinct(inlying, rows, asked, source)
    return (kept, matrix) if kept.sum() >= FEWEST_MATCHES else None


@compiled
def _several(inlying: Bools, rows: I64) -> bool:
    """Whether the inliers are of enough points of the registered picture."""
    seen = np.zeros(LAST_ROW + 1, np.bool_)
    distinct = 0
    for i in range(rows.size):
        if inlying[i] and not seen[rows[i]]:
            seen[rows[i]] = True
            distinct += 1
    return distinct >= FEWEST_MATCHES


@compiled
def _fit(inlying: Bools, source: F32, target: F32, out: F64) -> bool:
    """Put the affine map of least squares of the inliers into `out`; False if it is none that a copy has."""
    count = inlying.sum()
    middle, aim = np.zeros(2), np.zeros(2)
    for i in np.flatnonzero(inlying):
        for k in range(2):
            middle[k] += source[i, k] / count
            aim[k] += target[i, k] / count
    own, both = np.zeros((2, 2)), np.zeros((2, 2))
    for i in np.flatnonzero(inlying):
        for k in range(2):
            for n in range(2):
                own[k, n] += (source[i, k] - middle[k]) * (source[i, n] - middle[n])
                both[k, n] += (target[i, k] - aim[k]) * (source[i, n] - middle[n])
    spread = own[0, 0] * own[1, 1] - own[0, 1] * own[1, 0]
    if spread <= 1e-9 * (own[0, 0] + own[1, 1]) ** 2:
        return False
    for k in range(2):
        out[k, 0] = (both[k, 0] * own[1, 1] - both[k, 1] * own[0, 1]) / spread
        out[k, 1] = (both[k, 1] * own[0, 0] - both[k, 0] * own[0, 1]) / spread
        out[k, 2] = aim[k] - out[k, 0] * middle[0] - out[k, 1] * middle[1]
    determinant = out[0, 0] * out[1, 1] - out[0, 1] * out[1, 0]
    # The squares of both stretches add up to the first, their product is the determinant.
    squares = out[0, 0] ** 2 + out[0, 1] ** 2 + out[1, 0] ** 2 + out[1, 1] ** 2
    return bool(determinant > 1e-4 and squares <= (LARGEST_STRETCH + 1 / LARGEST_STRETCH) * determinant)


@compiled
def _explained(matrix: F64, source: F32, target: F32, turn: F32, rise: F32) -> Bools:
    """The matches that the map explains."""
    determinant = matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]
    turned = np.arctan2(matrix[1, 0] - matrix[0, 1], matrix[0, 0] + matrix[1, 1]) % (2 * np.pi)
    risen = 1.5 * np.log2(determinant)
    inlying = np.zeros(turn.size, np.bool_)
    for i in range(turn.size):
        right = matrix[0, 0] * source[i, 0] + matrix[0, 1] * source[i, 1] + matrix[0, 2] - target[i, 0]
        down = matrix[1, 0] * source[i, 0] + matrix[1, 1] * source[i, 1] + matrix[1, 2] - target[i, 1]
        away = abs(turn[i] - turned)
        near = right * right + down * down <= TIGHT * TIGHT * determinant
        inlying[i] = near and min(away, 2 * np.pi - away) <= ANGLE and abs(rise[i] - risen) <= LEVELS
    return inlying


@compiled
def _distinct(inlying: Bools, rows: I64, asked: I64, source: F32) -> Bools:
    """Each keypoint of either picture once, and each small cell; the best match first."""
    kept = np.zeros(rows.size, np.bool_)
    cells = np.floor(source / np.float32(CELL))
    for i in np.flatnonzero(inlying):
        first = True
        for j in range(i):
            if kept[j]:
                same = cells[i, 0] == cells[j, 0] and cells[i, 1] == cells[j, 1]
                first = first and not same and rows[i] != rows[j] and asked[i] != asked[j]
        kept[i] = first
    return kept


@compiled
def _nearest(wanted: U64, among: U64) -> tuple[I64, I64]:
    """For each signature the nearest of the others, the first of equals, then the same the other way.

    Each as one number, distance over row of `wanted` over row of `among`, so that eight are compared at once.
    """
    ahead = np.empty(wanted.size, np.int64)
    back = np.full(among.size, np.int64(65) << (2 * ROW_BITS), np.int64)
    for i in range(wanted.size):
        nearest = np.int64(65) << (2 * ROW_BITS)
        for j in range(among.size):
            pair = (np.int64(ones(wanted[i] ^ among[j])) << (2 * ROW_BITS)) | (i << ROW_BITS) | j
            nearest = min(nearest, pair)
            back[j] = min(back[j], pair)
        ahead[i] = nearest
    return ahead, back


@compiled
def _best_hypothesis(source: F32, target: F32, turn: F32, rise: F32) -> Bools:
    """The largest set of matches that the place, turn and scale of one of them explain."""
    count = source.shape[0]
    best, here = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    most = 0
    for seed in range(count):
        scale = 2.0 ** (rise[seed] / 3.0)
        cosine, sine = scale * np.cos(turn[seed]), scale * np.sin(turn[seed])
        reach = (LOOSE * scale) ** 2
        agreeing = 0
        for i in range(count):
            x, y = source[i, 0] - source[seed, 0], source[i, 1] - source[seed, 1]
            right = cosine * x - sine * y + target[seed, 0] - target[i, 0]
            down = sine * x + cosine * y + target[seed, 1] - target[i, 1]
            turned = abs(turn[i] - turn[seed])
            turned = min(turned, 2 * np.pi - turned)
            here[i] = right * right + down * down <= reach and turned <= ANGLE and abs(rise[i] - rise[seed]) <= LEVELS
            agreeing += here[i]
        if agreeing > most:
            most = agreeing
            best[:] = here
    return best
