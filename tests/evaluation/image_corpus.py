"""Photographs for measuring: those of scikit-image's wheel, every second one registered.

Left out: the chessboards, which are one pattern twice, and the right half of the stereo pair.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import skimage
from PIL import Image

from tests.real_site.pictures import LEFT_OUT


@dataclass(frozen=True)
class ImageCorpus:
    """Pictures by name."""

    registered: dict[str, Image.Image]
    others: dict[str, Image.Image]
    digest: str
    """SHA-256 over the files, in name order."""


def read_pictures() -> ImageCorpus:
    """The photographs of the wheel that is installed."""
    wheel = Path(skimage.__file__).parent / "data"
    files = [p for p in sorted([*wheel.glob("*.png"), *wheel.glob("*.jpg")]) if p.stem not in LEFT_OUT]
    pictures = {}
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
        with Image.open(path) as opened:
            pictures[path.stem] = opened.convert("RGB")
    names = list(pictures)
    return ImageCorpus(
        registered={name: pictures[name] for name in names[::2]},
        others={name: pictures[name] for name in names[1::2]},
        digest=digest.hexdigest(),
    )
