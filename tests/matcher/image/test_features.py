"""Features of a picture: the same from the same bytes, none in flat ones, and found again in the mirror image."""

from pathlib import Path

import numpy as np
import pytest

import matcher.image.tables as trained
from domain.errors import IntegrityError
from matcher.image.features import REGISTERED_MOST, Features, extract, mirror
from matcher.image.payload import ImagePrint, pack, unpack
from matcher.image.pdq import pdq
from matcher.image.thumbnail import thumbnail
from tests.mocksite.pictures import drawing

GREY = np.asarray(drawing(1).convert("L"), np.uint8)


def printed(features: Features, *, registered: bool) -> ImagePrint:
    hashes, quality = pdq(GREY)
    size = (GREY.shape[1], GREY.shape[0])
    return ImagePrint(
        digest=trained.DIGEST,  # type: ignore[arg-type]  # any digest will do
        size=size,
        decoded=size,
        quality=quality,
        trimmed_quality=quality,
        whole=hashes,
        trimmed=hashes,
        content=(0.0, 0.0, 1.0, 1.0),
        features=features,
        thumbnail=thumbnail(np.asarray(drawing(1), np.uint8), registering=registered),
        registered=registered,
    )


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_flat_picture_has_no_features(shade: int) -> None:
    assert len(extract(np.full((240, 320), shade, np.uint8), registering=True)) == 0


def test_a_registered_picture_has_few_features_and_none_of_its_mirror_image() -> None:
    found = extract(GREY, registering=True)
    assert 0 < len(found) <= REGISTERED_MOST
    assert found.mirrored_words.size == found.mirrored_signatures.size == 0


def test_features_of_the_mirror_image_are_those_of_the_mirrored_picture() -> None:
    told = mirror(extract(GREY, registering=False))
    seen = extract(np.ascontiguousarray(GREY[:, ::-1]), registering=False)
    apart = np.linalg.norm(told.points[:, None] - seen.points[None], axis=2)
    apart += np.where(told.levels[:, None] == seen.levels[None], 0, 1e6)
    nearest = apart.argmin(axis=1)
    same = apart[np.arange(len(told)), nearest] < 0.5
    assert same.mean() > 0.8
    bits = np.bitwise_count(told.signatures[same] ^ seen.signatures[nearest[same]])
    assert np.median(bits) <= 2


def test_a_fingerprint_keeps_the_features() -> None:
    for registered in (False, True):
        features = extract(GREY, registering=registered)
        kept = unpack(pack(printed(features, registered=registered))).features
        assert kept.size == features.size
        assert np.abs(kept.points - features.points).max() <= 1 / 64
        assert np.array_equal(kept.signatures, features.signatures)
        assert np.array_equal(kept.words, features.words)
        assert np.array_equal(kept.mirrored_words, features.mirrored_words)


def test_a_registered_picture_takes_no_more_than_it_should() -> None:
    assert len(pack(printed(extract(GREY, registering=True), registered=True)).payload) <= 4600


def test_other_tables_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "tables.bin"
    other.write_bytes(trained.FILE.read_bytes()[:-1] + b"\0")
    monkeypatch.setattr(trained, "FILE", other)
    with pytest.raises(IntegrityError, match="were changed"):
        trained.tables.__wrapped__()
