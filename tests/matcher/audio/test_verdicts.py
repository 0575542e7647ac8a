"""Sounds that must not be accused, or only shown to a person."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from config.loading import load_settings
from domain.findings import Comparison, SpanUnit, Verdict
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from domain.reasons import ReasonCode
from matcher.audio.worktype import AudioMatcher
from matcher.decoding.sound import RATE
from matcher.segments.upkeep import open_references
from matcher.worktypes import Content, Reference
from tests.support.music import piece
from tests.support.sound_alterations import speech, whole
from tests.support.sounds import wav

MATCHER = AudioMatcher(load_settings().matcher.audio)
Samples = NDArray[np.float64]


def fingerprint(sound: Samples, *, registering: bool = False) -> Fingerprint:
    content = Content(data=wav(whole(sound), rate=RATE), name="sound.wav")
    made = MATCHER.fingerprint(content, registering=registering)
    assert isinstance(made, Fingerprint), made
    return made


def compare(registered: dict[str, Samples], sound: Samples, cache: Path) -> Sequence[Comparison]:
    """The names registered are work and owner, as `work/owner`."""
    references = [
        Reference(
            work_id=WorkId(name.split("/")[0]),
            title=name.split("/")[0],
            owner=name.split("/")[1],
            digest=digest_of(name.encode()),
            fingerprint=fingerprint(each, registering=True),
        )
        for name, each in registered.items()
    ]
    return open_references(MATCHER, references, cache).compare(fingerprint(sound))


def test_spans_say_which_seconds_line_up(tmp_path: Path) -> None:
    work = piece(1, 60)
    (found,) = compare({"a/x": work}, work[20 * RATE : 40 * RATE], tmp_path)
    assert found.verdict is Verdict.COPY
    assert found.similarity == pytest.approx(1, abs=0.1)
    (span,) = found.spans
    assert span.unit is SpanUnit.SECOND
    assert span.query == pytest.approx((0, 20), abs=0.6)
    assert span.work == pytest.approx((20, 40), abs=0.6)


def test_a_copy_at_the_end_of_a_long_sound_of_other_music_is_a_copy(tmp_path: Path) -> None:
    sound = np.concatenate((piece(2, 80), piece(1, 60)[10 * RATE : 50 * RATE]))
    (found,) = compare({"a/x": piece(1, 60)}, sound, tmp_path)
    assert found.verdict is Verdict.COPY
    assert found.spans[0].query == pytest.approx((80, 120), abs=1)


def test_some_seconds_in_a_long_sound_wait_for_a_person(tmp_path: Path) -> None:
    sound = np.concatenate((piece(2, 30), piece(1, 60)[10 * RATE : 20 * RATE], piece(3, 30)))
    (found,) = compare({"a/x": piece(1, 60)}, sound, tmp_path)
    assert (found.verdict, found.reason.code) == (Verdict.PARTIAL, ReasonCode.AUDIO_SHORT_PART)


def test_one_recording_of_two_owners_accuses_for_neither(tmp_path: Path) -> None:
    work = piece(1, 40)
    found = compare({"a/x": work, "b/y": work}, work[5 * RATE : 25 * RATE], tmp_path)
    assert [(c.verdict, c.reason.code) for c in found] == [(Verdict.PARTIAL, ReasonCode.AUDIO_AMBIGUOUS_SOURCE)] * 2


def test_one_recording_filed_twice_by_its_owner_is_found(tmp_path: Path) -> None:
    work = piece(1, 40)
    found = compare({"a/x": work, "b/x": work}, work[5 * RATE : 25 * RATE], tmp_path)
    assert [c.verdict for c in found] == [Verdict.COPY, Verdict.COPY]


def test_of_an_owners_works_only_the_one_that_explains_it_best_is_the_source(tmp_path: Path) -> None:
    work = piece(1, 40)
    hummed = np.random.default_rng(1).normal(0, 1.2 * work.std(), work.size)
    found = compare({"a/x": work, "b/x": work + hummed}, work[5 * RATE : 25 * RATE], tmp_path)
    assert [(c.work_id, c.verdict) for c in found] == [("a", Verdict.COPY), ("b", Verdict.PARTIAL)]


def test_a_shared_loop_of_three_seconds_is_no_copy(tmp_path: Path) -> None:
    loop = piece(9, 3)
    work = piece(1, 60) * 0.3 + np.tile(loop, 20)
    other = piece(2, 60) * 0.3 + np.tile(loop, 20)
    found = compare({"a/x": work}, other[11 * RATE : 31 * RATE], tmp_path)
    assert Verdict.COPY not in {c.verdict for c in found}


def test_bars_that_the_work_repeats_are_still_the_work(tmp_path: Path) -> None:
    work = np.tile(piece(9, 6), 8)
    (found,) = compare({"a/x": work}, work[11 * RATE : 31 * RATE], tmp_path)
    assert found.verdict is Verdict.COPY


def test_bars_that_another_owner_repeats_too_accuse_for_neither(tmp_path: Path) -> None:
    bars = np.tile(piece(9, 6), 8)
    registered = {"a/x": bars, "b/y": np.concatenate((piece(3, 20), bars))}
    found = compare(registered, bars[11 * RATE : 31 * RATE], tmp_path)
    assert [(c.verdict, c.reason.code) for c in found] == [(Verdict.PARTIAL, ReasonCode.AUDIO_AMBIGUOUS_SOURCE)] * 2


def test_another_reading_by_the_same_voice_resembles_nothing(tmp_path: Path) -> None:
    one, other = (3000 * speech(60 * RATE, np.random.default_rng(seed)) for seed in (1, 2))
    assert compare({"a/x": one}, other, tmp_path) == ()


def test_one_jingle_before_two_programmes_waits_for_a_person(tmp_path: Path) -> None:
    jingle = piece(9, 8)
    one, other = (np.concatenate((jingle, piece(seed, 40))) for seed in (1, 2))
    found = compare({"a/x": one}, other, tmp_path)
    assert [c.verdict for c in found] == [Verdict.PARTIAL]


def test_sounds_of_several_segments_keep_their_numbers_when_one_is_removed(tmp_path: Path) -> None:
    works = {f"{name}/x": piece(seed, 40) for seed, name in enumerate("abc", 1)}
    for names in (["a/x"], ["a/x", "b/x"], ["a/x", "b/x", "c/x"], ["b/x", "c/x"]):
        found = {
            name: [c.work_id for c in compare({n: works[n] for n in names}, sound[5 * RATE : 25 * RATE], tmp_path)]
            for name, sound in works.items()
        }
        assert found == {name: [name[0]] if name in names else [] for name in works}


@pytest.mark.parametrize("hertz", [440.0, 523.25])
def test_beeps_and_drones_do_not_agree_with_music_that_holds_them(hertz: float, tmp_path: Path) -> None:
    moments = np.arange(60 * RATE) / RATE
    drone = 9000 * np.sin(2 * np.pi * hertz * moments)
    found = compare({"a/x": piece(1, 60) + drone}, piece(2, 30) + drone[: 30 * RATE], tmp_path)
    assert found == ()


def test_noise_resembles_nothing(tmp_path: Path) -> None:
    hiss = np.random.default_rng(1).normal(0, 5000, 30 * RATE)
    assert compare({"a/x": piece(1, 60)}, hiss, tmp_path) == ()
