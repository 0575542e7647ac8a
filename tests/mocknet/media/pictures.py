"""Pictures: those of works and their copies, favicons, and QR codes on posters."""

import random

import cv2
import numpy as np
from PIL import Image

from tests.mocknet.media.cache import kept
from tests.mocksite.pictures import FORMS, as_jpeg, as_png, cover, drawing, flat, scene

# A watermark over a drawing is for a person to judge (docs/accuracy.md), which would be no finding.
ALTERATIONS = tuple(name for name in FORMS if name != "watermarked")
SCENES_FROM = 700
"""Seeds from here on are scenes by night, which all look alike; those before are drawings."""


def picture(seed: int) -> Image.Image:
    return scene(seed) if seed >= SCENES_FROM else drawing(seed)


def registered(seed: int) -> bytes:
    return kept(("picture", seed), lambda: {"picture.png": as_png(picture(seed))})["picture.png"]


def copied(seed: int, alteration: str) -> bytes:
    """The picture of a seed as a gallery shows it."""

    def make() -> dict[str, bytes]:
        return {"picture.jpg": as_jpeg(FORMS[alteration](picture(seed), random.Random(alteration)))}

    return kept(("copied", seed, alteration), make)["picture.jpg"]


def innocent(number: int) -> bytes:
    """Pictures that are nobody's copy: by the same hand, of the same theme, covers with one frame, plain ones."""

    def make() -> dict[str, bytes]:
        makers = (lambda: drawing(900 + number), lambda: scene(900 + number), lambda: cover(f"Volume {number}"))
        image = flat(20 * number % 250) if number % 7 == 6 else makers[number % 3]()
        return {"picture.jpg": as_jpeg(image)}

    return kept(("innocent", number), make)["picture.jpg"]


def favicon(seed: int) -> bytes:
    """A small mark of a few coloured squares."""
    squares = np.random.default_rng(seed).integers(0, 256, (4, 4, 3), np.uint8)
    return as_png(Image.fromarray(squares).resize((32, 32), Image.Resampling.NEAREST))


def poster(message: str, seed: int) -> bytes:
    """A poster with a QR code that says `message`."""

    def make() -> dict[str, bytes]:
        code = np.asarray(cv2.QRCodeEncoder.create().encode(message), np.uint8)
        square = Image.fromarray(code).resize((code.shape[1] * 5,) * 2, Image.Resampling.NEAREST)
        sheet = Image.new("RGB", (square.width + 160, square.height + 260), (250, 246, 235))
        sheet.paste(drawing(1_000 + seed).resize((sheet.width, 160)), (0, 0))
        sheet.paste(square.convert("RGB"), (80, 200))
        return {"poster.png": as_png(sheet)}

    return kept(("poster", message, seed), make)["poster.png"]
