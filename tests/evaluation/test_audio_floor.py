"""Accuracy that must not be lost: music made from seeds, half of it registered, and music of Debian packages."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from config.loading import load_settings
from domain.findings import Comparison, Verdict
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.audio.worktype import AudioMatcher
from matcher.decoding.sound import RATE, decode
from matcher.segments.upkeep import open_references
from matcher.worktypes import Reference, References
from tests.evaluation.sound_corpus import sound_fingerprint
from tests.support.music import piece
from tests.support.sound_alterations import ALTERATIONS, whole

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("audio_floor")]

PIECES, LENGTH, CLIP = 12, 45, 10
DIGEST = "035734982484d950e4f6a119629f587ca1f15de16791cf6075dcfd8a619480da"
FLOORS = dict.fromkeys(ALTERATIONS, 1.0)
FOLDERS = {
    "asc-music": Path("/usr/share/games/asc/music"),
    "planetblupi-music-ogg": Path("/usr/share/planetblupi/music"),
}

Samples = NDArray[np.float64]


@pytest.fixture(scope="module")
def pieces() -> list[Samples]:
    return [piece(seed, LENGTH) for seed in range(2 * PIECES)]


@pytest.fixture(scope="module")
def references(pieces: list[Samples], tmp_path_factory: pytest.TempPathFactory) -> References:
    return register({str(n): pieces[n] for n in range(PIECES)}, tmp_path_factory.mktemp("index"))


def register(sounds: dict[str, Samples], cache: Path) -> References:
    """Each with an owner of its own."""
    return open_references(
        AudioMatcher(load_settings().matcher.audio),
        [
            Reference(
                work_id=WorkId(name),
                title=name,
                owner=name,
                digest=digest_of(name.encode()),
                fingerprint=sound_fingerprint(whole(sound), registering=True),
            )
            for name, sound in sounds.items()
        ],
        cache,
    )


def fingerprint(sound: Samples) -> Fingerprint:
    return sound_fingerprint(whole(sound))


def clip(sound: Samples, start: float) -> Samples:
    return sound[int(start * RATE) : int((start + CLIP) * RATE)]


def copies(found: Sequence[Comparison]) -> list[str]:
    return [c.work_id for c in found if c.verdict is Verdict.COPY]


def test_the_corpus_is_the_one_the_floors_were_set_on(pieces: list[Samples]) -> None:
    # The level of each second: the last bit of a sine may differ between processors.
    levels = [np.round(np.abs(p.reshape(LENGTH, -1)).mean(axis=1)).astype("<i4").tobytes() for p in pieces]
    assert hashlib.sha256(b"".join(levels)).hexdigest() == DIGEST


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_altered_clips_are_found_in_the_right_work(
    pieces: list[Samples], references: References, alteration: str
) -> None:
    chance, right = np.random.default_rng(3), 0
    for number in range(PIECES):
        altered = ALTERATIONS[alteration](clip(pieces[number], 7.3 + 2 * number), chance)
        found = references.compare(fingerprint(altered))
        assert copies(found)[:1] in ([], [str(number)]), "the wrong work was named"
        right += bool(found) and found[0].work_id == str(number)
    assert right / PIECES >= FLOORS[alteration]


def test_music_that_is_not_registered_is_not_accused(pieces: list[Samples], references: References) -> None:
    chance, names = np.random.default_rng(4), [*ALTERATIONS]
    found = []
    for n, sound in enumerate(pieces[PIECES:]):
        for k, start in enumerate((1.0, 17.0, 33.0)):
            name = names[(3 * n + k) % len(names)] if k == 0 else "clip"
            found += copies(references.compare(fingerprint(ALTERATIONS[name](clip(sound, start), chance))))
    assert found == []


@pytest.mark.parametrize("package", FOLDERS)
def test_the_tracks_of_a_game_are_told_apart(package: str, tmp_path: Path) -> None:
    """They share instruments, keys and loops; every second one is registered, and the others are asked for."""
    if not FOLDERS[package].is_dir():
        pytest.skip(f"needs the Debian package {package}")
    tracks = {}
    for path in sorted(FOLDERS[package].iterdir()):
        sound = decode(path.read_bytes(), seconds=120, timeout=60)
        assert isinstance(sound, np.ndarray)
        tracks[path.name] = sound.astype(np.float64)
    names = [*tracks]
    register_of = register({name: tracks[name] for name in names[::2]}, tmp_path)
    for name in names:
        for start in (5.0, 25.0):
            expected = [name] if name in names[::2] else []
            assert copies(register_of.compare(fingerprint(clip(tracks[name], start)))) == expected
