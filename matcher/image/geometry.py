"""Whether the features two pictures share lie in the same arrangement."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.image.features import Features

F64 = NDArray[np.float64]
Floats = NDArray[np.floating]
U64 = NDArray[np.uint64]
I32 = NDArray[np.int32]

NEAR = 34
"""Bits of 128 in which two signatures of one feature may differ."""
FEWEST_MATCHES = 5
TOLERANCE = 0.018
"""Distance in which a point must land, as a share of the registered picture's mean side."""
FEWEST_VISIBLE = 40
"""Below so many visible features the share found is taken of this number: a few points prove little."""
CELLS = 5
FEWEST_IN_CELL = 3
SMALLEST_SHOWN = 0.9
"""Scale at which a registered feature is still large enough in the query to be found, against its smallest feature."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well a registered picture was found in another."""

    inliers: int
    strength: float
    """Inliers weighted by how equal their signatures are (each 0 to 1)."""
    ratio: float
    """Inliers among the registered features that should be visible."""
    cells: float
    """Share of the registered picture's visible cells that hold an inlier."""
    offset: float
    """Median distance by which the inliers miss, as a share of the registered picture's mean side; 0 within half a
    pixel of the coarser picture. Two photographs of one wall agree loosely, a copy to the pixel."""
    skew: float
    """Cosine of the angle into which a right angle of the picture turned: 0 for what was scaled, turned or stretched,
    more for what was photographed from elsewhere."""
    query_box: tuple[int, int, int, int]
    work_box: tuple[int, int, int, int]


def agree(query: Features, query_size: tuple[int, int], work: Features, work_size: tuple[int, int]) -> Agreement | None:
    """Find one plane, similar or slightly sheared view of `work` in `query`; None if too little agrees."""
    if len(query) < FEWEST_MATCHES or len(work) < FEWEST_MATCHES:
        return None
    rows, distances = nearest(work.signatures, query.signatures)
    good = np.nonzero(distances <= NEAR)[0]
    if good.size < FEWEST_MATCHES:
        return None
    source, target = work.points[good], query.points[rows[good]]
    side = float(np.sqrt(work_size[0] * work_size[1]))
    turn = (query.angles[rows[good]] - work.angles[good]) % 360
    grow = query.scales[rows[good]] / np.maximum(1e-3, work.scales[good])
    inlying, matrix = _consensus(source, target, turn, grow, side)
    if matrix is None or inlying.sum() < FEWEST_MATCHES:
        return None
    kept = good[inlying]
    strength = float(((NEAR + 6 - distances[kept]) / (NEAR + 6)).sum())
    visible = _visible(work, work_size, matrix, query, query_size)
    cells = _cell_share(work.points, work_size, visible, kept)
    offset = _offset(source[inlying], target[inlying], matrix)
    return Agreement(
        inliers=int(inlying.sum()),
        strength=strength,
        ratio=float(inlying.sum()) / max(FEWEST_VISIBLE, int(visible.sum())),
        cells=cells,
        offset=offset / side,
        skew=_skew(matrix),
        query_box=_box(target[inlying]),
        work_box=_box(source[inlying]),
    )


@compiled
def nearest(wanted: U64, among: U64) -> tuple[I32, I32]:
    """For each signature the nearest of the others, and the distance; 999 unless it is nearest to it in turn."""
    rows = np.zeros(wanted.shape[0], np.int32)
    best = np.full(wanted.shape[0], 999, np.int32)
    back_row = np.zeros(among.shape[0], np.int32)
    back = np.full(among.shape[0], 999, np.int32)
    for i in range(wanted.shape[0]):
        for j in range(among.shape[0]):
            apart = _ones(wanted[i, 0] ^ among[j, 0]) + _ones(wanted[i, 1] ^ among[j, 1])
            if apart < best[i]:
                best[i], rows[i] = apart, j
            if apart < back[j]:
                back[j], back_row[j] = apart, i
    for i in range(wanted.shape[0]):
        if back_row[rows[i]] != i:
            best[i] = 999
    return rows, best


@compiled
def _ones(x: np.uint64) -> int:
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


def _consensus(
    source: NDArray[np.float32], target: NDArray[np.float32], turn: Floats, grow: Floats, side: float
) -> tuple[NDArray[np.bool_], F64 | None]:
    """The largest set of matches that one similarity explains, refined to an affine map; with that map (2×3)."""
    best = np.zeros(len(source), bool)
    for seed in np.argsort(-_support(turn, grow))[:60]:
        angle, scale = np.radians(turn[seed]), grow[seed]
        rotation = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        moved = (source - source[seed]) @ rotation.T + target[seed]
        off = np.linalg.norm(moved - target, axis=1)
        near = (off <= 2.5 * TOLERANCE * side * scale) & _alike(turn, grow, seed)
        if near.sum() > best.sum():
            best = near
    matrix: F64 | None = None
    for _ in range(3):
        if best.sum() < FEWEST_MATCHES:
            return best, None
        fitted: object = cv2.estimateAffine2D(source[best], target[best], method=cv2.LMEDS)[0]
        if fitted is None:
            return best, None
        matrix = np.asarray(fitted, np.float64)
        scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
        if not 0.02 < scale < 50 or _shear(matrix) > 1.6:
            return best, None
        off = np.linalg.norm(source @ matrix[:, :2].T + matrix[:, 2] - target, axis=1)
        turned = np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0])) % 360
        best = (off <= TOLERANCE * side * scale) & (np.abs((turn - turned + 180) % 360 - 180) <= 30)
        best &= np.abs(np.log(np.maximum(grow, 1e-3) / scale)) <= 0.9
        best = _distinct(best, target, 0.01 * side * scale)
    return best, matrix


def _support(turn: Floats, grow: Floats) -> F64:
    """How many other matches have about the same turn and scale as each."""
    apart = np.abs((turn[:, None] - turn[None, :] + 180) % 360 - 180)
    sizes = np.abs(np.log(np.maximum(grow[:, None], 1e-3) / np.maximum(grow[None, :], 1e-3)))
    return np.asarray(((apart <= 20) & (sizes <= 0.6)).sum(axis=1), np.float64)


def _alike(turn: Floats, grow: Floats, seed: int) -> NDArray[np.bool_]:
    apart = np.abs((turn - turn[seed] + 180) % 360 - 180)
    return np.asarray((apart <= 30) & (np.abs(np.log(np.maximum(grow, 1e-3) / max(grow[seed], 1e-3))) <= 0.9))


def _shear(matrix: F64) -> float:
    """Longest over shortest stretch of an affine map."""
    stretches = np.linalg.svd(matrix[:, :2], compute_uv=False)
    return float(stretches[0] / max(1e-9, stretches[1]))


def _distinct(inlying: NDArray[np.bool_], target: NDArray[np.float32], cell: float) -> NDArray[np.bool_]:
    """One match for each small cell of the query, so that a speckle does not count many times."""
    kept = np.zeros(len(inlying), bool)
    seen: set[tuple[int, int]] = set()
    for i in np.nonzero(inlying)[0]:
        place = (int(target[i, 0] // max(1.0, cell)), int(target[i, 1] // max(1.0, cell)))
        if place not in seen:
            seen.add(place)
            kept[i] = True
    return kept


def _visible(
    work: Features, work_size: tuple[int, int], matrix: F64, query: Features, query_size: tuple[int, int]
) -> NDArray[np.bool_]:
    """Which registered features lie inside the query, at a size at which they could be found."""
    moved = work.points @ matrix[:, :2].T + matrix[:, 2]
    inside = (moved[:, 0] >= 0) & (moved[:, 1] >= 0) & (moved[:, 0] < query_size[0]) & (moved[:, 1] < query_size[1])
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    smallest = float(np.quantile(query.scales, 0.02)) * SMALLEST_SHOWN
    return np.asarray(inside & (work.scales * scale >= smallest))


def _cell_share(
    points: NDArray[np.float32], size: tuple[int, int], visible: NDArray[np.bool_], inliers: NDArray[np.int64]
) -> float:
    """Share of the cells (5×5 over the registered picture) with at least three visible features that hold an inlier."""
    columns = np.clip(points[:, 0] * CELLS / size[0], 0, CELLS - 1).astype(int)
    rows = np.clip(points[:, 1] * CELLS / size[1], 0, CELLS - 1).astype(int)
    cell = rows * CELLS + columns
    full = np.bincount(cell[visible], minlength=CELLS * CELLS) >= FEWEST_IN_CELL
    hit = np.bincount(cell[inliers], minlength=CELLS * CELLS) > 0
    return float((full & hit).sum() / full.sum()) if full.any() else 0.0


def _offset(source: NDArray[np.float32], target: NDArray[np.float32], matrix: F64) -> float:
    """Median distance of the points from where `matrix` puts them, in registered pixels; 0 within half a pixel."""
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    off = np.linalg.norm(source @ matrix[:, :2].T + matrix[:, 2] - target, axis=1) / scale
    median = float(np.median(off))
    return median if median > 0.5 * max(1.0, 1.0 / scale) else 0.0


def _skew(matrix: F64) -> float:
    """Cosine between the axes of the registered picture after `matrix`, or of the query before it: the smaller one."""
    moved = matrix[:, :2]
    cosines = [abs(m[0, 1]) / max(1e-12, np.sqrt(m[0, 0] * m[1, 1])) for m in (moved.T @ moved, moved @ moved.T)]
    return float(min(cosines))


def _box(points: NDArray[np.float32]) -> tuple[int, int, int, int]:
    low, high = points.min(axis=0), points.max(axis=0)
    return int(low[0]), int(low[1]), int(np.ceil(high[0])), int(np.ceil(high[1]))
