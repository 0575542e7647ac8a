"""What an overlay tells: nothing of a copy, and where drawings on one template differ."""

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from config.loading import load_settings
from domain.findings import Comparison, Verdict
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.image.overlay import Overlay, lay
from matcher.image.payload import ImagePrint, unpack
from matcher.image.pdq import pdq
from matcher.image.placement import lay_by_hash
from matcher.image.thumbnail import thumbnail
from matcher.image.worktype import ImageMatcher
from matcher.segments.upkeep import open_references
from matcher.worktypes import Content, Reference
from tests.mocksite.pictures import as_jpeg, as_png, drawing
from tests.support.image_alterations import bordered, cropped, jpeg

SETTINGS = load_settings().matcher.image
MATCHER = ImageMatcher(SETTINGS)
AS_IT_IS = np.eye(3)[:2]
"""A placement of a picture that was not moved."""


def over(query: Image.Image, work: Image.Image) -> Overlay:
    small = [thumbnail(np.asarray(p, np.uint8), registering=r) for p, r in ((work, True), (query, False))]
    return lay(small[0], small[1], AS_IT_IS)


def with_badge(picture: Image.Image, colour: str) -> Image.Image:
    out = picture.copy()
    ImageDraw.Draw(out).ellipse((300, 200, 460, 360), colour)
    return out


def recoloured(picture: Image.Image) -> Image.Image:
    red, green, blue = picture.split()
    return Image.merge("RGB", (blue, red, green))


def printed(picture: Image.Image) -> ImagePrint:
    made = MATCHER.fingerprint(Content(data=as_png(picture), name="picture.png"))
    assert isinstance(made, Fingerprint)
    return unpack(made)


@pytest.mark.parametrize("alter", [jpeg(30), lambda image, _: image.resize((180, 135)), lambda image, _: image])
def test_a_copy_is_contradicted_nowhere(alter: Callable[[Image.Image, random.Random], Image.Image]) -> None:
    found = over(alter(drawing(1), random.Random(1)), drawing(1))
    assert found.visible == 1.0
    assert found.likeness >= SETTINGS.overlay_likeness
    assert found.contradicted == found.clash == 0.0


def test_a_part_that_shows_something_else_is_contradicted() -> None:
    found = over(with_badge(drawing(1), "black"), drawing(1))
    assert found.likeness < SETTINGS.overlay_likeness
    assert 0 < found.contradicted < 1


def test_other_colours_clash_and_no_colours_do_not() -> None:
    assert over(recoloured(drawing(1)), drawing(1)).clash > SETTINGS.overlay_clash
    assert over(ImageOps.grayscale(drawing(1)).convert("RGB"), drawing(1)).clash == 0.0


@pytest.mark.parametrize("form", range(8))
def test_the_orientation_that_a_hash_tells_puts_the_picture_where_it_lies(form: int) -> None:
    shown = drawing(2)
    turned = shown.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if form >= 4 else shown
    turned = turned.rotate(-90 * (form % 4), expand=True)
    query = printed(turned)
    apart = np.bitwise_count(query.whole ^ pdq(np.asarray(shown.convert("L"), np.uint8))[0][0]).sum(axis=1)
    assert apart.argmin() == form
    small = thumbnail(np.asarray(shown, np.uint8), registering=True)
    assert lay_by_hash(small, (0.0, 0.0, 1.0, 1.0), query, form).likeness > 0.98
    assert lay_by_hash(small, (0.0, 0.0, 1.0, 1.0), query, (form + 1) % 8).likeness < 0.5


def test_borders_that_were_trimmed_off_are_left_out() -> None:
    query = printed(bordered(0.1, "white")(drawing(3), random.Random(1)))
    small = thumbnail(np.asarray(drawing(3), np.uint8), registering=True)
    assert lay_by_hash(small, (0.0, 0.0, 1.0, 1.0), query, 0).likeness > 0.95


def compared(query: Image.Image, work: Image.Image, folder: Path) -> Comparison:
    registered = MATCHER.fingerprint(Content(data=as_png(work), name="work.png"), registering=True)
    asked = MATCHER.fingerprint(Content(data=as_jpeg(query), name="asked.jpg"))
    assert isinstance(registered, Fingerprint)
    assert isinstance(asked, Fingerprint)
    digest = digest_of(registered.payload)
    reference = Reference(work_id=WorkId("w"), title="", owner="", digest=digest, fingerprint=registered)
    (found,) = open_references(MATCHER, [reference], folder).compare(asked)
    return found


def plate(symbol: str, ground: str) -> Image.Image:
    """A sign of a series: one ornate frame, a symbol in it."""
    image = Image.new("RGB", (480, 480), ground)
    draw = ImageDraw.Draw(image)
    chance = np.random.default_rng(7)
    for _ in range(260):
        x, y = (int(v) for v in chance.integers(0, 470, 2))
        if max(abs(x - 240), abs(y - 240)) > 170:
            across, down = (int(v) for v in chance.integers(4, 26, 2))
            draw.rectangle((x, y, x + across, y + down), outline="black", width=int(chance.integers(1, 4)))
    draw.ellipse((110, 110, 370, 370), outline="black", width=14)
    draw.text((240, 240), symbol, "black", font_size=150, anchor="mm")
    return image


@pytest.mark.parametrize(("symbol", "ground"), [("7", "gold"), ("K", "skyblue")])
def test_another_symbol_or_colour_in_one_frame_is_partial(symbol: str, ground: str, tmp_path: Path) -> None:
    found = compared(plate(symbol, ground), plate("K", "gold"), tmp_path)
    assert found.verdict is Verdict.PARTIAL
    assert found.reason.code == "image_same_template"


def test_the_same_sign_cropped_is_a_copy(tmp_path: Path) -> None:
    found = compared(cropped(0.1)(plate("K", "gold"), random.Random(1)), plate("K", "gold"), tmp_path)
    assert found.verdict is Verdict.COPY
