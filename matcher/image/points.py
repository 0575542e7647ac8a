"""The described points of a picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.image.corners import corners, pyramid
from matcher.image.descriptors import DIMENSIONS, describe

Grey = NDArray[np.uint8]
F32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Points:
    """Parallel arrays, one row a point."""

    points: F32
    """x, y in pixels of the picture."""
    angles: F32
    """Radians."""
    levels: NDArray[np.uint8]
    """Level of the pyramid; three to an octave."""
    descriptors: F32


def described(grey: Grey, most: int) -> Points:
    """The best points of a picture, finest first, with what is around them."""
    points, angles, levels, descriptors = [], [], [], []
    images = pyramid(grey)
    for level, (image, found) in enumerate(zip(images, corners(images, most), strict=True)):
        turned, told = describe(image, found)
        ratio = np.array([grey.shape[1] / image.shape[1], grey.shape[0] / image.shape[0]], np.float32)
        points.append((found + 0.5) * ratio - 0.5)
        angles.append(turned)
        levels.append(np.full(len(found), level, np.uint8))
        descriptors.append(told)
    return Points(
        points=np.concatenate(points).astype(np.float32).reshape(-1, 2),
        angles=np.concatenate(angles),
        levels=np.concatenate(levels),
        descriptors=np.concatenate(descriptors).reshape(-1, DIMENSIONS),
    )
