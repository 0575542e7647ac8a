"""The reader of the films that are measured on."""

import io
from fractions import Fraction

import av
import numpy as np
from av.video.frame import VideoFrame

from tests.support.films import read_film

RATE = Fraction(1506, 125)


def written(first: int, shown: list[int]) -> bytes:
    """A film whose pictures grow brighter, shown at these milliseconds after `first`."""
    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as file:
        stream = file.add_stream("mpeg4", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for n, time in enumerate(shown):
            frame = VideoFrame.from_ndarray(np.full((48, 64, 3), 10 * n, np.uint8))
            frame.pts, frame.time_base = first + time, Fraction(1, 1000)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def levels(data: bytes) -> list[int]:
    return [round(float(frame.mean()) / 10) for frame in read_film(data).frames]


def test_a_film_that_begins_late_moves_as_it_does() -> None:
    assert levels(written(12, [round(1000 * n / RATE) for n in range(12)])) == list(range(12))


def test_a_picture_that_is_shown_for_longer_stands_there_as_often() -> None:
    assert levels(written(0, [0, 83, 332, 415])) == [0, 1, 1, 1, 2, 3]
