"""Local features: points of a picture that are found again after cropping, scaling, turning and painting over.

SIFT keypoints (Lowe 2004) with square-rooted descriptors (Arandjelović and Zisserman 2012), each reduced to a signature
of 128 bits by the signs of fixed random projections.
"""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
F32 = NDArray[np.float32]

REGISTERED_SIDE, QUERY_SIDE = 320, 512
"""Pictures are scaled so that the square root of their area is this: queries larger, for pictures inside pictures."""
REGISTERED_MOST, QUERY_MOST = 250, 700
LONGEST_SIDE = 2.2
MOST_ENLARGED = 3.0
CELL = 40
CROWDING = 1.4
"""How much a point's rank falls with each stronger point in its cell: dense text must not use up all points."""
BITS = 128
SEED = 20_261_122


@dataclass(frozen=True, slots=True)
class Features:
    """Parallel arrays, one row a keypoint, in pixels of the decoded picture."""

    points: F32
    """x, y."""
    angles: F32
    """Degrees."""
    scales: F32
    signatures: NDArray[np.uint64]
    """Two words each."""
    mirrored: NDArray[np.uint64]
    """What the signatures would be in the mirror image of the picture."""

    def __len__(self) -> int:
        return int(self.points.shape[0])


def extract(grey: Grey, *, registering: bool) -> Features:
    """The features of a picture: fewer of a registered one, to keep the index small."""
    side, most = (REGISTERED_SIDE, REGISTERED_MOST) if registering else (QUERY_SIDE, QUERY_MOST)
    height, width = grey.shape
    scale = min(MOST_ENLARGED, side / np.sqrt(width * height), LONGEST_SIDE * side / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    scaled = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    detector = _detector(most)
    keypoints, descriptors = detector.compute(scaled, _spread(detector.detect(scaled, None), most))
    if not keypoints:
        return from_arrays(np.zeros((0, 4), np.float32), np.zeros((0, 2), np.uint64), np.zeros((0, 2), np.uint64))
    table = np.array([(*k.pt, k.angle, k.size) for k in keypoints], np.float32)
    ratio = np.array(
        [width / size[0], height / size[1], 1.0, np.sqrt(width * height / (size[0] * size[1]))], np.float32
    )
    found = np.asarray(descriptors, np.float32)
    return from_arrays(table * ratio, signatures(found), signatures(found[:, _mirror_order()]))


def from_arrays(table: F32, codes: NDArray[np.uint64], mirrored: NDArray[np.uint64]) -> Features:
    """Features from rows of x, y, angle, scale, and their signatures."""
    return Features(points=table[:, :2], angles=table[:, 2], scales=table[:, 3], signatures=codes, mirrored=mirrored)


def mirror(features: Features, width: int) -> Features:
    """The features of the mirror image of a picture that is `width` pixels wide."""
    points = features.points * np.array([-1, 1], np.float32) + np.array([width, 0], np.float32)
    return Features(
        points=points,
        angles=(180 - features.angles) % 360,
        scales=features.scales,
        signatures=features.mirrored,
        mirrored=features.signatures,
    )


def signatures(descriptors: F32) -> NDArray[np.uint64]:
    """The 128-bit signatures (n×2) of SIFT descriptors (n×128)."""
    rooted = np.sqrt(descriptors / np.maximum(1e-6, descriptors.sum(axis=1, keepdims=True)))
    return np.packbits(rooted @ _projections() > 0, axis=1).view(np.uint64)


@lru_cache(maxsize=4)
def _detector(most: int) -> cv2.SIFT:
    return cv2.SIFT.create(nfeatures=4 * most, contrastThreshold=0.015, edgeThreshold=12)


@lru_cache(maxsize=1)
def _mirror_order() -> NDArray[np.int64]:
    """Where each entry of a SIFT descriptor (4 rows × 4 columns × 8 directions) comes from in the mirror image.

    A keypoint's own x axis follows its direction, so mirroring swaps its rows and turns its directions round.
    """
    entries = np.arange(128).reshape(4, 4, 8)
    return entries[::-1][:, :, -np.arange(8) % 8].reshape(-1)


@lru_cache(maxsize=1)
def _projections() -> F32:
    """Random directions that ignore what all descriptors have in common (each sums to zero)."""
    directions = np.random.default_rng(SEED).standard_normal((128, BITS))
    return np.asarray(directions - directions.mean(axis=0), np.float32)


def _spread(keypoints: object, most: int) -> list[cv2.KeyPoint]:
    """The strongest keypoints, evenly over the picture."""
    ranked = sorted(keypoints, key=lambda k: -k.response)  # type: ignore[call-overload]  # cv2 names no element type
    crowd: dict[tuple[int, int], int] = {}
    scored = []
    for keypoint in ranked:
        cell = (int(keypoint.pt[0] // CELL), int(keypoint.pt[1] // CELL))
        before = crowd.get(cell, 0)
        crowd[cell] = before + 1
        scored.append((np.log(keypoint.response) - CROWDING * np.log1p(before), keypoint))
    scored.sort(key=lambda pair: -pair[0])
    return [keypoint for _, keypoint in scored[:most]]
