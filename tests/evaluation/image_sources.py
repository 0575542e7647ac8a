"""Real pictures of many kinds, taken from installed packages and the test data; what is missing is named.

Debian packages: gcompris-qt-data (photographs, and the drawings of its language course), tuxpaint-stamps-default
(photographs of things, cut out on white), lomiri-wallpapers-16.04 and -20.04, mate-backgrounds, openclipart-png. With
them scikit-image's wheel, and of the test data the PDQ bridge and one still of each film. Not opencv-doc: the matcher's
tables were trained on its pictures.
"""

import hashlib
import io
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import skimage
from PIL import Image

from tests.real_site.pictures import LEFT_OUT

LARGEST = (1024, 1024)
SHARE = Path("/usr/share")
STAMPS, CLIPART = SHARE / "tuxpaint" / "stamps", SHARE / "openclipart" / "png"
COURSES = SHARE / "gcompris-qt" / "rcc"
PHOTO_COURSES = (
    "categorization", "details", "erase", "explore_farm_animals", "explore_monuments", "explore_world_animals",
    "explore_world_music",
)  # fmt: skip
DRAWN_COURSES = ("lang",)
EMBEDDED = re.compile(rb"RIFF(.{4})WEBP", re.DOTALL)
DRAWN = {"cartoon", "symbols"}
IN_OTHERS = {"united_kingdom.png"}
"""A drawing that truly stands in a dozen others: they hold it, and it is no error to say so."""
SMALLEST, MOST_PIXELS = 96, 12_000_000
SUFFIXES = {".png", ".jpg", ".jpeg", ".webp"}
MOST_OF_A_FOLDER = 12
"""Drawings taken of one folder of openclipart-png, so that its 1,378 stars do not outweigh the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture of the corpus."""

    name: str
    series: str
    """Where it comes from: pictures of one series may look alike."""
    read: Callable[[], bytes]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as stored."""
        with Image.open(io.BytesIO(self.read())) as opened:
            return opened.size

    def image(self) -> Image.Image:
        """The picture on white, at most 1024 pixels a side."""
        return on_white(self.read())


def on_white(data: bytes) -> Image.Image:
    """A picture file on white, at most 1024 pixels a side."""
    with Image.open(io.BytesIO(data)) as opened:
        opened.draft("RGB", (2 * LARGEST[0], 2 * LARGEST[1]))
        picture = opened.convert("RGBA")
    picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    picture.thumbnail(LARGEST)
    return picture


def photographs(data: Path, missing: list[str]) -> list[Picture]:
    """Scenes; sources that are not there are added to `missing`."""
    wheel = Path(skimage.__file__).parent / "data"
    found = _files([p for p in wheel.iterdir() if p.stem not in LEFT_OUT], "wheel", missing)
    backgrounds = SHARE / "backgrounds"
    for package, names in (
        ("lomiri-wallpapers", backgrounds.glob("*_by_*")),
        ("mate-backgrounds", backgrounds.glob("mate/nature/*")),
    ):
        found += _files(names, package, missing)
    found += _files((data / "image" / "pdq-bridge").glob("bridge-1-original.jpg"), "pdq-bridge", missing)
    films = sorted((data / "video").rglob("*.mp4"))
    found += [Picture(name=f"film/{film.stem}", series="film", read=_still(film)) for film in films]
    return found + _embedded(PHOTO_COURSES, missing)


def cutouts(missing: list[str]) -> list[Picture]:
    """Photographs of single things, cut out on white."""
    names = [p for p in STAMPS.rglob("*.png") if not DRAWN & {*p.parts} and not p.stem.endswith("_mirror")]
    return _files(names, "tuxpaint-stamps-default", missing, within=STAMPS)


def drawings(missing: list[str]) -> list[Picture]:
    """Clip-art, icons, signs, cards; few of each folder."""
    chosen: list[Path] = []
    for folder in sorted({p.parent for p in CLIPART.rglob("*.png")}):
        chosen += sorted(folder.glob("*.png"), key=lambda p: hashlib.sha256(p.name.encode()).digest())[
            :MOST_OF_A_FOLDER
        ]
    chosen = [p for p in chosen if p.name not in IN_OTHERS]
    return _files(chosen, "openclipart-png", missing, within=CLIPART) + _embedded(DRAWN_COURSES, missing)


def _files(
    paths: Iterator[Path] | list[Path], series: str, missing: list[str], within: Path | None = None
) -> list[Picture]:
    """Pictures of `paths`, in name order, large enough to be judged; the series is the folder below `within`."""
    found = []
    for path in sorted(p for p in paths if p.suffix.lower() in SUFFIXES):
        if not _usable(path):
            continue
        folder = path.parent.relative_to(within).as_posix() if within else ""
        found.append(Picture(name=f"{series}/{folder}/{path.name}", series=f"{series}/{folder}", read=path.read_bytes))
    if not found:
        missing.append(series)
    return found


def _embedded(courses: tuple[str, ...], missing: list[str]) -> list[Picture]:
    """The WebP pictures in the resource files of gcompris-qt-data, where they stand one after the other."""
    found: list[Picture] = []
    for course in courses:
        file = COURSES / f"{course}.rcc"
        if not file.is_file():
            missing.append(f"gcompris-qt-data/{course}")
            continue
        data = file.read_bytes()
        for match in EMBEDDED.finditer(data):
            inside = data[match.start() : match.start() + 8 + int.from_bytes(match[1], "little")]
            if _usable(io.BytesIO(inside)):
                name = f"gcompris/{course}/{len(found)}"
                found.append(Picture(name=name, series=f"gcompris/{course}", read=_bytes(inside)))
    return found


def _usable(file: Path | io.BytesIO) -> bool:
    """Whether a picture is large enough to be judged, and small enough to be altered in 31 ways in time."""
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(file) as opened:
            return min(opened.size) >= SMALLEST and opened.width * opened.height <= MOST_PIXELS
    except Image.DecompressionBombError:
        return False


def _bytes(data: bytes) -> Callable[[], bytes]:
    return lambda: data


def _still(film: Path) -> Callable[[], bytes]:
    """A frame from the middle of a film: its frames are one picture over and over."""

    def read() -> bytes:
        video = cv2.VideoCapture(str(film))
        video.set(cv2.CAP_PROP_POS_FRAMES, int(video.get(cv2.CAP_PROP_FRAME_COUNT)) // 2)
        shown, frame = video.read()
        if not shown:
            msg = f"{film} holds no frame that can be decoded"
            raise ValueError(msg)
        return cv2.imencode(".png", frame)[1].tobytes()

    return read


def without_duplicates(pictures: list[Picture]) -> list[Picture]:
    """Of pictures that are the same at 32×32 pixels the first: equal within 4 of 255 on average, and 40 anywhere."""
    kept: list[Picture] = []
    shown = np.empty((0, 32 * 32 * 3), np.int16)
    for picture in pictures:
        small = np.asarray(picture.image().resize((32, 32), Image.Resampling.BOX), np.int16).reshape(1, -1)
        apart = np.abs(shown - small)
        if not kept or not ((apart.mean(axis=1) <= 4) & (apart.max(axis=1) <= 40)).any():
            kept.append(picture)
            shown = np.concatenate([shown, small])
    return kept
