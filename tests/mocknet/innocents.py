"""Writing that is nobody's copy: other pieces by the same authors, reviews that quote, entries about subjects."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from tests.mocksite.innocents import WORKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A title and a text."""

    title: str
    text: str


def other_pieces() -> list[Piece]:
    """Other pieces by the authors of the registered stories."""
    return _read("authors")


def quoting_reviews() -> list[Piece]:
    """Reviews of the stories; each quotes a sentence or two."""
    return _read("reviews")


def entries() -> list[Piece]:
    """Entries about what the stories are about."""
    return _read("entries")


@lru_cache(maxsize=3)
def _read(name: str) -> list[Piece]:
    told = tomllib.loads((WORKS / f"{name}.toml").read_text(encoding="utf-8"))["page"]
    return [Piece(title=row["title"], text=row["text"]) for row in told]
