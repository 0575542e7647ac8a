"""Works that look alike must not be taken for each other: pages of one layout, drawings of one series."""

import hashlib
import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from config.loading import load_settings
from domain.findings import Verdict
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.image.worktype import ImageMatcher
from matcher.segments.upkeep import open_references
from matcher.worktypes import Content, Reference, References
from tests.evaluation.image_pages import kinds
from tests.evaluation.image_sources import CLIPART, on_white
from tests.mocksite.pictures import as_jpeg, as_png
from tests.support.image_alterations import ALL_ALTERATIONS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("image_floor")]

MATCHER = ImageMatcher(load_settings().matcher.image)
DRAWN = kinds([])
PAGES = 8
FORMS = ("jpeg30", "crop10", "resize50", "watermark", "screenshot")
SERIES = CLIPART / "recreation" / "games" / "cards" / "ornamental"
SERIES_DIGEST = "0c85e5131eb75899bd86e366ab12cea3e9b877990de2e87c0b0d5c1f75e7f16c"


def register(pictures: Mapping[str, Image.Image], folder: Path) -> References:
    made = []
    for name, picture in pictures.items():
        found = MATCHER.fingerprint(Content(data=as_png(picture), name=f"{name}.png"), registering=True)
        assert isinstance(found, Fingerprint), f"{name} is too plain to be registered"
        digest = digest_of(found.payload)
        made.append(Reference(work_id=WorkId(name), title=name, owner="", digest=digest, fingerprint=found))
    return open_references(MATCHER, made, folder)


def verdicts(references: References, picture: Image.Image) -> dict[str, Verdict]:
    made = MATCHER.fingerprint(Content(data=as_jpeg(picture), name="asked.jpg"))
    return {c.work_id: c.verdict for c in references.compare(made)} if isinstance(made, Fingerprint) else {}


def copies(references: References, picture: Image.Image) -> list[str]:
    return [name for name, verdict in verdicts(references, picture).items() if verdict is Verdict.COPY]


@pytest.mark.parametrize("kind", DRAWN)
def test_pages_of_one_layout_are_found_and_not_taken_for_each_other(kind: str, tmp_path: Path) -> None:
    own = {f"{kind} {n}": DRAWN[kind](n) for n in range(PAGES)}
    references, chance, missed = register(own, tmp_path), random.Random(5), []
    for form in FORMS:
        for name, picture in own.items():
            found = verdicts(references, ALL_ALTERATIONS[form](picture, chance))
            assert [other for other, said in found.items() if said is Verdict.COPY and other != name] == []
            missed += [] if name in found else [(form, name)]
        for n in range(PAGES):
            assert copies(references, ALL_ALTERATIONS[form](DRAWN[kind](100 + n), chance)) == []
    assert len(missed) / (len(FORMS) * PAGES) <= 0.1, missed


def test_playing_cards_of_one_pack_are_not_taken_for_each_other(tmp_path: Path) -> None:
    files = sorted(SERIES.glob("*.png"))
    if not files:
        pytest.skip("needs the Debian package openclipart-png")
    data = [file.read_bytes() for file in files]
    assert hashlib.sha256(b"".join(data)).hexdigest() == SERIES_DIGEST
    pictures = {file.stem: on_white(content) for file, content in zip(files, data, strict=True)}
    names = list(pictures)
    references = register({name: pictures[name] for name in names[::2]}, tmp_path)
    accused = {(name, other) for name in names[1::2] for other in copies(references, pictures[name])}
    assert accused == set()
