"""Hostile bytes to the pictures of a film, within bounds that hold whatever the file does."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.decoding.process import DecodingError, decoded

MEMORY = 2 << 30
"""Bytes of address space of the decoding process: a film of 8192×4320 pixels keeps many frames at once."""
HEAD = np.dtype([("width", "<u2"), ("height", "<u2"), ("turns", "<u2"), ("sounds", "<u2")])
TIME = np.dtype("<u4")
MOST_BYTES = 1 << 32

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Picture:
    """A frame of a film."""

    seconds: float
    grey: Grey


@dataclass(frozen=True, slots=True)
class OpenFilm:
    """A film that is being decoded."""

    has_sound: bool
    pictures: Iterator[Picture]
    """In order. Raises `DecodingError` when it cannot be read to its end."""


def open_film(
    data: bytes, *, side: int, step: float, sparse: float, seconds: int, max_pixels: int, timeout: float
) -> OpenFilm:
    """The first `seconds` of the film in `data`, as upright frames of about `side`×`side` pixels.

    They are at least `step` seconds apart, less in a short film; of a long one, where `sparse` is larger, frames that
    far apart on average are enough, which is several times faster. Raises `DecodingError` when it holds no film that
    can be read.
    """
    numbers = (side, round(step * 1000), round(sparse * 1000), seconds, max_pixels)
    buffer = _Buffer(decoded(data, "film", *numbers, memory=MEMORY, timeout=timeout, most=MOST_BYTES))
    start = buffer.take(HEAD.itemsize)
    if start is None:
        raise DecodingError("it holds no film")
    width, height, turns, sounds = (int(n) for n in np.frombuffer(start, HEAD)[0])
    return OpenFilm(sounds > 0, _pictures(buffer, width, height, turns))


def _pictures(buffer: "_Buffer", width: int, height: int, turns: int) -> Iterator[Picture]:
    while (row := buffer.take(TIME.itemsize + width * height)) is not None:
        at = int(np.frombuffer(row, TIME, count=1)[0])
        grey = np.frombuffer(row, np.uint8, offset=TIME.itemsize).reshape(height, width)
        yield Picture(at / 1000, np.ascontiguousarray(np.rot90(grey, -turns)))


class _Buffer:
    """Bytes that come in pieces, taken in lengths of one's own."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = bytearray()

    def take(self, length: int) -> bytes | None:
        """The next bytes; None when fewer are left."""
        while len(self._held) < length:
            piece = next(self._pieces, None)
            if piece is None:
                return None
            self._held += piece
        taken = bytes(self._held[:length])
        del self._held[:length]
        return taken
