"""Music made up from a seed: chords, a tune, a bass and drums, each piece with its own key, tempo and sounds."""

import numpy as np
from numpy.typing import NDArray

from matcher.decoding.sound import RATE

Samples = NDArray[np.float64]
SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 3, 5, 7, 10))


def piece(seed: int, seconds: int) -> Samples:
    """The same samples at RATE for the same seed, at the level of a file."""
    chance = np.random.default_rng(seed)
    beat = 60 / chance.uniform(80, 150)
    scale = SCALES[chance.integers(len(SCALES))]
    root = 110 * 2 ** (chance.integers(12) / 12)
    sound = np.zeros(seconds * RATE)
    voices = [(octave, chance.uniform(0.2, 1.2), chance.uniform(2, 7)) for octave in (0, 1, 2, 3)]
    for step in np.arange(0, seconds / beat, 0.5):
        for octave, overtones, decay in voices:
            if chance.random() < (0.35, 0.5, 0.6, 0.4)[octave]:
                degree = int(chance.integers(len(scale)))
                _add(sound, step * beat, _note(root * 2 ** (octave + scale[degree] / 12), overtones, decay))
        if step % 1 == 0:
            _add(sound, step * beat, _drum(chance))
    return np.asarray(sound * (12_000 / np.abs(sound).max()))


def _note(hertz: float, overtones: float, decay: float) -> Samples:
    moments = np.arange(int(0.8 * RATE)) / RATE
    waves = [np.sin(2 * np.pi * hertz * k * moments) * overtones ** (k - 1) / k for k in range(1, 6)]
    return np.asarray(np.sum(waves, axis=0) * np.exp(-decay * moments))


def _drum(chance: np.random.Generator) -> Samples:
    moments = np.arange(int(0.1 * RATE)) / RATE
    return np.asarray(chance.normal(0, 0.7, moments.size) * np.exp(-40 * moments))


def _add(sound: Samples, seconds: float, part: Samples) -> None:
    start = int(seconds * RATE)
    room = sound[start : start + part.size]
    room += part[: room.size]
