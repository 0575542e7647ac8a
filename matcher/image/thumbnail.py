"""A picture in little, kept beside its keypoints: its tones and, coarser, its colours, to be laid over another's.

A registered picture is squeezed into a square, so that all take the same room; a query keeps its proportions and is
finer, so that a picture inside it can still be made out.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from matcher.image.features import scaled_size
from matcher.image.resampling import shrunk

TONES, COLOURS = 32, 8
"""Cells a side of a registered picture."""
ASKED_TONES, ASKED_COLOURS = 128, 48
"""Square root of the cells of a query."""
NEUTRAL = 128
MOST_OF_ONE_TONE = 0.10
"""A quarter of 60 photographs had more; so had all of 286 drawings, cut-outs and drawn pages (0.2 at least) and of 54
ornate playing cards (0.117 at least)."""

U8 = NDArray[np.uint8]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom, as shares of the sides."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """Little pictures of 8 bits."""

    tones: U8
    """Height × width."""
    colours: U8
    """Height × width × 2: red and blue against the tone, 128 for grey (Cr, Cb of ITU-R BT.601)."""

    @property
    def is_photograph(self) -> bool:
        """Whether no tone stands in many cells: what is drawn or printed has a ground, which few photographs have."""
        counts = np.bincount(self.tones.ravel(), minlength=256)
        return float(np.convolve(counts, np.ones(3), "same").max()) <= MOST_OF_ONE_TONE * self.tones.size


def sizes(decoded: tuple[int, int], *, registering: bool) -> tuple[tuple[int, int], tuple[int, int]]:
    """Width and height of the tones and of the colours of a picture of the size `decoded`."""
    if registering:
        return (TONES, TONES), (COLOURS, COLOURS)
    return scaled_size(decoded, ASKED_TONES), scaled_size(decoded, ASKED_COLOURS)


def thumbnail(picture: U8, *, registering: bool) -> Thumbnail:
    """The thumbnail of a picture (height × width × 3, RGB)."""
    tones, colours = sizes((picture.shape[1], picture.shape[0]), registering=registering)
    # Once to the finer size, so that a large picture is read through once.
    fine = shrunk(picture, (4 * TONES, 4 * TONES) if registering else tones)
    small = cv2.resize(fine, tones, interpolation=cv2.INTER_AREA)
    coarse = cv2.resize(fine, colours, interpolation=cv2.INTER_AREA)
    return Thumbnail(
        tones=np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2YCrCb)[..., 0], np.uint8),
        colours=np.ascontiguousarray(cv2.cvtColor(coarse, cv2.COLOR_RGB2YCrCb)[..., 1:], np.uint8),
    )
