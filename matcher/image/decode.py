"""Hostile bytes to a picture, within bounds."""

import io
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from config.settings import ImageMatcherSettings
from domain.reasons import Reason, ReasonCode

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "MPO", "ICO", "PPM")
LONGEST_DECODED = 4096
"""JPEG files larger than this are decoded at a fraction of their size, which the format allows at little cost."""

U8 = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture, upright and on white."""

    size: tuple[int, int]
    """Width and height as stored."""
    grey: U8
    """Height × width."""
    colours: U8
    """Height × width × 3, RGB."""


def decode(data: bytes, settings: ImageMatcherSettings) -> Decoded | Reason:
    """The picture, upright, on white; or why there is none.

    The size is read from the header first, so a picture that would be too large is never unpacked. Of an animation the
    first frame counts. Never raises.
    """
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=FORMATS) as image:
            # The pixel count is checked here, against the setting, for every format alike.
            warnings.simplefilter("ignore")
            width, height = image.size
            if width * height > settings.max_pixels:
                values = {"width": width, "height": height, "limit": settings.max_pixels}
                return Reason.of(ReasonCode.IMAGE_TOO_LARGE, **values)
            if min(width, height) < settings.minimum_side:
                return Reason.of(ReasonCode.IMAGE_TOO_SMALL, width=width, height=height)
            image.draft("RGB", (LONGEST_DECODED, LONGEST_DECODED))
            upright = _upright(image)
            grey = np.asarray(upright.convert("L"), np.uint8)
            return Decoded(size=(width, height), grey=grey, colours=np.asarray(upright, np.uint8))
    except UnidentifiedImageError:
        return Reason.of(ReasonCode.UNREADABLE, problem="a picture of no known format")
    except Exception as error:
        return Reason.of(ReasonCode.UNREADABLE, problem=f"{type(error).__name__}: {error}"[:200])


def _upright(image: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(image)
    if upright.mode in {"I;16", "I;16B", "I;16L", "I", "F"}:
        wide = np.asarray(upright, np.float32)
        upright = Image.fromarray(np.asarray(wide * (255.0 / max(1.0, float(wide.max()))), np.uint8))
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        white = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(white, upright)
    return upright.convert("RGB")
