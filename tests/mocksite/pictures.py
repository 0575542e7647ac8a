"""The site's pictures: drawn by script, or photographs that scikit-image's wheel holds."""

import io
import random
import struct
import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np
import skimage
from PIL import Image, ImageDraw, ImageFilter

from tests.support.image_alterations import bordered, cropped, jpeg, resized, rotated, watermarked

PHOTOS = ("astronaut.png", "coffee.png", "chelsea.png", "motorcycle_left.png", "rocket.jpg")
OTHER_PHOTOS = ("ihc.png", "camera.png", "coins.png", "hubble_deep_field.jpg", "page.png")
SIZE = (720, 540)
FORMS = {
    "jpeg": jpeg(40),
    "smaller": resized(0.5),
    "cropped": cropped(0.2),
    "bordered": bordered(0.1, "white"),
    "mirrored": lambda image, _: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "rotated": rotated(3),
    "watermarked": watermarked,
}


def photo(name: str) -> Image.Image:
    """A photograph of the wheel, at most 720 pixels wide."""
    with Image.open(Path(skimage.__file__).parent / "data" / name) as opened:
        image = opened.convert("RGB")
    image.thumbnail(SIZE)
    return image


def available(names: tuple[str, ...]) -> list[str]:
    """Those of the photographs that this version of the wheel holds."""
    return [name for name in names if (Path(skimage.__file__).parent / "data" / name).is_file()]


@lru_cache(maxsize=64)
def drawing(seed: int) -> Image.Image:
    """A crowded fantasy of shapes, the same for the same seed."""
    chance = np.random.default_rng(seed)
    image = Image.new("RGB", SIZE, _colour(chance))
    draw = ImageDraw.Draw(image)
    for n in range(220):
        x, y = (int(v) for v in chance.integers(-50, SIZE[0], 2))
        w, h = (int(v) for v in chance.integers(8, 40 + 400 // (n // 4 + 2), 2))
        kind = n % 4
        if kind == 0:
            draw.ellipse((x, y, x + w, y + h), fill=_colour(chance), outline=_colour(chance), width=2)
        elif kind == 1:
            draw.polygon([(x, y), (x + w, y + h // 3), (x + w // 2, y + h)], fill=_colour(chance))
        elif kind == 2:
            draw.arc(
                (x, y, x + w, y + h), int(chance.integers(0, 180)), int(chance.integers(180, 360)), _colour(chance), 4
            )
        else:
            draw.rectangle((x, y, x + w // 2, y + h // 2), outline=_colour(chance), width=3)
    return image.filter(ImageFilter.GaussianBlur(0.6))


@lru_cache(maxsize=64)
def scene(seed: int) -> Image.Image:
    """A lighthouse by night; every one has the same things in other places."""
    chance = np.random.default_rng(seed)
    width, height = SIZE
    horizon, tower = int(chance.integers(220, 340)), int(chance.integers(120, 600))
    image = Image.new("RGB", SIZE, (18, 28, int(chance.integers(50, 90))))
    draw = ImageDraw.Draw(image)
    for _ in range(90):
        x, y, r = int(chance.integers(0, width)), int(chance.integers(0, horizon)), int(chance.integers(1, 4))
        draw.ellipse((x - r, y - r, x + r, y + r), fill=(230, 225, int(chance.integers(150, 255))))
    draw.rectangle((0, horizon, width, height), fill=(12, 60, int(chance.integers(80, 130))))
    for _ in range(160):
        x, y = int(chance.integers(-30, width)), int(chance.integers(horizon, height))
        w = int(chance.integers(12, 70))
        shade = int(chance.integers(90, 220))
        draw.arc((x, y, x + w, y + w // 3), 180, 360, (shade // 2, shade, shade), 2)
    reach = int(chance.integers(150, 420)) * int(chance.choice([-1, 1]))
    lamp = horizon - int(chance.integers(110, 170))
    draw.polygon([(tower, lamp), (tower + reach, lamp - 40), (tower + reach, lamp + 50)], fill=(250, 240, 170))
    for n in range(6):
        top, half = lamp + n * (horizon - lamp) // 5, 10 + 3 * n
        fill = (200, 40, 40) if n % 2 else (240, 240, 235)
        draw.rectangle((tower - half, top, tower + half, top + (horizon - lamp) // 5), fill=fill)
    rocks = [(tower + int(chance.integers(-90, 90)), horizon + int(chance.integers(0, 60))) for _ in range(9)]
    for x, y in rocks:
        w = int(chance.integers(15, 50))
        draw.polygon([(x - w, y + 30), (x - w // 3, y), (x + w // 2, y - 8), (x + w, y + 30)], fill=(45, 40, 38))
    return image.filter(ImageFilter.GaussianBlur(0.6))


def cover(title: str) -> Image.Image:
    """A generic cover: every one has the same frame."""
    image = Image.new("RGB", (360, 480), (238, 232, 218))
    draw = ImageDraw.Draw(image)
    draw.rectangle((12, 12, 347, 467), outline=(120, 90, 60), width=4)
    draw.rectangle((20, 20, 339, 459), outline=(120, 90, 60), width=1)
    draw.text((60, 140), title, fill=(60, 40, 30), font_size=34)
    draw.line((60, 200, 300, 200), fill=(120, 90, 60), width=2)
    return image


def flat(value: int) -> Image.Image:
    return Image.new("RGB", (400, 300), (value, value, value))


def altered(image: Image.Image, form: str) -> bytes:
    """A pirate's version of a picture, as a file."""
    return as_jpeg(FORMS[form](image, random.Random(form)))


def as_png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def blank_png(width: int, height: int) -> bytes:
    """A black picture, packed row by row, so that it is never whole in memory."""
    packer = zlib.compressobj(6)
    row = bytes(1 + width)
    data = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b"")))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def as_jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def _colour(chance: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = (int(v) for v in chance.integers(0, 256, 3))
    return red, green, blue
