"""Pictures of the site: photographs of scikit-image's wheel, frames of the clips, and the PDQ set's bridge.

Of each kind every second one is registered. Left out of the wheel's pictures: the chessboards, which are one pattern
twice, and the right half of the stereo pair, which shows what the left one shows. The alterations were fixed before the
first sweep.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import skimage
from PIL import Image

from tests.mocksite.alterations import Page
from tests.mocksite.pictures import as_jpeg, as_png, cover, drawing, flat
from tests.support.image_alterations import ALTERATIONS, captioned, on_a_page

COPIES = 100
EACH = 3
"""Copies for each alteration; the rest are the bridge's own modifications, and pictures as they are."""
LEFT_OUT = {"chessboard_GRAY", "chessboard_RGB", "motorcycle_right"}
ORIGINAL = "bridge-1-original"
SAME_BYTES = "aaa-orig"
FRAMES = 8
INNOCENT_FORMS = ("jpeg30", "crop20", "mirror", "resize50", "watermark")
DRAWINGS, COVERS, FLAT, BLACK = 30, 20, 10, 10
SCREENSHOTS = 16


@dataclass(frozen=True)
class Pictures:
    """Registered pictures by work id, and others."""

    registered: dict[str, Image.Image]
    others: list[Image.Image]
    bridge: dict[str, bytes]
    """The bridge's modifications as they were published, by name."""


def read_pictures(data: Path) -> Pictures:
    """The pictures of the wheel and of the test data; every second photograph and clip is registered."""
    registered: dict[str, Image.Image] = {}
    others: list[Image.Image] = []
    wheel = Path(skimage.__file__).parent / "data"
    photographs = [p for p in sorted([*wheel.glob("*.png"), *wheel.glob("*.jpg")]) if p.stem not in LEFT_OUT]
    for n, path in enumerate(photographs):
        with Image.open(path) as opened:
            image = opened.convert("RGB")
        if n % 2:
            others.append(image)
        else:
            registered[path.stem] = image
    clips = [p for p in sorted((data / "video" / "mdn").glob("*.mp4")) if p.stem != "mdn_rabbit320"]
    for n, path in enumerate(clips):
        if n % 2:
            others += frames(path, FRAMES)
        else:
            registered[path.stem] = frames(path, 1)[0]
    files = {p.stem: p for p in sorted((data / "image" / "pdq-bridge").glob("*.jpg"))}
    with Image.open(files[ORIGINAL]) as opened:
        registered["bridge"] = opened.convert("RGB")
    bridge = {name: path.read_bytes() for name, path in files.items() if name not in {ORIGINAL, SAME_BYTES}}
    return Pictures(registered, others, bridge)


def frames(clip: Path, count: int) -> list[Image.Image]:
    """Frames of a clip, evenly over its length."""
    video = cv2.VideoCapture(str(clip))
    total = int(video.get(cv2.CAP_PROP_FRAME_COUNT))
    found = []
    for n in range(count):
        video.set(cv2.CAP_PROP_POS_FRAMES, int(total * (n + 0.5) / count))
        read, frame = video.read()
        assert read, f"frame {n} of {clip.name} cannot be read"
        found.append(Image.fromarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)))
    video.release()
    return found


def copies(pictures: Pictures) -> Iterator[tuple[Page, str, str]]:
    """The 100 copies (page, work id, form): alterations in turn over registered pictures in a random order."""
    for name, data in pictures.bridge.items():
        yield Page(data, "image/jpeg"), "bridge", f"published {name}"
    chance = random.Random(21)
    works = [work for work in pictures.registered if work != "bridge"]
    wanted = [name for name in ALTERATIONS for _ in range(EACH)]
    wanted += ["as it is"] * (COPIES - len(pictures.bridge) - len(wanted))
    pool: list[str] = []
    for form in wanted:
        pool = pool or chance.sample(works, len(works))
        work = pool.pop()
        image = pictures.registered[work]
        yield _jpeg(ALTERATIONS[form](image, chance) if form in ALTERATIONS else image), work, f"picture {form}"


def innocents(pictures: Pictures) -> Iterator[Page]:
    """The 200 innocent pictures: others of the same kinds in several forms, drawings, covers, flat and black ones."""
    chance = random.Random(22)
    photographs, filmed = pictures.others[: -3 * FRAMES], pictures.others[-3 * FRAMES :]
    for image in photographs:
        yield Page(as_png(image), "image/png")
        for form in INNOCENT_FORMS:
            yield _jpeg(ALTERATIONS[form](image, chance))
    for image in filmed:
        yield _jpeg(image)
        yield _jpeg(ALTERATIONS["watermark"](image, chance))
    for image in chance.sample(pictures.others, SCREENSHOTS):
        yield _jpeg(on_a_page(image, chance))
    yield from (_jpeg(drawing(500 + n)) for n in range(DRAWINGS))
    yield from (_jpeg(cover(f"Part {n}")) for n in range(COVERS))
    yield from (_jpeg(flat(25 * n)) for n in range(FLAT))
    yield from (_jpeg(captioned(Image.new("RGB", (320 + 16 * n, 240)), chance)) for n in range(BLACK))


def _jpeg(image: Image.Image) -> Page:
    return Page(as_jpeg(image), "image/jpeg")
