"""Local features: points of a picture that are found again after cropping, scaling, turning and painting over.

Each is kept as a signature of 64 bits, compared bit by bit, and a word, by which the index finds it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from matcher.image.descriptors import DIMENSIONS, mirror_order
from matcher.image.points import described
from matcher.image.resampling import shrunk
from matcher.image.tables import tables

Grey = NDArray[np.uint8]
F32 = NDArray[np.float32]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]

REGISTERED_SIDE = 320
"""Registered pictures are scaled so that the square root of their area is this."""
QUERY_SIDES, QUERY_SHARE = (512, 768), 0.75
"""Queries are scaled to this share of their size within these bounds: a large one may be a page with pictures on it."""
PAGE_SIDE = 680
"""Side from which a query, as scaled, may be a page: it had 900 before."""
REGISTERED_MOST, QUERY_MOST = 180, 450
"""Points of a registered picture, and of a query of the least size; a larger one has more in proportion."""
LONGEST_SIDE = 2.2
MOST_ENLARGED = 4.0


@dataclass(frozen=True, slots=True)
class Features:
    """Parallel arrays, one row a point, in pixels of the scaled picture."""

    size: tuple[int, int]
    """Width and height of the scaled picture."""
    points: F32
    """x, y."""
    angles: F32
    """Radians."""
    levels: NDArray[np.uint8]
    """Three to an octave: what is twice as large stands three levels higher."""
    signatures: U64
    words: U32
    mirrored_signatures: U64
    """What the signatures would be in the mirror image of the picture; empty for a registered one."""
    mirrored_words: U32

    def __len__(self) -> int:
        return int(self.points.shape[0])


def halves(features: Features) -> list[Features]:
    """The two halves of a large query, cut across its longer side; none of another.

    On a page that shows a small picture beside much text the text's words outvote the picture's; in one half they
    are fewer.
    """
    width, height = features.size
    if width * height < PAGE_SIDE**2:
        return []
    axis, middle = (0, width / 2) if width >= height else (1, height / 2)
    before = features.points[:, axis] < middle
    return [_rows(features, before), _rows(features, ~before)]


def _rows(features: Features, kept: NDArray[np.bool_]) -> Features:
    return Features(
        size=features.size,
        points=features.points[kept],
        angles=features.angles[kept],
        levels=features.levels[kept],
        signatures=features.signatures[kept],
        words=features.words[kept],
        mirrored_signatures=features.mirrored_signatures[kept],
        mirrored_words=features.mirrored_words[kept],
    )


def feature_size(size: tuple[int, int], *, registering: bool) -> tuple[int, int]:
    """Width and height at which the features of a picture of `size` are looked for."""
    return scaled_size(size, _side(size, registering=registering))


def _side(size: tuple[int, int], *, registering: bool) -> float:
    least, most = (REGISTERED_SIDE, REGISTERED_SIDE) if registering else QUERY_SIDES
    return min(most, max(least, QUERY_SHARE * float(np.sqrt(size[0] * size[1]))))


def scaled_size(size: tuple[int, int], side: float) -> tuple[int, int]:
    """Width and height in the proportions of `size`, of about side × side pixels; not much enlarged, nor very long."""
    width, height = size
    ratio = min(MOST_ENLARGED, side / np.sqrt(width * height), LONGEST_SIDE * side / max(width, height))
    return max(1, round(width * ratio)), max(1, round(height * ratio))


def scaled(grey: Grey, side: float) -> Grey:
    """The picture at the size at which its features are looked for."""
    size = scaled_size((grey.shape[1], grey.shape[0]), side)
    if size[0] < grey.shape[1]:
        return shrunk(grey, size)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def extract(grey: Grey, *, registering: bool) -> Features:
    """The features of a picture: fewer of a registered one, to keep the index small."""
    side = _side((grey.shape[1], grey.shape[0]), registering=registering)
    most = REGISTERED_MOST if registering else round(QUERY_MOST * side / QUERY_SIDES[0])
    return features_of(scaled(grey, side), most, mirrored=not registering)


def features_of(image: Grey, most: int, *, mirrored: bool) -> Features:
    """At most so many features of a picture as it is; with `mirrored`, told for its mirror image too."""
    found = described(image, most)
    told, learnt = found.descriptors, tables()
    turned = told[:, mirror_order()] if mirrored else np.empty((0, DIMENSIONS), np.float32)
    return Features(
        size=(image.shape[1], image.shape[0]),
        points=found.points,
        angles=found.angles,
        levels=found.levels,
        signatures=learnt.signatures(told),
        words=learnt.words(told),
        mirrored_signatures=learnt.signatures(turned),
        mirrored_words=learnt.words(turned),
    )


def mirror(features: Features) -> Features:
    """The features of the mirror image of a picture. It must not have been fingerprinted as a registered one."""
    points = features.points * np.array([-1, 1], np.float32) + np.array([features.size[0] - 1, 0], np.float32)
    return Features(
        size=features.size,
        points=points,
        angles=(np.pi - features.angles).astype(np.float32),
        levels=features.levels,
        signatures=features.mirrored_signatures,
        words=features.mirrored_words,
        mirrored_signatures=features.signatures,
        mirrored_words=features.words,
    )
