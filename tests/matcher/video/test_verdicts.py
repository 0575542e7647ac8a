"""What is called a copy of a film, what waits for a person, and what is left alone."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from domain.findings import Comparison, Verdict
from domain.reasons import ReasonCode
from matcher.video.examples import drawn
from matcher.worktypes import References
from tests.support.drawn_films import RATE, print_of, registered
from tests.support.music import piece
from tests.support.sound_alterations import whole

Frame = NDArray[np.uint8]


def frames(seed: int, seconds: int = 30, moving: int | None = None, scene_seconds: int = 6) -> list[Frame]:
    return drawn(seed, scenes=seconds // scene_seconds, seconds=scene_seconds, moving=moving, rate=int(RATE))


FILM, OTHER = frames(1), frames(2, 120)
SOUND = whole(piece(5, 30))


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> References:
    films = [("film", "one", FILM), ("third", "three", frames(3)), ("fourth", "four", frames(4))]
    return registered(films, tmp_path_factory.mktemp("index"), SOUND)


def told(found: Sequence[Comparison]) -> list[tuple[str, Verdict, ReasonCode]]:
    return [(c.work_id, c.verdict, c.reason.code) for c in found]


def smaller(frame: Frame, share: float) -> Frame:
    height, width = frame.shape[:2]
    return np.asarray(
        cv2.resize(frame, (int(width * share), int(height * share)), interpolation=cv2.INTER_AREA), np.uint8
    )


def in_a_picture(frame: Frame) -> Frame:
    out = np.asarray(cv2.GaussianBlur(frame, (0, 0), 12), np.uint8)
    out[20:188, 60:284] = smaller(frame, 0.7)
    return out


CHANGES: Mapping[str, Callable[[Frame], Frame]] = {
    "as it is": lambda f: f,
    "smaller": lambda f: smaller(f, 0.4),
    "mirrored": lambda f: np.ascontiguousarray(f[:, ::-1]),
    "cropped": lambda f: f[24:-24, 40:-24],
    "between bars": lambda f: np.pad(f, ((150, 150), (0, 0), (0, 0))),
    "in a picture": in_a_picture,
    "grey and bright": lambda f: np.repeat(
        np.clip(f.mean(axis=2, keepdims=True) * 1.2 + 25, 0, 255).astype(np.uint8), 3, 2
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_altered_part_is_a_copy_and_says_where(register: References, change: str) -> None:
    found = register.compare(print_of(CHANGES[change](f) for f in FILM[16:48]))
    assert told(found)[0] == ("film", Verdict.COPY, ReasonCode.VIDEO_COPY)
    (span,) = found[0].spans
    assert [float(v) for v in span.query] == pytest.approx([0, 16], abs=1.5)
    assert [float(v) for v in span.work] == pytest.approx([8, 24], abs=1.5)
    assert ("mirrored" in found[0].reason.sentence("en")) is (change == "mirrored")


@pytest.mark.parametrize("speed", [0.8, 1.1, 1.25])
def test_a_copy_at_another_speed_says_which(register: References, speed: float) -> None:
    found = register.compare(print_of(FILM, rate=RATE * speed))
    assert found[0].verdict is Verdict.COPY
    (span,) = found[0].spans
    query, work = ([float(v) for v in side] for side in (span.query, span.work))
    assert (work[1] - work[0]) / (query[1] - query[0]) == pytest.approx(speed, abs=0.04)
    assert "as fast" in found[0].reason.sentence("en")
    assert "速度" in found[0].reason.sentence("zh-CN")


def test_half_of_a_work_in_a_much_longer_film_is_a_copy(register: References) -> None:
    found = register.compare(print_of([*OTHER, *FILM[10:50], *OTHER[::-1]]))
    assert told(found) == [("film", Verdict.COPY, ReasonCode.VIDEO_COPY)]
    assert found[0].reason.sentence("en").startswith("20 s of the film run along 0:05–0:25 of the work, from 2:00 on")


def test_a_few_seconds_in_a_longer_film_wait_for_a_person(register: References) -> None:
    """An opening, an advertisement or an extract."""
    found = register.compare(print_of([*FILM[:14], *OTHER]))
    assert told(found)[0][:2] == ("film", Verdict.PARTIAL)


def test_a_film_cut_into_episodes_is_found_in_each(tmp_path: Path) -> None:
    whole_film = frames(9, 60)
    index = registered([("film", "one", whole_film)], tmp_path)
    for first in range(0, 120, 30):
        found = index.compare(print_of(whole_film[first : first + 30]))
        assert [c.verdict for c in found] == [Verdict.COPY]
        assert float(found[0].spans[0].work[0]) == pytest.approx(first / RATE, abs=1.5)


def test_what_is_shown_before_the_same_background_accuses_nobody(register: References) -> None:
    """Two films of one studio: the picture is the same at every moment, and never changes alike."""
    found = register.compare(print_of(frames(1, 18, moving=77)))
    assert all(verdict is Verdict.PARTIAL for _, verdict, _ in told(found))
    assert all(c.reason.code in {ReasonCode.VIDEO_LIKENESS, ReasonCode.VIDEO_STILL} for c in found)


def speaker(seed: int, seconds: int = 60) -> list[Frame]:
    """Before one wall a disc goes about, as a head does."""
    chance, wall = np.random.default_rng(seed), drawn(7, scenes=1, seconds=1, rate=1)[0]
    way = np.cumsum(chance.normal(0, 12, (seconds * int(RATE), 2)), axis=0)
    places = np.abs((way + np.array([160, 120])) % (640, 480) - (320, 240))
    return [np.asarray(cv2.circle(wall.copy(), (int(x), int(y)), 24, (230, 200, 180), -1), np.uint8) for x, y in places]


def test_where_hardly_anything_moves_it_still_tells_when(tmp_path: Path) -> None:
    references = registered([("talk", "one", speaker(1))], tmp_path)
    found = references.compare(print_of(speaker(1)[44:84]))
    assert [c.work_id for c in found] == ["talk"]
    (span,) = found[0].spans
    assert [float(v) for v in span.work] == pytest.approx([22, 42], abs=1.5)
    assert told(references.compare(print_of(speaker(2)[44:84])))[0][:2] == ("talk", Verdict.PARTIAL)


def test_a_still_picture_accuses_nobody(tmp_path: Path) -> None:
    still = [FILM[5]] * 40
    found = registered([("still", "one", still)], tmp_path).compare(print_of(still[:20]))
    assert told(found) == [("still", Verdict.PARTIAL, ReasonCode.VIDEO_STILL)]


def test_a_still_picture_with_the_work_s_sound_is_a_copy(tmp_path: Path) -> None:
    """A reading or a lecture: the sound proves what the picture cannot."""
    still = [FILM[5]] * 60
    index = registered([("still", "one", still)], tmp_path, SOUND)
    found = index.compare(print_of(still[:40], sound=SOUND[: 20 * 8000]))
    assert told(found) == [("still", Verdict.COPY, ReasonCode.VIDEO_COPY)]
    assert "sound" in found[0].reason.sentence("en")


def test_the_sound_alone_waits_for_a_person(register: References) -> None:
    found = register.compare(print_of(OTHER[:40], sound=SOUND[4 * 8000 : 24 * 8000]))
    # All three works of this register have that sound, so that none is sure.
    assert {c.verdict for c in found} <= {Verdict.PARTIAL}


def test_one_work_s_sound_under_other_pictures_is_named(tmp_path: Path) -> None:
    index = registered([("film", "one", FILM)], tmp_path, SOUND)
    found = index.compare(print_of(OTHER[:40], sound=SOUND[4 * 8000 : 24 * 8000]))
    assert told(found) == [("film", Verdict.PARTIAL, ReasonCode.VIDEO_SOUND)]
    assert [float(v) for v in found[0].spans[0].work] == pytest.approx([4, 24], abs=1.5)


def test_two_owners_of_one_film_make_the_source_uncertain(tmp_path: Path) -> None:
    index = registered([("a", "one", FILM), ("b", "two", FILM[4:])], tmp_path)
    found = index.compare(print_of(FILM[10:50]))
    assert {told_[1:] for told_ in told(found)} == {(Verdict.PARTIAL, ReasonCode.VIDEO_AMBIGUOUS_SOURCE)}


def test_two_files_of_one_owner_do_not(tmp_path: Path) -> None:
    index = registered([("a", "one", FILM), ("b", "one", FILM[4:])], tmp_path)
    assert index.compare(print_of(FILM[10:50]))[0].verdict is Verdict.COPY


def test_other_films_and_black_ones_are_left_alone(register: References) -> None:
    assert register.compare(print_of(OTHER)) == ()
    assert register.compare(print_of([np.zeros_like(f) for f in FILM])) == ()
    noise = np.random.default_rng(1)
    assert register.compare(print_of(noise.integers(0, 256, (40, 240, 320, 3), np.uint8))) == ()
