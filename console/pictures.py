"""Untrusted pictures made safe to show: decoded within bounds, scaled down and encoded anew."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageOps

from domain.errors import StoreError
from matcher.image.decode import FORMATS, LONGEST_DECODED

MOST_PIXELS = 64_000_000
LONGEST_SIDE = 1600
LARGEST_FILE = 33_554_432


class UnreadablePictureError(StoreError):
    """These bytes are no picture that can be shown."""


def frame_of(data: bytes) -> tuple[int, int]:
    """Width and height of the picture as the matcher saw it: the pixels that boxes are measured in.

    Raises `UnreadablePictureError`.
    """
    with _upright(data) as image:
        return image.size


def preview(data: bytes) -> bytes:
    """The picture as a JPEG of moderate size, on white, without anything else the file held.

    Raises `UnreadablePictureError`.
    """
    with _upright(data) as image:
        shown = _on_white(image)
        shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        out = io.BytesIO()
        shown.save(out, "JPEG", quality=90)
        return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    opaque = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", opaque.size, "white"), opaque).convert("RGB")


@contextmanager
def _upright(data: bytes) -> Iterator[Image.Image]:
    try:
        # Decoded just as the matcher does it, or its boxes would not fit.
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise UnreadablePictureError(
                    f"The picture is too large ({image.width}×{image.height}).", "See the file."
                )
            image.draft("RGB", (LONGEST_DECODED, LONGEST_DECODED))
            yield ImageOps.exif_transpose(image)
    except UnreadablePictureError:
        raise
    except Exception as error:  # a hostile file may raise anything
        raise UnreadablePictureError(f"The picture cannot be decoded ({error}).", "Look at the file itself.") from error
