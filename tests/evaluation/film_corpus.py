"""Real films of packages and of the test data, every second one registered.

People, streets, screens, puppets of one studio, drawn films, animations of one game, a speaker before one wall in two
films. Long films are cut into pieces that count as works of their own, so that pieces of one film are asked for as
films that are not registered.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av

from tests.evaluation.film_files import Say, film_files
from tests.support.data import ROOT
from tests.support.films import Film, read_film

FOLDER = ROOT / "var" / "evaluation" / "films"
SAME = {"mdn_rabbit320.mp4"}
"""The same film as another one here, encoded again."""
LONG, FIRST, PIECE, MOST_PIECES = 120.0, 15.0, 25.0, 8
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


def read_items(data: Path, say: Say) -> tuple[list[Item], str]:
    """All films there are, and the digest of their files."""
    puppets = [p for p in sorted((data / "video" / "mdn").glob("*.mp4")) if p.name not in SAME]
    digest = hashlib.sha256()
    items: list[Item] = []
    for path in [*puppets, *film_files(FOLDER, say)]:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
        items += _pieces(path)
    return items, digest.hexdigest()


def _pieces(path: Path) -> Iterator[Item]:
    with av.open(str(path)) as file:
        seconds = float(file.duration or 0) / 1_000_000
    if seconds < LONG:
        yield Item(path.name, path, 0.0, LONGEST)
        return
    fit = int((seconds - FIRST) / PIECE)
    count = min(MOST_PIECES, fit)
    for n in range(count):
        yield Item(f"{path.name} {n}", path, FIRST + n * fit // count * PIECE, PIECE)
