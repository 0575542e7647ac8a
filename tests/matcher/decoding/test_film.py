"""Films, good and hostile, through the real decoding process."""

import numpy as np
import pytest

from matcher.decoding.film import Picture, open_film
from matcher.decoding.process import DecodingError
from matcher.video.examples import drawn
from tests.support.films import Film, write_film
from tests.support.sounds import tone, wav

TIMEOUT = 60.0
FILM = Film(np.stack(drawn(3, scenes=4)), 6.0)
FORMS = {"mp4": "libx264", "matroska": "mpeg4", "avi": "mpeg4", "mpegts": "libx264", "webm": "libvpx"}
FILES = {form: write_film(FILM, codec=codec, form=form) for form, codec in FORMS.items()}


def seen(
    data: bytes, *, side: int = 200, sparse: float = 0.5, seconds: int = 60, max_pixels: int = 1_000_000
) -> list[Picture]:
    opened = open_film(
        data, side=side, step=0.5, sparse=sparse, seconds=seconds, max_pixels=max_pixels, timeout=TIMEOUT
    )
    return list(opened.pictures)


def refusal(data: bytes, *, max_pixels: int = 1_000_000) -> str:
    with pytest.raises(DecodingError) as raised:
        seen(data, max_pixels=max_pixels)
    problem = str(dict(raised.value.reason.values)["problem"])
    assert "Traceback" not in problem
    return problem


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_film_gives_the_same_pictures(form: str) -> None:
    pictures = seen(FILES[form])
    assert 24 <= len(pictures) <= 60
    assert pictures[0].grey.shape == (173, 231)
    for picture in pictures:
        there = FILM.frames[min(len(FILM.frames) - 1, round(picture.seconds * 6))].mean(axis=2)
        small = there[: 240 // 8 * 8, : 320 // 8 * 8].reshape(30, 8, 40, 8).mean(axis=(1, 3))
        rows, columns = (np.arange(n) * m // n for n, m in ((30, 173), (40, 231)))
        assert np.corrcoef(picture.grey[np.ix_(rows + 2, columns + 2)].ravel(), small.ravel())[0, 1] > 0.6


def test_pictures_are_as_far_apart_as_asked() -> None:
    long = write_film(Film(np.tile(FILM.frames, (3, 1, 1, 1)), FILM.rate))
    times = [round(1000 * picture.seconds) for picture in seen(long)]
    assert min(np.diff(times)) >= 500


def test_pictures_of_a_short_film_stand_closer_together() -> None:
    """Of five seconds ten pictures would say little."""
    short = Film(FILM.frames[:30], 6.0)
    times = [round(1000 * picture.seconds) for picture in seen(write_film(short, codec="mpeg4"))]
    assert len(times) == 30
    assert min(np.diff(times)) >= 100


def test_of_a_long_film_key_frames_are_enough() -> None:
    """Ten minutes with a key frame every 2.5 seconds: what lies between them is left alone."""
    long = Film(np.tile(FILM.frames[::6, ::4, ::4], (50, 1, 1, 1)), 1.0)
    data = write_film(long, codec="mpeg4", key_frames=3)
    times = [picture.seconds for picture in seen(data, sparse=2.0, seconds=1000)]
    assert 150 <= len(times) <= 350
    assert np.diff(times).max() <= 5.0
    assert times[-1] == pytest.approx(600, abs=6)


def test_no_more_is_decoded_than_asked_for() -> None:
    assert seen(FILES["mp4"], seconds=5)[-1].seconds <= 5.0


@pytest.mark.parametrize("form", ["matroska", "avi", "mpegts", "webm"])
def test_of_a_truncated_film_the_beginning_is_seen(form: str) -> None:
    pictures = seen(FILES[form][: len(FILES[form]) * 2 // 3])
    assert 4 <= pictures[-1].seconds <= 10


def test_sound_is_told_from_the_head() -> None:
    loud = write_film(FILM, sound=tone(12, rate=8000))
    bounds = {"side": 100, "step": 0.5, "sparse": 0.5, "seconds": 60, "max_pixels": 1_000_000, "timeout": TIMEOUT}
    assert open_film(loud, **bounds).has_sound  # type: ignore[arg-type]
    assert not open_film(FILES["mp4"], **bounds).has_sound  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="zero-length"),
        pytest.param(b"\0" * 100_000, id="zeros"),
        pytest.param(np.random.default_rng(1).bytes(100_000), id="noise"),
        pytest.param(b"\x1aE\xdf\xa3" + np.random.default_rng(2).bytes(50_000), id="noise-with-a-head"),
        pytest.param(FILES["mp4"][: len(FILES["mp4"]) // 2], id="without-its-index"),
        pytest.param(b"<html>not a film</html>" * 100, id="page"),
        pytest.param(wav(tone(3)), id="sound-alone"),
        pytest.param(b"ffconcat version 1.0\nfile '/etc/passwd'\n", id="playlist"),
    ],
)
def test_what_holds_no_film_is_refused_with_a_reason(data: bytes) -> None:
    assert refusal(data)


def test_a_film_of_too_many_pixels_is_not_decoded() -> None:
    assert "320×240" in refusal(FILES["mp4"], max_pixels=320 * 240 - 1)


def test_a_strip_is_no_film() -> None:
    assert "16" in refusal(write_film(Film(FILM.frames[:, :16], 6.0)))


@pytest.mark.parametrize("seed", range(6))
def test_flipped_bytes_end_in_pictures_or_a_reason(seed: int) -> None:
    chance, data = np.random.default_rng(seed), bytearray(FILES[[*FORMS][seed % len(FORMS)]])
    for place in chance.integers(0, len(data), 200):
        data[place] ^= int(chance.integers(1, 256))
    try:
        pictures = seen(bytes(data))
    except DecodingError:
        return
    assert {picture.grey.shape for picture in pictures} == {pictures[0].grey.shape}


def test_a_film_that_changes_its_size_keeps_one_here() -> None:
    """Two streams one after the other, as broadcasts are cut together."""
    joined = FILES["mpegts"] + write_film(Film(FILM.frames[:, ::2, ::2], 6.0), form="mpegts")
    assert {picture.grey.shape for picture in seen(joined)} == {(173, 231)}
