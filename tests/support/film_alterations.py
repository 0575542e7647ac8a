"""What is done to copies of films: the alterations that recall is measured under."""

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.support.films import Film, write_film

Picture = NDArray[np.uint8]
OFF_CENTRE = 0.35
"""Share of what is cropped that is taken from the left and from the top."""


def each(film: Film, change: Callable[[Picture], Picture]) -> Film:
    """The film with every frame changed."""
    return Film(np.stack([change(frame) for frame in film.frames]), film.rate)


def resized(picture: Picture, width: int, height: int) -> Picture:
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def cropped(film: Film, share: float) -> Film:
    height, width = film.frames.shape[1:3]
    high, wide = round(height * (1 - share)), round(width * (1 - share))
    top, left = round((height - high) * OFF_CENTRE), round((width - wide) * OFF_CENTRE)
    return Film(film.frames[:, top : top + high, left : left + wide], film.rate)


def mirrored(film: Film) -> Film:
    return Film(film.frames[:, :, ::-1], film.rate)


def low(film: Film) -> Film:
    """240 lines."""
    height, width = film.frames.shape[1:3]
    return each(film, lambda p: resized(p, round(240 * width / height), 240)) if height > 240 else film


def logo(film: Film) -> Film:
    """A patch over 15 % of the width, in a corner."""
    height, width = film.frames.shape[1:3]
    frames = film.frames.copy()
    side = round(0.15 * width)
    top, left = round(0.05 * height), round(0.8 * width)
    patch = np.random.default_rng(5).integers(0, 256, (4, 4, 3), np.uint8)
    frames[:, top : top + side, left : left + side] = cv2.resize(patch, (side, side), interpolation=cv2.INTER_NEAREST)
    return Film(frames, film.rate)


def subtitled(film: Film) -> Film:
    """Lines of text that change every two seconds, and a mark across the middle."""
    height, width = film.frames.shape[1:3]
    size, frames = height / 400, film.frames.copy()
    for n, frame in enumerate(frames):
        text = f"What he said, number {int(n / film.rate / 2)}, and then"
        cv2.putText(frame, text, (width // 12, round(0.92 * height)), 0, size, (0, 0, 0), 4)
        cv2.putText(frame, text, (width // 12, round(0.92 * height)), 0, size, (255, 255, 255), 2)
        cv2.putText(frame, "films.example", (width // 4, height // 2), 0, 1.5 * size, (200, 200, 200), 2)
    return Film(frames, film.rate)


def upright_letterbox(film: Film) -> Film:
    """The whole picture between bars, nine wide and sixteen high, with a title on the upper bar."""
    height, width = film.frames.shape[1:3]
    wide, tall = 360, 640
    high = min(tall, round(wide * height / width))
    top = (tall - high) // 2

    def change(picture: Picture) -> Picture:
        out = np.zeros((tall, wide, 3), np.uint8)
        out[top : top + high] = resized(picture, wide, high)
        cv2.putText(out, "Part 3", (100, max(20, top // 2)), 0, 1.0, (255, 255, 255), 2)
        return out

    return each(film, change)


def faster(film: Film, speed: float) -> Film:
    return Film(film.frames, film.rate * speed)


def turned(film: Film, degrees: float) -> Film:
    """Turned about the middle, the corners black."""
    height, width = film.frames.shape[1:3]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return each(film, lambda p: np.asarray(cv2.warpAffine(p, matrix, (width, height)), np.uint8))


def grey_and_bright(film: Film) -> Film:
    def change(picture: Picture) -> Picture:
        grey = np.clip(1.2 * picture.mean(axis=2) + 25, 0, 255).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)

    return each(film, change)


def picture_in_picture(film: Film) -> Film:
    """Shrunk to 70 % over its own blurred enlargement."""
    height, width = film.frames.shape[1:3]
    wide, high = round(0.7 * width), round(0.7 * height)
    top, left = (height - high) // 2, (width - wide) // 2

    def change(picture: Picture) -> Picture:
        out = np.asarray(cv2.resize(resized(picture, 32, 18), (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)
        out[top : top + high, left : left + wide] = resized(picture, wide, high)
        return out

    return each(film, change)


def ten_frames(film: Film) -> Film:
    """Ten frames a second."""
    step = max(1, round(film.rate / 10))
    return Film(film.frames[::step], film.rate / step)


def part(film: Film) -> Film:
    """From the end of the first quarter half of the film, but at least four seconds and at most fifteen."""
    first = len(film.frames) // 4
    length = min(max(len(film.frames) // 2, round(4 * film.rate)), round(15 * film.rate))
    return Film(film.frames[first : first + length], film.rate)


ALTERATIONS: Mapping[str, Callable[[Film], bytes]] = {
    "encoded again": write_film,
    "encoded badly": lambda film: write_film(film, quality=38),
    "part, 15 s": lambda film: write_film(part(film)),
    "240 lines": lambda film: write_film(low(film)),
    "cropped 10 %": lambda film: write_film(cropped(film, 0.1)),
    "cropped 20 %": lambda film: write_film(cropped(film, 0.2)),
    "logo": lambda film: write_film(logo(film)),
    "subtitles and mark": lambda film: write_film(subtitled(film)),
    "letterbox 9:16": lambda film: write_film(upright_letterbox(film)),
    "mirrored": lambda film: write_film(mirrored(film)),
    "mirrored, cropped 10 %, 1.1 × as fast": lambda film: write_film(faster(cropped(mirrored(film), 0.1), 1.1)),
    "1.1 × as fast": lambda film: write_film(faster(film, 1.1)),
    "1.25 × as fast": lambda film: write_film(faster(film, 1.25)),
    "turned 3 degrees": lambda film: write_film(turned(film, 3)),
    "grey and bright": lambda film: write_film(grey_and_bright(film)),
    "picture in picture": lambda film: write_film(picture_in_picture(film)),
    "10 frames a second, badly": lambda film: write_film(ten_frames(film), quality=36),
}
