"""Accuracy that must not be lost: films drawn from seeds, half of them registered, and six real ones of one kind."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.segments.upkeep import open_references
from matcher.video.examples import drawn
from matcher.worktypes import Content, Reference, References
from tests.evaluation.films import ask, copies
from tests.support.data import require_data
from tests.support.drawn_films import matcher
from tests.support.film_alterations import ALTERATIONS
from tests.support.films import Film, read_film, write_film

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("video_floor")]

FILMS, SCENES, RATE = 6, 4, 6
DIGEST = "315e96dada79786210f04b621f8ccdf196cb35a4f9d81c00f824fc167080ea20"
FLOORS = dict.fromkeys(ALTERATIONS, 1.0)


def film(seed: int) -> Film:
    return Film(np.stack(drawn(seed, scenes=SCENES)), RATE)


@pytest.fixture(scope="module")
def films() -> list[Film]:
    return [film(seed) for seed in range(100, 100 + 2 * FILMS)]


@pytest.fixture(scope="module")
def references(films: list[Film], tmp_path_factory: pytest.TempPathFactory) -> References:
    return register({str(n): write_film(films[n]) for n in range(FILMS)}, tmp_path_factory.mktemp("index"))


def register(files: dict[str, bytes], folder: Path) -> References:
    """Each with an owner of its own."""
    made = {
        name: matcher().fingerprint(Content(data=data, name=name), registering=True) for name, data in files.items()
    }
    return open_references(
        matcher(),
        [
            Reference(
                work_id=WorkId(name), title=name, owner=name, digest=digest_of(name.encode()), fingerprint=fingerprint
            )
            for name, fingerprint in made.items()
            if isinstance(fingerprint, Fingerprint)
        ],
        folder,
    )


def test_the_corpus_is_the_one_the_floors_were_set_on(films: Sequence[Film]) -> None:
    # The levels of blocks: how a line is drawn may differ by a pixel between processors.
    levels = [f.frames.reshape(-1, 8, 30, 8, 40, 3).mean(axis=(2, 4)).round(-1).astype("<i4") for f in films]
    assert hashlib.sha256(b"".join(level.tobytes() for level in levels)).hexdigest() == DIGEST


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_altered_films_are_found_as_the_right_work(
    films: Sequence[Film], references: References, alteration: str
) -> None:
    right = 0
    for number in range(FILMS):
        found = ask(matcher(), references, ALTERATIONS[alteration](films[number]))
        assert copies(found)[:1] in ([], [str(number)]), "the wrong work was named"
        right += bool(found) and found[0].work_id == str(number)
    assert right / FILMS >= FLOORS[alteration]


def test_films_that_are_not_registered_are_not_accused(films: Sequence[Film], references: References) -> None:
    names = [*ALTERATIONS]
    found = [
        copies(ask(matcher(), references, ALTERATIONS[names[(3 * n + k) % len(names)]](other)))
        for n, other in enumerate(films[FILMS:])
        for k in range(2)
    ]
    assert found == [[]] * len(found)


def test_puppets_of_one_studio_are_told_apart(tmp_path: Path) -> None:
    """Every second clip is registered, and all are asked for; rabbit320 is the rabbit in a smaller file."""
    folder = require_data("video") / "mdn"
    names = ["crystal", "elf", "frog", "monster", "pig", "rabbit"]
    files = {name: (folder / f"mdn_{name}.mp4").read_bytes() for name in [*names, "rabbit320"]}
    index = register({name: files[name] for name in ("crystal", "frog", "rabbit")}, tmp_path)
    for name, file in files.items():
        expected = ["rabbit"] if name == "rabbit320" else [name] if name in ("crystal", "frog", "rabbit") else []
        assert copies(ask(matcher(), index, file)) == expected, name
        turned = ALTERATIONS["mirrored, cropped 10 %, 1.1 × as fast"](read_film(file, height=240))
        assert copies(ask(matcher(), index, turned)) == expected, name
