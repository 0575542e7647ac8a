"""Pairs that show what is a copy of a film and what is not, drawn when asked for."""

import io
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from matcher.worktypes import Content, Example

RATE = 6
WIDTH, HEIGHT = 320, 240
SCENE_SECONDS = 3

Picture = NDArray[np.uint8]
Film = list[Picture]


@lru_cache(maxsize=1)
def examples() -> Sequence[Example]:
    """A film registered, and copies and others asked for."""
    film, other = drawn(1, scenes=5), drawn(2, scenes=10)
    part = film[4 * RATE : 12 * RATE]
    queries: tuple[tuple[str, Film, float, str], ...] = (
        ("same.mp4", film, RATE, "copy"),
        ("part.mp4", part, RATE, "copy"),
        ("smaller.mp4", [_smaller(p) for p in part], RATE, "copy"),
        ("mirrored-faster.mp4", [p[:, ::-1] for p in film], 1.1 * RATE, "copy"),
        ("cropped.mp4", [p[20:-28, 40:-24] for p in part], RATE, "copy"),
        ("barred.mp4", [np.pad(p, ((80, 80), (0, 0), (0, 0))) for p in part], RATE, "copy"),
        # Four seconds of the film in another one: an extract, or an opening that both have.
        ("within.mp4", [*other, *film[4 * RATE : 8 * RATE], *other[::-1]], RATE, "partial"),
        # Other things happen in front of the same background.
        ("studio.mp4", drawn(1, scenes=1, seconds=9, moving=7), RATE, "partial"),
        ("other.mp4", other, RATE, "no_match"),
        ("black.mp4", [np.zeros_like(p) for p in part], RATE, "abstained"),
        ("short.mp4", film[:RATE], RATE, "abstained"),
    )
    registered = _content("film.mp4", film, RATE)
    return tuple(
        Example(registered=registered, query=_content(name, frames, rate), verdict=verdict)
        for name, frames, rate, verdict in queries
    )


def drawn(seed: int, *, scenes: int, seconds: int = SCENE_SECONDS, moving: int | None = None, rate: int = RATE) -> Film:
    """Scenes of shapes that move before others that do not, the same for the same seeds."""
    film: Film = []
    for scene in range(scenes):
        background = _background(np.random.default_rng((seed, scene)))
        chance = np.random.default_rng((seed if moving is None else moving, scene, 1))
        movers = [_mover(chance) for _ in range(6)]
        for n in range(seconds * rate):
            picture = background.copy()
            for draw in movers:
                draw(picture, n / rate)
            film.append(picture)
    return film


def _smaller(picture: Picture) -> Picture:
    return np.asarray(cv2.resize(picture, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA), np.uint8)


def _background(chance: np.random.Generator) -> Picture:
    picture = np.full((HEIGHT, WIDTH, 3), chance.integers(60, 200, 3), np.uint8)
    for n in range(60):
        x, y = (int(v) for v in chance.integers(0, (WIDTH, HEIGHT)))
        w, h = (int(v) for v in chance.integers(8, 20 + 160 // (n + 2), 2))
        colour = [int(v) for v in chance.integers(0, 256, 3)]
        if n % 2:
            cv2.rectangle(picture, (x, y), (x + w, y + h), colour, -1)
        else:
            cv2.ellipse(picture, (x, y), (w, h), float(chance.integers(0, 180)), 0, 360, colour, -1)
    return np.asarray(cv2.GaussianBlur(picture, (3, 3), 0.7), np.uint8)


def _mover(chance: np.random.Generator) -> Callable[[Picture, float], None]:
    """A disc that goes about; draws itself at a time."""
    place, way = chance.uniform(0, 1, 2), chance.uniform(-0.35, 0.35, 2)
    size, colour = int(chance.integers(10, 34)), [int(v) for v in chance.integers(0, 256, 3)]

    def draw(picture: Picture, seconds: float) -> None:
        x, y = np.abs((place + way * seconds + 1) % 2 - 1)
        centre = (int(x * WIDTH), int(y * HEIGHT))
        cv2.circle(picture, centre, size, colour, -1)
        cv2.circle(picture, centre, size // 2, [255 - c for c in colour], -1)

    return draw


def _content(name: str, film: Film, rate: float) -> Content:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as file:
        stream = file.add_stream("mpeg4", rate=Fraction(rate).limit_denominator(1000))
        stream.height, stream.width = film[0].shape[0] // 2 * 2, film[0].shape[1] // 2 * 2
        stream.pix_fmt, stream.bit_rate = "yuv420p", 600_000
        for picture in film:
            frame = VideoFrame.from_ndarray(np.ascontiguousarray(picture[: stream.height, : stream.width]))
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return Content(data=out.getvalue(), name=name)
