"""What copiers do to music. Every alteration takes samples at RATE and a random source, and gives altered samples."""

import io
from collections.abc import Callable, Mapping

import av
import numpy as np
from numpy.typing import NDArray

from matcher.decoding.sound import RATE
from tests.support.sounds import encoded

Samples = NDArray[np.float64]
Alteration = Callable[[Samples, np.random.Generator], Samples]
SEMITONE = 2 ** (1 / 12)
STEP, WIDTH = 256, 1024


def whole(sound: Samples) -> NDArray[np.int16]:
    """The samples as a file holds them."""
    return np.clip(sound, -32_767, 32_767).astype(np.int16)


def sped(sound: Samples, factor: float) -> Samples:
    """Faster and higher."""
    at = np.arange(int(sound.size / factor)) * factor
    return np.asarray(np.interp(at, np.arange(sound.size), sound))


def stretched(sound: Samples, factor: float) -> Samples:
    """Faster at the same pitch: a phase vocoder."""
    hann = np.hanning(WIDTH)
    padded = np.pad(sound, (0, WIDTH + STEP))
    spectra = np.fft.rfft(np.lib.stride_tricks.sliding_window_view(padded, WIDTH)[::STEP] * hann)
    expected = 2 * np.pi * STEP * np.arange(WIDTH // 2 + 1) / WIDTH
    advance = np.angle(spectra[1:]) - np.angle(spectra[:-1]) - expected
    advance += expected - 2 * np.pi * np.round(advance / (2 * np.pi))
    places = np.arange(0, len(spectra) - 1.001, factor)
    first, share = places.astype(int), (places % 1)[:, None]
    sizes = (1 - share) * np.abs(spectra[first]) + share * np.abs(spectra[first + 1])
    phases = np.angle(spectra[0]) + np.concatenate((0 * advance[:1], np.cumsum(advance[first[:-1]], axis=0)))
    pieces = np.fft.irfft(sizes * np.exp(1j * phases)) * hann
    out = np.zeros(len(pieces) * STEP + WIDTH)
    for number, piece in enumerate(pieces):
        out[number * STEP : number * STEP + WIDTH] += piece
    return out / 1.5


def with_pitch(factor: float) -> Alteration:
    """Higher at the same speed."""
    return lambda sound, _: stretched(sped(sound, factor), 1 / factor)


def mixed(sound: Samples, other: Samples, decibels: float) -> Samples:
    """`sound` with `other` so many decibels below it."""
    level = np.sqrt(np.mean(sound**2) / np.mean(other**2) / 10 ** (decibels / 10))
    return np.asarray(sound + other * level)


def noise(decibels: float) -> Alteration:
    return lambda sound, chance: mixed(sound, chance.normal(size=sound.size), decibels)


def voice(decibels: float) -> Alteration:
    return lambda sound, chance: mixed(sound, speech(sound.size, chance), decibels)


def speech(size: int, chance: np.random.Generator) -> Samples:
    """Syllables with gliding pitch and three formants each."""
    out, at = np.zeros(size), 0
    while at < size:
        length = min(int(RATE * chance.uniform(0.1, 0.3)), size - at)
        glide = chance.uniform(100, 230) * 2 ** np.linspace(0, chance.uniform(-0.3, 0.3), length)
        formants = (chance.uniform(300, 800), chance.uniform(900, 2200), chance.uniform(2300, 3200))
        phase, syllable = 2 * np.pi * np.cumsum(glide) / RATE, chance.normal(0, 0.05, length)
        for k in range(1, int(3800 / glide.mean())):
            near = sum(
                a * np.exp(-(((glide.mean() * k - f) / 120) ** 2)) for a, f in zip((1, 0.6, 0.3), formants, strict=True)
            )
            syllable += (near + 0.02) * np.sin(k * phase)
        out[at : at + length] = syllable * np.hanning(length)
        at += length + int(RATE * chance.uniform(0, 0.06))
    return out


def filtered(sound: Samples, gain: Callable[[Samples], Samples]) -> Samples:
    spectrum = np.fft.rfft(sound) * gain(np.asarray(np.fft.rfftfreq(sound.size, 1 / RATE), np.float64))
    return np.fft.irfft(spectrum, sound.size)


def phone(sound: Samples, chance: np.random.Generator) -> Samples:
    return noise(15)(filtered(sound, lambda f: ((f > 300) & (f < 3400)).astype(float)), chance)


def equalised(sound: Samples, _: np.random.Generator) -> Samples:
    return filtered(sound, lambda f: np.where(f < 400, 2.5, 1.0) * np.where(f > 2000, 0.4, 1.0))


def mp3(bit_rate: int) -> Alteration:
    def alter(sound: Samples, _: np.random.Generator) -> Samples:
        data = encoded(whole(sped(sound, RATE / 16_000)), "mp3", "libmp3lame", rate=16_000, bit_rate=bit_rate)
        back = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        with av.open(io.BytesIO(data), "r") as file:
            frames = [new for old in file.decode(audio=0) for new in back.resample(old)]
        return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float64)

    return alter


ALTERATIONS: Mapping[str, Alteration] = {
    "clip": lambda sound, _: sound,
    "mp3 64k": mp3(64_000),
    "mp3 24k": mp3(24_000),
    "noise 10 dB": noise(10),
    "noise 0 dB": noise(0),
    "voice 0 dB": voice(0),
    "voice -6 dB": voice(-6),
    "tempo +10 %": lambda sound, _: stretched(sound, 1.1),
    "tempo -10 %": lambda sound, _: stretched(sound, 0.9),
    "pitch +5 %": with_pitch(1.05),
    "pitch -5 %": with_pitch(0.95),
    "speed +5 %": lambda sound, _: sped(sound, 1.05),
    "speed -5 %": lambda sound, _: sped(sound, 0.95),
    "semitone up": with_pitch(SEMITONE),
    "semitone down": with_pitch(1 / SEMITONE),
    "phone": phone,
    "equaliser": equalised,
}
