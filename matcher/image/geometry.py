"""Whether the features two pictures share lie in the same arrangement, and how much of the registered one was found."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.image.consensus import FEWEST_MATCHES, consensus, matches
from matcher.image.features import Features

F64 = NDArray[np.float64]

FULL_WEIGHT = 20.0
"""Bits of difference at which a match would weigh nothing."""
FEWEST_VISIBLE = 60
"""Below so many visible features the share found is taken of this number: a few points prove little."""
CELLS = 5
FEWEST_IN_CELL = 3
SMALLEST_SHOWN = -1.0
"""Level in the query, against its finest, from which a registered feature is large enough to be found."""


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
    placement: F64
    """The map that explains the inliers (2×3), from the registered picture to the query, in shares of their sides."""
    query_box: tuple[float, float, float, float]
    """Where in the query it was found, as shares of its width and height: left, top, right, bottom."""
    work_box: tuple[float, float, float, float]


def agree(query: Features, work: Features, strength: float = 0.0) -> Agreement | None:
    """Find one plane, similar or slightly sheared view of `work` in `query`; None if less than `strength` agrees."""
    if len(query) < FEWEST_MATCHES or len(work) < FEWEST_MATCHES:
        return None
    rows, asked, distances = matches(work, query)
    if rows.size < FEWEST_MATCHES or _strength(distances) < strength:
        return None
    found = consensus(work, query, rows, asked)
    if found is None or _strength(distances[found[0]]) < strength:
        return None
    inlying, matrix = found
    source, target = work.points[rows[inlying]], query.points[asked[inlying]]
    visible = _visible(work, query, matrix)
    inliers = int(inlying.sum())
    return Agreement(
        inliers=inliers,
        strength=_strength(distances[inlying]),
        ratio=min(1.0, inliers / max(FEWEST_VISIBLE, int(visible.sum()))),
        cells=_cell_share(work, visible, rows[inlying]),
        offset=_offset(work, query, rows[inlying], asked[inlying], matrix),
        skew=_skew(matrix),
        placement=_in_shares(matrix, work.size, query.size),
        query_box=_box(target, query.size),
        work_box=_box(source, work.size),
    )


def _strength(distances: NDArray[np.int64]) -> float:
    return float((1 - distances / FULL_WEIGHT).sum())


def _in_shares(matrix: F64, work: tuple[int, int], query: tuple[int, int]) -> F64:
    """A map of pixels as one of shares of the sides: the middle of pixel n lies n + 0.5 from the edge."""
    turned = matrix[:, :2] * np.array(work) / np.array(query)[:, None]
    moved = (matrix[:, 2] - 0.5 * matrix[:, :2].sum(axis=1) + 0.5) / np.array(query)
    return np.column_stack([turned, moved])


def _scale(matrix: F64) -> float:
    return float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))


def _visible(work: Features, query: Features, matrix: F64) -> NDArray[np.bool_]:
    """Which registered features lie inside the query, at a size at which they could be found."""
    moved = work.points @ matrix[:, :2].T + matrix[:, 2]
    inside = ((moved >= 0) & (moved < np.array(query.size))).all(axis=1)
    return np.asarray(inside & (work.levels + 3 * np.log2(_scale(matrix)) >= SMALLEST_SHOWN))


def _cell_share(work: Features, visible: NDArray[np.bool_], inliers: NDArray[np.int64]) -> float:
    """Share of the cells (5×5 over the registered picture) with at least three visible features that hold an inlier."""
    columns, rows = np.clip(work.points * CELLS / np.array(work.size), 0, CELLS - 1).astype(int).T
    cell = rows * CELLS + columns
    full = np.bincount(cell[visible], minlength=CELLS * CELLS) >= FEWEST_IN_CELL
    hit = np.bincount(cell[inliers], minlength=CELLS * CELLS) > 0
    return float((full & hit).sum() / full.sum()) if full.any() else 0.0


def _offset(work: Features, query: Features, rows: NDArray[np.int64], asked: NDArray[np.int64], matrix: F64) -> float:
    """Median distance of the finer half of the points from where `matrix` puts them, by the registered side.

    A coarse point is known to fewer pixels. Within half a pixel of the coarser picture it is 0.
    """
    scale = _scale(matrix)
    fineness = np.maximum(2.0 ** (work.levels[rows] / 3), 2.0 ** (query.levels[asked] / 3) / scale)
    off = np.linalg.norm(work.points[rows] @ matrix[:, :2].T + matrix[:, 2] - query.points[asked], axis=1) / scale
    fine = off[fineness <= np.median(fineness)]
    median = float(np.median(fine))
    side = float(np.sqrt(work.size[0] * work.size[1]))
    return median / side if median > 0.5 * max(1.0, 1.0 / scale) else 0.0


def _skew(matrix: F64) -> float:
    """Cosine between the axes of the registered picture after `matrix`, or of the query before it: the smaller one."""
    moved = matrix[:, :2]
    cosines = [abs(m[0, 1]) / max(1e-12, np.sqrt(m[0, 0] * m[1, 1])) for m in (moved.T @ moved, moved @ moved.T)]
    return float(min(cosines))


def _box(points: NDArray[np.float32], size: tuple[int, int]) -> tuple[float, float, float, float]:
    left, top = (points.min(axis=0) / np.array(size)).clip(0, 1).tolist()
    right, bottom = (points.max(axis=0) / np.array(size)).clip(0, 1).tolist()
    return left, top, right, bottom
