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
    height, width = grey.shape
    (near, near_weights), (samples, cells, weights) = _neighbours(), _samples()
    asked = points.astype(np.float32)
    return _describe(grey.ravel(), width, height, asked, _gradients(), near, near_weights, samples, cells, weights)


@lru_cache(maxsize=1)
def mirror_order() -> I64:
    """Where each entry of a descriptor (4 rows × 4 columns × 8 directions) comes from in the mirror image.

    A point's own x axis follows its direction, so mirroring swaps its rows and turns its directions round.
    """
    entries = np.arange(DIMENSIONS).reshape(GRID, GRID, BINS)
    return np.ascontiguousarray(entries[::-1][:, :, -np.arange(BINS) % BINS].reshape(-1))


@lru_cache(maxsize=1)
def _gradients() -> F32:
    """Direction (radians, 0 to 2π) and length of every gradient of whole numbers, by down and across + 255 (n×2)."""
    steps = np.arange(-STEEPEST, STEEPEST + 1, dtype=np.float64)
    down, across = np.meshgrid(steps, steps, indexing="ij")
    directions = np.arctan2(down, across) % (2 * np.pi)
    return np.stack([directions, np.hypot(down, across)], axis=2).astype(np.float32).reshape(-1, 2)


@lru_cache(maxsize=1)
def _neighbours() -> tuple[I64, F32]:
    """Steps (x, y) to the pixels that decide a direction, and what each weighs."""
    steps = np.arange(-RADIUS, RADIUS + 1)
    down, across = (part.ravel() for part in np.meshgrid(steps, steps, indexing="ij"))
    squares = across**2 + down**2
    near = squares <= RADIUS**2
    weights = np.exp(-squares[near] / (2 * RADIUS_SIGMA**2))
    return np.column_stack([across, down])[near], weights.astype(np.float32)


@lru_cache(maxsize=1)
def _samples() -> tuple[F32, I64, F32]:
    """Places (u, v) of the grid's samples, the first of the four cells each counts for, and its weight in these.

    Cells are counted in a grid with one more around, so that no sample lies beyond it.
    """
    steps = np.arange(SAMPLES) - (SAMPLES - 1) / 2.0
    places = (steps + SAMPLES / 2.0) * GRID / SAMPLES + 0.5
    first = places.astype(np.int64)
    part = np.column_stack([1 - (places - first), places - first]) * np.exp(-(steps**2) / (2.0 * SIGMA**2))[:, None]
    u, v = np.meshgrid(steps * STEP, steps * STEP)
    cells = first[:, None] * (GRID + 2) + first[None, :]
    weights = part[:, None, :, None] * part[None, :, None, :]
    return (
        np.stack([u, v], axis=2).reshape(-1, 2).astype(np.float32),
        cells.ravel(),
        weights.reshape(-1, 4).astype(np.float32),
    )


@compiled
def _describe(
    grey: Grey,
    width: int,
    height: int,
    points: F32,
    gradients: F32,
    near: I64,
    near_weights: F32,
    samples: F32,
    cells: I64,
    weights: F32,
) -> tuple[F32, F32]:
    angles = np.zeros(points.shape[0], np.float32)
    found = np.zeros((points.shape[0], DIMENSIONS), np.float32)
    for i in range(points.shape[0]):
        angles[i] = _direction(grey, width, height, points[i], gradients, near, near_weights)
        _histograms(grey, width, height, points[i], angles[i], gradients, samples, cells, weights, found[i])
        _level(found[i])
    return angles, found


@compiled
def _gradient(grey: Grey, width: int, x: int, y: int) -> np.uint64:
    """Row of a pixel's gradient in the table of gradients; unsigned, as numba looks twice at what may be negative."""
    place, below, right = np.uint64(y * width + x), np.uint64(width), np.uint64(1)
    down = np.int64(grey[place + below]) - np.int64(grey[place - below]) + STEEPEST
    across = np.int64(grey[place + right]) - np.int64(grey[place - right]) + STEEPEST
    return np.uint64(down * (2 * STEEPEST + 1) + across)


@compiled
def _direction(grey: Grey, width: int, height: int, point: F32, gradients: F32, near: I64, weights: F32) -> float:
    """The direction in which most gradients about a point go."""
    column, row = int(point[0] + 0.5), int(point[1] + 0.5)
    histogram, before = np.zeros(DIRECTIONS, np.float64), np.zeros(DIRECTIONS, np.float64)
    for n in range(near.shape[0]):
        x, y = column + near[n, 0], row + near[n, 1]
        if x < 1 or y < 1 or x >= width - 1 or y >= height - 1:
            continue
        gradient = _gradient(grey, width, x, y)
        place = int(gradients[gradient, 0] * np.float32(DIRECTIONS / (2 * np.pi)))
        histogram[np.uint64(place - DIRECTIONS * (place >= DIRECTIONS))] += weights[n] * gradients[gradient, 1]
    for _ in range(2):
        before[:] = histogram
        for n in range(DIRECTIONS):
            histogram[n] = (before[n - 1] + before[n] + before[(n + 1) % DIRECTIONS]) / 3.0
    best = int(np.argmax(histogram))
    left, here, right = histogram[best - 1], histogram[best], histogram[(best + 1) % DIRECTIONS]
    bend = left - 2.0 * here + right
    peak = best + 0.5 + (0.5 * (left - right) / bend if bend < 0.0 else 0.0)
    return peak * (2 * np.pi / DIRECTIONS)


@compiled
def _histograms(
    grey: Grey,
    width: int,
    height: int,
    point: F32,
    angle: float,
    gradients: F32,
    samples: F32,
    cells: I64,
    weights: F32,
    out: F32,
) -> None:
    """Fill the histograms of the grid's cells with the gradients about a point, each in its nearest cells and bins."""
    cosine, sine = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    right, below = point[0] + np.float32(0.5), point[1] + np.float32(0.5)
    around = np.zeros((GRID + 2) * (GRID + 2) * BINS, np.float32)
    for n in range(cells.size):
        u, v = samples[n, 0], samples[n, 1]
        x = min(max(int(right + u * cosine - v * sine), 1), width - 2)
        y = min(max(int(below + u * sine + v * cosine), 1), height - 2)
        gradient = _gradient(grey, width, x, y)
        length = gradients[gradient, 1]
        turned = (gradients[gradient, 0] - angle) * np.float32(BINS / (2 * np.pi)) + np.float32(2 * BINS)
        low = int(turned)
        more = (turned - np.float32(low)) * length
        less = length - more
        low, high = low % BINS, (low + 1) % BINS
        for m in range(4):
            begin, weight = (cells[n] + m % 2 + (GRID + 2) * (m // 2)) * BINS, weights[n, m]
            around[np.uint64(begin + low)] += weight * less
            around[np.uint64(begin + high)] += weight * more
    for row in range(GRID):
        begin = ((row + 1) * (GRID + 2) + 1) * BINS
        out[row * GRID * BINS : (row + 1) * GRID * BINS] = around[begin : begin + GRID * BINS]


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
