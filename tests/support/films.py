"""Films read into arrays and written from them."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

Pictures = NDArray[np.uint8]


@dataclass(frozen=True)
class Film:
    """Frames (n×height×width×3) and how many are shown a second."""

    frames: Pictures
    rate: float

    @property
    def seconds(self) -> float:
        return len(self.frames) / self.rate


def read_film(data: bytes, *, start: float = 0.0, seconds: float = 20.0, height: int = 360, rate: float = 15.0) -> Film:
    """A part of a film, at most so high and with at most so many frames a second."""
    with av.open(io.BytesIO(data), "r") as file:
        stream = file.streams.video[0]
        kept = min(rate, float(stream.average_rate or 25))
        width, high = stream.width, stream.height
        if high > height:
            width, high = round(width * height / high / 2) * 2, height
        if start:
            file.seek(int(start * 1_000_000))
        shown = _shown(file.decode(stream), start, start + seconds, 1 / kept)
        even = (frame.reformat(width=width // 2 * 2, height=high // 2 * 2, format="rgb24") for frame in shown)
        return Film(np.stack([np.asarray(frame.to_ndarray(), np.uint8) for frame in even]), kept)


def _shown(frames: Iterable[VideoFrame], start: float, end: float, step: float) -> Iterator[VideoFrame]:
    """The frame that is on the screen at each step from `start`, or from when the film begins, to `end`."""
    last: VideoFrame | None = None
    due = start
    for frame in frames:
        if last is None:
            due = max(start, frame.time)
        # A frame that is shown for longer than others stands there as often.
        while last is not None and due < min(frame.time - 1e-3, end):
            yield last
            due += step
        if due >= end:
            return
        last = frame
    if last is not None:
        yield last


def write_film(
    film: Film,
    *,
    codec: str = "libx264",
    quality: int = 26,
    form: str = "mp4",
    key_frames: int | None = None,
    sound: NDArray[np.int16] | None = None,
) -> bytes:
    """The film in a file; `sound`, if any, is mono at 8000 samples a second.

    `key_frames` is the number of frames from one key frame to the next.
    """
    out = io.BytesIO()
    with av.open(out, "w", format=form) as file:
        stream = cast("VideoStream", file.add_stream(codec, rate=Fraction(film.rate).limit_denominator(1001)))
        stream.height, stream.width = film.frames.shape[1] // 2 * 2, film.frames.shape[2] // 2 * 2
        stream.pix_fmt = "yuv420p"
        if key_frames:
            stream.codec_context.gop_size = key_frames
        if codec == "libx264":
            stream.options = {"crf": str(quality), "preset": "superfast"}
        track = None if sound is None else file.add_stream("aac", rate=8000, layout="mono")
        for picture in film.frames:
            frame = VideoFrame.from_ndarray(np.ascontiguousarray(picture[: stream.height, : stream.width]))
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
        if track is not None and sound is not None:
            heard = AudioFrame.from_ndarray(sound.reshape(1, -1), format="s16", layout="mono")
            heard.sample_rate, heard.pts, heard.time_base = 8000, 0, Fraction(1, 8000)
            file.mux([*track.encode(heard), *track.encode(None)])
    return out.getvalue()


def film_of(frames: Iterable[Pictures], rate: float) -> Film:
    """A film of these frames."""
    return Film(np.stack(list(frames)), rate)
