"""The trained tables that turn descriptors into signatures (64 bits) and words (18 bits).

Made by `benchmarks/train_image_tables.py`, which says of what. A signature is the signs of projections that tell points
apart best; a word names the cells of a product quantiser that a descriptor falls into, one for each half of its
projection (the inverted multi-index of Babenko and Lempitsky 2012).
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.errors import IntegrityError
from matcher.compiled import compiled
from matcher.image.descriptors import DIMENSIONS

F32 = NDArray[np.float32]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]

FILE = Path(__file__).with_name("tables.bin")
DIGEST = "82c75bc045fca68c254b843495262449c6bc85438df6a75c5e4244d592e309d7"
"""SHA-256 of the tables: with others, no fingerprint made before would be found again."""
PROJECTED = 64
CODE = 32
"""Leading projections that words are made of."""
WORDS = 512
"""Cells of each half."""
MOST = np.iinfo(np.int64).max
HALVES = tuple(np.array([i for i in range(CODE) if i % 4 in kinds]) for kinds in ((0, 3), (1, 2)))
"""Projections of each half, so shared out that both tell about as much."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Trained matrices."""

    mean: F32
    """128."""
    projection: F32
    """128×32: descriptors of one point differ by about 1 along each column."""
    signs: F32
    """128×64."""
    centres: F32
    """2×512×16."""

    def signatures(self, descriptors: F32) -> U64:
        """Signatures of descriptors (n×128)."""
        return np.packbits(_projected(descriptors, self.mean, self.signs) > 0, axis=1).view("<u8").ravel()

    def words(self, descriptors: F32) -> U32:
        """Words of descriptors (n×128)."""
        projected = _projected(descriptors, self.mean, self.projection)
        cells = [_cells(projected[:, half], centres) for half, centres in zip(HALVES, self.centres, strict=True)]
        return np.asarray(cells[0] * WORDS + cells[1], np.uint32)


@compiled
def _projected(descriptors: F32, mean: F32, projection: F32) -> F32:
    """Descriptors less the mean, times the projection: added up in one order, so the same on every machine."""
    out = np.zeros((descriptors.shape[0], projection.shape[1]), np.float32)
    for i in range(descriptors.shape[0]):
        for k in range(descriptors.shape[1]):
            entry = descriptors[i, k] - mean[k]
            for n in range(projection.shape[1]):
                out[i, n] += entry * projection[k, n]
    return out


@compiled
def _cells(values: F32, centres: F32) -> NDArray[np.int64]:
    """The nearest centre of each row."""
    out = np.zeros(values.shape[0], np.int64)
    columns = centres.T.copy()
    apart = np.empty(centres.shape[0], np.float32)
    for i in range(values.shape[0]):
        apart[:] = 0.0
        # Four at a time, added up in the same order: the distances are read and written a quarter as often.
        for k in range(0, columns.shape[0], 4):
            v, w, x, y = values[i, k], values[i, k + 1], values[i, k + 2], values[i, k + 3]
            c, d, e, f = columns[k], columns[k + 1], columns[k + 2], columns[k + 3]
            for n in range(apart.size):
                near = apart[n] + (v - c[n]) * (v - c[n]) + (w - d[n]) * (w - d[n])
                apart[n] = near + (x - e[n]) * (x - e[n]) + (y - f[n]) * (y - f[n])
        out[i] = _least(apart)
    return out


@compiled
def _least(numbers: F32) -> int:
    """Where the first of the least numbers stands; none is negative.

    Each and its place as one number, so that eight are compared at once: such floats have the order of their bits.
    """
    bits, least = numbers.view(np.int32), np.int64(MOST)
    for n in range(bits.size):
        least = min(least, np.int64(bits[n]) << 32 | n)
    return int(least & 0xFFFFFFFF)


def write_tables(tables: Tables, file: Path) -> str:
    """Write the tables as plain little-endian numbers; returns their SHA-256."""
    parts = (tables.mean, tables.projection, tables.signs, tables.centres)
    data = b"".join(np.ascontiguousarray(part, "<f4").tobytes() for part in parts)
    file.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


@lru_cache(maxsize=1)
def tables() -> Tables:
    """The tables of this program. Raises `IntegrityError` when they are not the ones it was made with."""
    data = FILE.read_bytes()
    if hashlib.sha256(data).hexdigest() != DIGEST:
        raise IntegrityError(f"The image tables {FILE} were changed.", "Install the program again.")
    numbers = np.frombuffer(data, "<f4").astype(np.float32)
    shapes = ((DIMENSIONS,), (DIMENSIONS, CODE), (DIMENSIONS, PROJECTED), (len(HALVES), WORDS, CODE // 2))
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    mean, projection, signs, centres = (
        part.reshape(shape) for part, shape in zip(np.split(numbers, ends[:-1]), shapes, strict=True)
    )
    return Tables(mean=mean, projection=projection, signs=signs, centres=centres)
