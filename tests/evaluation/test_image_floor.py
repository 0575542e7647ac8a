"""Accuracy that must not be lost: photographs, half of them registered (see image_corpus), in 31 alterations."""

import random
from pathlib import Path

import pytest
from PIL import Image

from config.loading import load_settings
from domain.findings import Comparison, Verdict
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.image.worktype import ImageMatcher
from matcher.segments.upkeep import open_references
from matcher.worktypes import Content, Reference, References
from tests.evaluation.image_corpus import ImageCorpus, read_pictures
from tests.mocksite.pictures import as_jpeg, as_png, cover, drawing
from tests.support.image_alterations import ALL_ALTERATIONS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("image_floor")]

DIGEST = "8b2c7662bb826a116dbc4de843b1cf9c6916aecaa5c5b37b33f1336b93edb103"
FLOORS = dict.fromkeys(ALL_ALTERATIONS, 11 / 12) | {"resize25": 10 / 12, "combined": 10 / 12}
"""Of the twelve one is a plain colour wheel and two are pages of text, too small to read at a quarter."""
MATCHER = ImageMatcher(load_settings().matcher.image)
INNOCENT_FORMS = ("jpeg30", "crop20", "watermark", "screenshot", "collage", "combined")


@pytest.fixture(scope="module")
def corpus() -> ImageCorpus:
    return read_pictures()


@pytest.fixture(scope="module")
def references(corpus: ImageCorpus, tmp_path_factory: pytest.TempPathFactory) -> References:
    made = []
    for name, picture in corpus.registered.items():
        fingerprint = MATCHER.fingerprint(Content(data=as_png(picture), name=f"{name}.png"), registering=True)
        assert isinstance(fingerprint, Fingerprint), f"{name} is too plain to be registered"
        digest = digest_of(fingerprint.payload)
        made.append(Reference(work_id=WorkId(name), title=name, owner="", digest=digest, fingerprint=fingerprint))
    return open_references(MATCHER, made, Path(tmp_path_factory.mktemp("index")))


def found(references: References, picture: Image.Image) -> list[Comparison]:
    fingerprint = MATCHER.fingerprint(Content(data=as_jpeg(picture), name="asked.jpg"))
    return list(references.compare(fingerprint)) if isinstance(fingerprint, Fingerprint) else []


def test_the_corpus_is_the_one_the_floors_were_set_on(corpus: ImageCorpus) -> None:
    assert corpus.digest == DIGEST


@pytest.mark.parametrize("alteration", ALL_ALTERATIONS)
def test_altered_copies_are_found_and_no_other_work_is_named(
    corpus: ImageCorpus, references: References, alteration: str
) -> None:
    chance, missed = random.Random(3), []
    for name, picture in corpus.registered.items():
        named = [c.work_id for c in found(references, ALL_ALTERATIONS[alteration](picture, chance))]
        assert set(named) <= {name}, "another work was named"
        missed += [] if named else [name]
    assert 1 - len(missed) / len(corpus.registered) >= FLOORS[alteration] - 1e-9, missed


def test_pictures_that_are_not_registered_are_not_accused(corpus: ImageCorpus, references: References) -> None:
    chance = random.Random(4)
    asked = [*corpus.others.values(), *(drawing(700 + n) for n in range(10)), *(cover(f"Part {n}") for n in range(10))]
    asked += [ALL_ALTERATIONS[form](picture, chance) for picture in corpus.others.values() for form in INNOCENT_FORMS]
    accused = [c.work_id for picture in asked for c in found(references, picture) if c.verdict is Verdict.COPY]
    assert accused == []
