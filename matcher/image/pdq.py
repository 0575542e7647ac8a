"""PDQ, the 256-bit hash of a whole picture, with its eight orientations and with uniform borders trimmed.

After Facebook, "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm", 2019.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.image.resampling import Bands, resampled, shrunk

SIDE, COEFFICIENTS = 64, 16
LARGEST_INPUT = 512
BORDER_SPREAD, BORDER_STEP, MOST_TRIMMED = 16, 10, 0.4
SHORTEST_LEFT = 32
ODD = np.where(np.arange(1, COEFFICIENTS + 1) % 2, -1, 1).astype(np.float32)
"""What mirroring multiplies the coefficients by: a cosine of odd frequency is turned over."""

Grey = NDArray[np.uint8]
F32 = NDArray[np.float32]
Bits = NDArray[np.uint8]
I64 = NDArray[np.int64]


def pdq(grey: Grey) -> tuple[Bits, int]:
    """Hashes of the picture's eight orientations (8×32 bytes, upright first) and its quality, 0 to 100."""
    small = _buffer(grey)
    return _hashes(small), _quality(small)


def inner_box(grey: Grey) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the picture without uniform borders of any colour; all of one that is little else."""
    top, bottom = _border(grey), _border(grey[::-1])
    left, right = _border(grey.T), _border(grey.T[::-1])
    height, width = grey.shape
    if min(width - left - right, height - top - bottom) < SHORTEST_LEFT:
        return 0, 0, width, height
    return left, top, width - right, height - bottom


@compiled
def _border(grey: Grey) -> int:
    """How many lines at the top are uniform and alike."""
    limit = int(MOST_TRIMMED * grey.shape[0])
    first = 0.0
    for y in range(limit):
        shades = np.zeros(256, np.int64)
        total = 0
        for x in range(grey.shape[1]):
            shades[grey[y, x]] += 1
            total += int(grey[y, x])
        mean = total / grey.shape[1]
        first = mean if y == 0 else first
        spread = _quantile(shades, 0.98, grey.shape[1]) - _quantile(shades, 0.02, grey.shape[1])
        if spread > BORDER_SPREAD or abs(mean - first) > BORDER_STEP:
            return y
    return limit


@compiled
def _quantile(shades: I64, share: float, count: int) -> float:
    """The shade below which a share of `count` pixels lies, between the two nearest pixels in proportion."""
    place = share * (count - 1)
    below, seen, shade = int(place), 0, -1
    while seen <= below:
        shade += 1
        seen += shades[shade]
    above = shade
    while seen <= below + 1 and seen < count:
        above += 1
        seen += shades[above]
    return shade + (above - shade) * (place - below)


def _buffer(grey: Grey) -> F32:
    """The picture blurred and sampled down to 64×64."""
    height, width = grey.shape
    scale = LARGEST_INPUT / max(height, width)
    if scale < 1:
        # What is thin, as letters of a watermark are, then counts for less.
        grey = shrunk(grey, (max(1, round(width * scale)), max(1, round(height * scale))))
    return resampled(grey, *(_jarosz(length) for length in grey.shape))


@lru_cache(maxsize=LARGEST_INPUT)
def _jarosz(length: int) -> Bands:
    """Two passes of a mean over 1/128 of the length, cut off at the ends, taken at 64 places (a Jarosz filter)."""
    window = (length + 2 * SIDE - 1) // (2 * SIDE)
    lines, after = np.arange(length), (window + 2) // 2
    first, last = np.maximum(lines + after - window, 0), np.minimum(lines + after, length)
    places = ((np.arange(SIDE) + 0.5) * length / SIDE).astype(int)
    widest = min(length, 2 * window - 1)
    begins = np.minimum(first[first[places]], length - widest)
    weights = np.zeros((SIDE, widest + 1))
    for place, begin, row in zip(places, begins, weights, strict=True):
        # The mean of means: each begins to count at its first line and ends after its last.
        means = slice(first[place], last[place])
        share = 1 / (last[means] - first[means]) / (last[place] - first[place])
        np.add.at(row, first[means] - begin, share)
        np.add.at(row, last[means] - begin, -share)
    return Bands(first=begins, weights=np.cumsum(weights, axis=1)[:, :-1].astype(np.float32))


@lru_cache(maxsize=1)
def _cosines() -> F32:
    i, j = np.arange(1, COEFFICIENTS + 1)[:, None], np.arange(SIDE)[None, :]
    return np.asarray(np.sqrt(2 / SIDE) * np.cos(np.pi / 2 / SIDE * i * (2 * j + 1)), np.float32)


def _hashes(buffer: F32) -> Bits:
    """The hashes of the eight orientations: turning a picture only turns its coefficients and the signs of some."""
    upright = _cosines() @ buffer @ _cosines().T
    turned = (upright, upright.T * ODD[:, None], upright * ODD[:, None] * ODD, upright.T * ODD)
    forms = np.stack([*turned, *(form * ODD for form in turned)]).reshape(2 * len(turned), -1)
    # The reference implementation writes the highest frequency first.
    return np.packbits((forms > np.median(forms, axis=1, keepdims=True))[:, ::-1], axis=1)


def _quality(buffer: F32) -> int:
    """How much goes on in the picture: the sum of its gradients, as the reference implementation scales it."""
    down = np.trunc(np.diff(buffer, axis=0) * 100 / 255)
    across = np.trunc(np.diff(buffer, axis=1) * 100 / 255)
    return min(100, int((np.abs(down).sum() + np.abs(across).sum()) / 90))
