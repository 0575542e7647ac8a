"""Distances of digests follow what was changed."""

import random

import numpy as np
import pytest

from matcher.software.tlsh import LENGTH, SHORTEST, asked_terms, band_terms, distance, nearest, tlsh

FAR = 1000


def text(seed: int, words: int = 700) -> bytes:
    chance = random.Random(seed)
    known = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randrange(2, 9))) for _ in range(200)]
    return " ".join(chance.choices(known, k=words)).encode()


def apart(left: bytes, right: bytes) -> int:
    one, other = tlsh(left), tlsh(right)
    assert one is not None
    assert other is not None
    assert distance(one, other, FAR) == distance(other, one, FAR)
    return distance(one, other, FAR)


@pytest.mark.parametrize("seed", range(20))
def test_a_changed_line_is_near_and_another_text_is_far(seed: int) -> None:
    own = text(seed)
    at = random.Random(seed).randrange(len(own) - 100)
    assert apart(own, own) == 0
    assert apart(own, own[:at] + b"a changed line" + own[at + 20 :]) <= 30
    assert apart(own, text(seed + 100)) > 60


def test_more_changes_are_farther() -> None:
    own, other = text(1), text(2)
    distances = [apart(own, own[: len(own) - part] + other[:part]) for part in (0, 200, 1500, len(own))]
    assert distances == sorted(distances)
    assert distances[0] == 0


def test_the_length_counts() -> None:
    assert apart(text(3), text(3) * 4) >= 50


@pytest.mark.parametrize("data", [b"", b"abc" * 30, bytes(5000), b"\xff" * SHORTEST, text(1)[: SHORTEST - 1]])
def test_what_is_short_or_uniform_has_no_digest(data: bytes) -> None:
    assert tlsh(data) is None


def test_the_nearest_is_the_nearest_of_all() -> None:
    digests = np.stack([digest for n in range(60) if (digest := tlsh(text(n % 40, 300 + n))) is not None])
    wanted, offered = digests[:20], digests[20:]
    every = np.array([[distance(w, o, FAR) for o in offered] for w in wanted])
    rows, best = nearest(wanted, offered, 80)
    within = every.min(axis=1) <= 80
    assert list(best[within]) == list(every.min(axis=1)[within])
    assert list(rows[within]) == list(every.argmin(axis=1)[within])
    assert set(rows[~within]) <= {-1}
    assert 0 < within.sum() < 20


def test_near_files_share_a_band() -> None:
    own = tlsh(text(5))
    near = tlsh(text(5)[:-60] + b"something else at the end")
    assert own is not None
    assert near is not None
    first, second = band_terms(np.stack([own, near]))
    assert (first == second).sum() >= 4
    assert own.shape == (LENGTH,)


def test_what_is_asked_for_is_kept_for_lengths_of_two_steps_more_or_less() -> None:
    own = tlsh(text(5))
    assert own is not None
    for step in range(256):
        own[1] = step
        others = np.repeat(own[None], 256, axis=0)
        others[:, 1] = np.arange(256)
        [asked], kept = asked_terms(own[None]), band_terms(others)
        found = np.asarray(np.isin(kept, asked).any(axis=1))
        assert found[max(0, step - 2) : step + 3].all()
        assert not found[: max(0, step - 5)].any()
        assert not found[step + 6 :].any()
