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
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
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


def matches(work: Features, query: Features) -> tuple[I64, I64, NDArray[np.int64]]:
    """Rows of both and their distance in bits: nearest one way or the other, best first."""
    to_query, ahead, to_work, back = _nearest(work.signatures, query.signatures)
    pairs = np.concatenate(
        [
            np.column_stack([ahead, np.arange(len(work)), to_query]),
            np.column_stack([back, to_work, np.arange(len(query))]),
        ]
    ).astype(np.int64)
    pairs = np.unique(pairs[pairs[:, 0] <= NEAR], axis=0)[:MOST_MATCHES]
    return pairs[:, 1], pairs[:, 2], pairs[:, 0]


def consensus(work: Features, query: Features, rows: I64, asked: I64) -> tuple[Bools, F64] | None:
    """Which matches one affine map (2×3, registered to query) explains, each point once; None if too few."""
    source, target = work.points[rows], query.points[asked]
    turn = (query.angles[asked] - work.angles[rows]) % np.float32(2 * np.pi)
    rise = query.levels[asked].astype(np.float32) - work.levels[rows].astype(np.float32)
    inlying = _best_hypothesis(source, target, turn, rise)
    matrix: F64 | None = None
    for _ in range(REFITS):
        if np.unique(rows[inlying]).size < FEWEST_MATCHES:
            return None
        matrix = _fitted(source[inlying], target[inlying])
        if matrix is None:
            return None
        scale = float(np.sqrt(np.linalg.det(matrix[:, :2])))
        off = np.linalg.norm(source @ matrix[:, :2].T + matrix[:, 2] - target, axis=1) / scale
        turned = np.arctan2(matrix[1, 0] - matrix[0, 1], matrix[0, 0] + matrix[1, 1])
        inlying = (off <= TIGHT) & (np.abs((turn - turned + np.pi) % (2 * np.pi) - np.pi) <= ANGLE)
        inlying &= np.abs(rise - 3 * np.log2(scale)) <= LEVELS
    kept = _distinct(inlying, rows, asked, source)
    if matrix is None or kept.sum() < FEWEST_MATCHES:
        return None
    return kept, matrix


def _fitted(source: F32, target: F32) -> F64 | None:
    """The affine map of least squares (2×3); None if it is none that a copy has."""
    known = np.column_stack([source, np.ones(len(source))]).astype(np.float64)
    matrix = np.asarray(np.linalg.lstsq(known, target.astype(np.float64), rcond=None)[0].T, np.float64)
    stretches = np.linalg.svd(matrix[:, :2], compute_uv=False)
    believed = np.linalg.det(matrix[:, :2]) > 1e-4 and stretches[0] <= LARGEST_STRETCH * stretches[1]
    return matrix if believed else None


def _distinct(inlying: Bools, rows: I64, asked: I64, source: F32) -> Bools:
    """Each keypoint of either picture once, and each small cell; the best match first."""
    kept = np.zeros(len(rows), bool)
    seen: set[tuple[str, int, int]] = set()
    for i in np.nonzero(inlying)[0].tolist():
        cell = ("cell", int(source[i, 0] // CELL), int(source[i, 1] // CELL))
        marks = {("row", int(rows[i]), 0), ("asked", int(asked[i]), 0), cell}
        if not marks & seen:
            seen |= marks
            kept[i] = True
    return kept


@compiled
def _nearest(wanted: U64, among: U64) -> tuple[I32, I32, I32, I32]:
    """For each signature the nearest of the others and the distance in bits, then the same the other way."""
    rows, best = np.zeros(wanted.size, np.int32), np.full(wanted.size, 65, np.int32)
    back_rows, back = np.zeros(among.size, np.int32), np.full(among.size, 65, np.int32)
    for i in range(wanted.size):
        for j in range(among.size):
            apart = ones(wanted[i] ^ among[j])
            if apart < best[i]:
                best[i], rows[i] = apart, j
            if apart < back[j]:
                back[j], back_rows[j] = apart, i
    return rows, best, back_rows, back


@compiled
def _best_hypothesis(source: F32, target: F32, turn: F32, rise: F32) -> Bools:
    """The largest set of matches that the place, turn and scale of one of them explain."""
    count = source.shape[0]
    best = np.zeros(count, np.bool_)
    here = np.zeros(count, np.bool_)
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
