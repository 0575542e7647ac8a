"""Pairs that show what is a copy of a piece of music and what is not, played when asked for."""

import io
import wave
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matcher.decoding.sound import RATE
from matcher.worktypes import Content, Example

Samples = NDArray[np.float64]


@lru_cache(maxsize=1)
def examples() -> Sequence[Example]:
    """A tune registered, and copies and others asked for."""
    tune = _tune(1, 30)
    part = tune[8 * RATE : 20 * RATE]
    chance = np.random.default_rng(3)
    queries: tuple[tuple[str, Samples, str], ...] = (
        ("same.wav", tune, "copy"),
        ("part.wav", part, "copy"),
        ("noisy.wav", part + chance.normal(0, 0.5 * part.std(), part.size), "copy"),
        ("faster.wav", np.interp(np.arange(0, part.size, 1.04), np.arange(part.size), part), "copy"),
        # Five seconds of the tune, then another: too little of it to accuse.
        ("within.wav", np.concatenate((_tune(2, 15), tune[10 * RATE : 15 * RATE], _tune(4, 15))), "partial"),
        ("other.wav", _tune(2, 20), "no_match"),
        ("tone.wav", np.sin(np.arange(20 * RATE) * 0.3), "abstained"),
        ("silence.wav", np.zeros(20 * RATE), "abstained"),
        ("short.wav", part[: 2 * RATE], "abstained"),
    )
    registered = _content("tune.wav", tune)
    return tuple(
        Example(registered=registered, query=_content(name, sound), verdict=verdict) for name, sound, verdict in queries
    )


def _content(name: str, sound: Samples) -> Content:
    out = io.BytesIO()
    loudest = max(1e-9, float(np.abs(sound).max()))
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * (20_000 / loudest)).astype("<i2").tobytes())
    return Content(data=out.getvalue(), name=name)


def _tune(seed: int, seconds: int) -> Samples:
    """Notes of three voices, plucked with their overtones, the same for the same seed."""
    chance = np.random.default_rng(seed)
    sound = np.zeros(seconds * RATE)
    for low, notes_a_second in ((220.0, 1.5), (440.0, 3.0), (880.0, 4.0)):
        for _ in range(int(seconds * notes_a_second)):
            start = int(chance.integers(0, sound.size - RATE // 10))
            moments = np.arange(min(RATE * 2 // 3, sound.size - start)) / RATE
            hertz = low * 2.0 ** (int(chance.integers(0, 15)) / 12)
            note = sum(np.sin(2 * np.pi * hertz * k * moments) / k**1.5 for k in range(1, 5))
            sound[start : start + moments.size] += note * np.exp(-5 * moments)
    return sound
