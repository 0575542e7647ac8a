"""PDQ, the 256-bit hash of a whole picture, with its eight orientations and with uniform borders trimmed.

After Facebook, "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm", 2019.
"""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled

SIDE, COEFFICIENTS = 64, 16
LARGEST_INPUT = 512
BORDER_SPREAD, BORDER_STEP, MOST_TRIMMED = 16, 10, 0.4
SHORTEST_LEFT = 32

Grey = NDArray[np.uint8]
F32 = NDArray[np.float32]
Bits = NDArray[np.uint8]
I64 = NDArray[np.int64]


def pdq(grey: Grey) -> tuple[Bits, int]:
    """Hashes of the picture's eight orientations (8×32 bytes, upright first) and its quality, 0 to 100."""
    small = _buffer(grey)
    return np.stack([_hash(form) for form in _orientations(small)]), _quality(small)


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
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    blurred = grey.astype(np.float32)
    for _ in range(2):
        blurred = _box(_box(blurred).T).T
    rows, columns = (((np.arange(SIDE) + 0.5) * n / SIDE).astype(int) for n in blurred.shape)
    return blurred[np.ix_(rows, columns)]


def _box(lines: F32) -> F32:
    """Each line averaged over a window of 1/128 of its length, cut off at the ends (one pass of a Jarosz filter)."""
    length = lines.shape[1]
    window = (length + 2 * SIDE - 1) // (2 * SIDE)
    half = (window + 2) // 2
    return _averaged(np.ascontiguousarray(lines), window - half, half)


@compiled
def _averaged(lines: F32, before: int, after: int) -> F32:
    """Mean of each line from `before` places before to `after` places after each, the last one left out."""
    out = np.empty(lines.shape, np.float32)
    length = lines.shape[1]
    for row in range(lines.shape[0]):
        total, first, last = 0.0, 0, 0
        for x in range(length):
            while last < min(x + after, length):
                total += lines[row, last]
                last += 1
            while first < x - before:
                total -= lines[row, first]
                first += 1
            out[row, x] = total / (last - first)
    return out


@lru_cache(maxsize=1)
def _cosines() -> F32:
    i, j = np.arange(1, COEFFICIENTS + 1)[:, None], np.arange(SIDE)[None, :]
    return np.asarray(np.sqrt(2 / SIDE) * np.cos(np.pi / 2 / SIDE * i * (2 * j + 1)), np.float32)


def _hash(buffer: F32) -> Bits:
    coefficients = _cosines() @ buffer @ _cosines().T
    # The reference implementation writes the highest frequency first.
    return np.packbits((coefficients > np.median(coefficients)).ravel()[::-1])


def _orientations(buffer: F32) -> list[F32]:
    turned = [np.rot90(buffer, turns) for turns in range(4)]
    return [*turned, *(form[:, ::-1] for form in turned)]


def _quality(buffer: F32) -> int:
    """How much goes on in the picture: the sum of its gradients, as the reference implementation scales it."""
    down = np.trunc(np.diff(buffer, axis=0) * 100 / 255)
    across = np.trunc(np.diff(buffer, axis=1) * 100 / 255)
    return min(100, int((np.abs(down).sum() + np.abs(across).sum()) / 90))
