"""Pictures made small: every cell a weighted mean of a few lines and columns, lines first, which is quickest."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled

U8 = NDArray[np.uint8]
F32 = NDArray[np.float32]
I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bands:
    """What each cell along one side of a small picture is made of."""

    first: I64
    """The first line of the picture that counts (n)."""
    weights: F32
    """What it and those after it weigh (n×k), together 1."""


@lru_cache(maxsize=256)
def area(lines: int, cells: int) -> Bands:
    """Cells of equal size, each the mean of what it covers, parts of lines in proportion."""
    edges = np.arange(cells + 1) * (lines / cells)
    first = np.minimum(edges[:-1].astype(np.int64), lines - 1)
    widest = int(np.ceil(lines / cells)) + 1
    first = np.minimum(first, max(0, lines - widest))
    line = first[:, None] + np.arange(min(widest, lines))
    covered = np.minimum(line + 1, edges[1:, None]) - np.maximum(line, edges[:-1, None])
    weights = covered.clip(0)
    return Bands(first=first, weights=(weights / weights.sum(axis=1, keepdims=True)).astype(np.float32))


def shrunk(picture: U8, size: tuple[int, int]) -> U8:
    """A picture (height × width, or × channels) at another width and height, each pixel the mean of what it covers."""
    (width, height), (lines, columns) = size, picture.shape[:2]
    whole = lines % height == 0 and columns % width == 0
    if whole or lines < height or columns < width:
        # Whole ratios OpenCV does quicker, all others slower; and it enlarges.
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    small = resampled(picture, area(lines, height), area(columns, width))
    return np.asarray(np.rint(small, out=small), np.uint8)


def resampled(picture: U8, rows: Bands, columns: Bands) -> F32:
    """A picture (height × width, or × channels) as cells: rows × columns (× channels)."""
    channels = picture.shape[2] if picture.ndim == 3 else 1
    first = (columns.first[:, None] * channels + np.arange(channels)).ravel()
    across = np.ascontiguousarray(np.repeat(columns.weights, channels, axis=0).T)
    lines = picture.reshape(picture.shape[0], -1)
    cells = _resampled(lines, rows.first, rows.weights, first, across, channels)
    return cells.reshape(len(rows.first), len(columns.first), *picture.shape[2:])


@compiled
def _resampled(picture: U8, top: I64, down: F32, left: I64, across: F32, channels: int) -> F32:
    out = np.zeros((top.size, left.size), np.float32)
    line = np.empty(picture.shape[1], np.float32)
    for row in range(top.size):
        line[:] = 0.0
        for k in range(down.shape[1]):
            weight, source = down[row, k], picture[top[row] + k]
            for x in range(line.size):
                line[x] += weight * np.float32(source[x])
        cells = out[row]
        for k in range(across.shape[0]):
            weights, step = across[k], k * channels
            for n in range(left.size):
                # Unsigned, as numba looks twice at what may be negative.
                cells[n] += weights[n] * line[np.uint64(left[n] + step)]
    return out
