"""How the picture of a work lies in the picture of a query, and the frames of both laid over each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.image.consensus import FEWEST_MATCHES, consensus, matches
from matcher.image.features import Features
from matcher.video.prints import THUMB

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]

WHOLE: F64 = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
"""The work's picture fills the query's."""
FEWEST_POINTS = 8
LEAST_SEEN = 0.2
"""Share of the work's picture that the query must show."""
FAINTEST = 6.0
"""Spread of a frame's grey below which it counts as noise."""


@dataclass(frozen=True, slots=True)
class View:
    """The frames of a query as far as they show the work's picture: one row a frame, of mean 0 and spread 1."""

    frames: F32
    """A column for each place that is seen."""
    seen: Bools
    """Which of the THUMB² places of the work's picture the query shows."""


def map_between(work: Features, query: Features) -> F64 | None:
    """The affine map (2×3) from places in the work's picture to places in the query's, both as shares of the sides."""
    if min(len(work), len(query)) < FEWEST_MATCHES:
        return None
    rows, asked, _ = matches(work, query)
    found = consensus(work, query, rows, asked) if rows.size >= FEWEST_MATCHES else None
    if found is None or int(found[0].sum()) < FEWEST_POINTS:
        return None
    matrix, own, other = found[1], np.array(work.size, np.float64), np.array(query.size, np.float64)
    moved = matrix[:, 2] + matrix[:, :2] @ np.array([-0.5, -0.5]) + 0.5
    return np.column_stack([matrix[:, :2] * own / other[:, None], moved / other])


def view(thumbs: NDArray[np.uint8], placed: F64) -> View | None:
    """Small pictures of a query's frames, laid over the work's by the map `placed`; None if they show little of it."""
    middle = (np.arange(THUMB) + 0.5) / THUMB
    x, y = np.meshgrid(middle, middle)
    across, down = placed[:, :2] @ np.stack([x.ravel(), y.ravel()]) + placed[:, 2:]
    seen = (across >= 0) & (across <= 1) & (down >= 0) & (down <= 1)
    if seen.mean() < LEAST_SEEN:
        return None
    right, low = (np.clip(share * THUMB - 0.5, 0, THUMB - 1.001) for share in (across, down))
    column, row = right.astype(int), low.astype(int)
    u, v = (right - column).astype(np.float32), (low - row).astype(np.float32)
    grey, at = thumbs.astype(np.float32), row * THUMB + column
    above = grey[:, at] * (1 - u) + grey[:, at + 1] * u
    below = grey[:, at + THUMB] * (1 - u) + grey[:, at + THUMB + 1] * u
    return View(levelled(above * (1 - v) + below * v, seen), seen)


def flipped(thumbs: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The mirror images of small pictures."""
    return thumbs.reshape(-1, THUMB, THUMB)[:, :, ::-1].reshape(-1, THUMB * THUMB)


def levelled(frames: F32, seen: Bools) -> F32:
    """The places of frames that are seen, with mean 0 and spread 1 in each frame."""
    part = frames[:, seen]
    part = part - part.mean(axis=1, keepdims=True)
    return np.ascontiguousarray(part / np.maximum(part.std(axis=1, keepdims=True), FAINTEST), np.float32)
