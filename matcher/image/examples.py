"""Pairs that show what is a copy of a picture and what is not, drawn when asked for."""

import io
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from matcher.worktypes import Content, Example

SIZE = (480, 360)


@lru_cache(maxsize=1)
def examples() -> Sequence[Example]:
    """A drawing registered, and copies and others asked for."""
    drawn = _scene(1)
    width, height = drawn.size
    queries: tuple[tuple[str, Image.Image, str], ...] = (
        ("same.png", drawn, "copy"),
        ("smaller.jpg", drawn.resize((300, 225)), "copy"),
        ("mirrored.png", drawn.transpose(Image.Transpose.FLIP_LEFT_RIGHT), "copy"),
        ("cropped.png", drawn.crop((width // 8, height // 10, width - 40, height - 20)), "copy"),
        # Seen from aside, as a second photograph would show it: for a person to judge.
        ("aside.png", drawn.transform(SIZE, Image.Transform.AFFINE, (1, 0.15, -27, 0.05, 1, -12)), "partial"),
        ("other.png", _scene(2), "no_match"),
        ("black.png", Image.new("RGB", SIZE), "abstained"),
        ("tiny.png", drawn.resize((32, 24)), "abstained"),
    )
    registered = _content("drawing.png", drawn)
    return tuple(
        Example(registered=registered, query=_content(name, image), verdict=verdict) for name, image, verdict in queries
    )


def _content(name: str, image: Image.Image) -> Content:
    out = io.BytesIO()
    image.save(out, format="JPEG" if name.endswith(".jpg") else "PNG")
    return Content(data=out.getvalue(), name=name)


def _scene(seed: int) -> Image.Image:
    """A made-up landscape of overlapping shapes, the same for the same seed."""
    chance = np.random.default_rng(seed)
    image = Image.new("RGB", SIZE, _colour(chance))
    draw = ImageDraw.Draw(image)
    shapes: tuple[Callable[..., None], ...] = (draw.ellipse, draw.rectangle)
    for n in range(90):
        x, y = int(chance.integers(-40, SIZE[0])), int(chance.integers(-40, SIZE[1]))
        w, h = (int(v) for v in chance.integers(12, 30 + 300 // (n + 2), 2))
        shapes[n % 2]((x, y, x + w, y + h), fill=_colour(chance), outline=_colour(chance))
        end = tuple(int(v) for v in chance.integers(0, 360, 2))
        draw.line((x, y, *end), fill=_colour(chance), width=int(chance.integers(1, 4)))
    return image.filter(ImageFilter.GaussianBlur(0.7))


def _colour(chance: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = (int(v) for v in chance.integers(0, 256, 3))
    return red, green, blue
