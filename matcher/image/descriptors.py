"""What the surroundings of a point look like, whichever way the picture is turned.

Histograms of gradient directions over a 4×4 grid, turned to the point's main direction (Lowe 2004), with the square
root taken of each entry's share (Arandjelović and Zisserman 2012).
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled

Grey = NDArray[np.uint8]
F32 = NDArray[np.float32]
I64 = NDArray[np.int64]

DIMENSIONS = 128
DIRECTIONS = 36
RADIUS, RADIUS_SIGMA = 8, 4.0
"""Neighbourhood that decides a point's direction, in pixels."""
SAMPLES, STEP, SIGMA = 16, 1.6, 8.0
"""Grid that is described: samples a side, pixels between them, and samples over which their weight falls."""
GRID, BINS = 4, 8
LARGEST_ENTRY = 0.2
STEEPEST = 255


def describe(grey: Grey, points: F32) -> tuple[F32, F32]:
    """Directions (radians, n) and descriptors (n×128) of points (x, y) of a blurred picture."""
    directions, lengths = _gradients()
    return _describe(grey, points.astype(np.float32), directions, lengths, _neighbours())


@lru_cache(maxsize=1)
def mirror_order() -> I64:
    """Where each entry of a descriptor (4 rows × 4 columns × 8 directions) comes from in the mirror image.

    A point's own x axis follows its direction, so mirroring swaps its rows and turns its directions round.
    """
    entries = np.arange(DIMENSIONS).reshape(GRID, GRID, BINS)
    return np.ascontiguousarray(entries[::-1][:, :, -np.arange(BINS) % BINS].reshape(-1))


@lru_cache(maxsize=1)
def _gradients() -> tuple[F32, F32]:
    """Direction (radians, 0 to 2π) and length of every gradient of whole numbers, by down + 255 and across + 255."""
    steps = np.arange(-STEEPEST, STEEPEST + 1, dtype=np.float64)
    down, across = np.meshgrid(steps, steps, indexing="ij")
    directions = np.arctan2(down, across) % (2 * np.pi)
    return directions.astype(np.float32), np.hypot(down, across).astype(np.float32)


@lru_cache(maxsize=1)
def _neighbours() -> F32:
    """Weights of the neighbourhood that decides a direction; 0 outside its circle."""
    steps = np.arange(-RADIUS, RADIUS + 1)
    squares = steps[:, None] ** 2 + steps[None, :] ** 2
    weights = np.exp(-squares / (2 * RADIUS_SIGMA**2)) * (squares <= RADIUS**2)
    return weights.astype(np.float32)


@compiled
def _describe(grey: Grey, points: F32, directions: F32, lengths: F32, near: F32) -> tuple[F32, F32]:
    angles = np.zeros(points.shape[0], np.float32)
    found = np.zeros((points.shape[0], DIMENSIONS), np.float32)
    for i in range(points.shape[0]):
        angles[i] = _direction(grey, points[i], directions, lengths, near)
        _histograms(grey, points[i], angles[i], directions, lengths, found[i])
        _level(found[i])
    return angles, found


@compiled
def _direction(grey: Grey, point: F32, directions: F32, lengths: F32, near: F32) -> float:
    """The direction in which most gradients about a point go."""
    height, width = grey.shape
    column, row = int(point[0] + 0.5), int(point[1] + 0.5)
    histogram = np.zeros(DIRECTIONS, np.float64)
    for y in range(max(1, row - RADIUS), min(height - 1, row + RADIUS + 1)):
        for x in range(max(1, column - RADIUS), min(width - 1, column + RADIUS + 1)):
            weight = near[y - row + RADIUS, x - column + RADIUS]
            if weight == 0.0:
                continue
            down = np.int64(grey[y + 1, x]) - np.int64(grey[y - 1, x]) + STEEPEST
            across = np.int64(grey[y, x + 1]) - np.int64(grey[y, x - 1]) + STEEPEST
            place = directions[down, across] * (DIRECTIONS / (2 * np.pi))
            histogram[int(place) % DIRECTIONS] += weight * lengths[down, across]
    for _ in range(2):
        before = histogram.copy()
        for n in range(DIRECTIONS):
            histogram[n] = (before[n - 1] + before[n] + before[(n + 1) % DIRECTIONS]) / 3.0
    best = int(np.argmax(histogram))
    left, here, right = histogram[best - 1], histogram[best], histogram[(best + 1) % DIRECTIONS]
    bend = left - 2.0 * here + right
    peak = best + 0.5 + (0.5 * (left - right) / bend if bend < 0.0 else 0.0)
    return peak * (2 * np.pi / DIRECTIONS)


@compiled
def _histograms(grey: Grey, point: F32, angle: float, directions: F32, lengths: F32, out: F32) -> None:
    """Add the gradients about a point to the histograms of the grid's cells, each to its nearest cells and bins."""
    height, width = grey.shape
    cosine, sine = np.cos(angle), np.sin(angle)
    middle = (SAMPLES - 1) / 2.0
    for j in range(SAMPLES):
        for i in range(SAMPLES):
            u, v = i - middle, j - middle
            x = int(point[0] + STEP * (u * cosine - v * sine) + 0.5)
            y = int(point[1] + STEP * (u * sine + v * cosine) + 0.5)
            x, y = min(max(x, 1), width - 2), min(max(y, 1), height - 2)
            down = np.int64(grey[y + 1, x]) - np.int64(grey[y - 1, x]) + STEEPEST
            across = np.int64(grey[y, x + 1]) - np.int64(grey[y, x - 1]) + STEEPEST
            length = lengths[down, across]
            if length == 0.0:
                continue
            weight = length * np.exp(-(u * u + v * v) / (2.0 * SIGMA * SIGMA))
            turned = (directions[down, across] - angle) * (BINS / (2 * np.pi)) + BINS
            low = int(turned)
            share = turned - low
            column, row = (u + SAMPLES / 2.0) * GRID / SAMPLES - 0.5, (v + SAMPLES / 2.0) * GRID / SAMPLES - 0.5
            left, top = int(np.floor(column)), int(np.floor(row))
            for a in range(max(0, top), min(GRID, top + 2)):
                for b in range(max(0, left), min(GRID, left + 2)):
                    part = weight * (1.0 - abs(row - a)) * (1.0 - abs(column - b))
                    out[(a * GRID + b) * BINS + low % BINS] += part * (1.0 - share)
                    out[(a * GRID + b) * BINS + (low + 1) % BINS] += part * share


@compiled
def _level(out: F32) -> None:
    """Cut the largest entries off, and take the square root of each entry's share."""
    norm = np.sqrt((out * out).sum()) + 1e-9
    total = 1e-9
    for n in range(DIMENSIONS):
        out[n] = min(out[n] / norm, LARGEST_ENTRY)
        total += out[n]
    for n in range(DIMENSIONS):
        out[n] = np.sqrt(out[n] / total)
