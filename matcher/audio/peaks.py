"""Spectral peaks: the moments and pitches that stand out, and still do under noise, speech and compression.

Pitch is counted in steps of 1/48 octave, so that a change of pitch moves every peak by the same number of steps.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.decoding.sound import RATE, Sound

WINDOW = 2048
HOP = 640
FRAMES_PER_SECOND = RATE / HOP
LOWEST = 200.0
HIGHEST = 3600.0
STEPS = 48
"""Pitch steps in an octave."""
BANDS = 24
"""Bands in an octave, in each of which a frame has at most one peak."""
WORK_REACH = (4, 3)
"""A peak of a work is the loudest within so many bands and frames to either side."""
QUERY_REACH = (3, 2)
"""Less for what is asked for, so that what stands out in the work is still a peak beside a voice or noise."""
FAINTEST = 3000.0
"""Magnitude of a tone of 6 in 32768, below which nothing is heard."""
CHUNK = 512

F32 = NDArray[np.float32]
U32 = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Peaks:
    """Parallel arrays in the order of time."""

    frames: U32
    pitches: F32
    """Pitch steps above LOWEST."""

    def __len__(self) -> int:
        return int(self.frames.size)


def peaks_of(sound: Sound, reach: tuple[int, int]) -> Peaks:
    """The peaks of some sound: the loudest within `reach`, which is WORK_REACH or QUERY_REACH."""
    starts = np.arange(0, max(0, sound.size - WINDOW + 1), HOP)
    edges = _band_edges()
    loudest = np.zeros((starts.size, edges.size - 1), np.float32)
    pitch = np.zeros_like(loudest)
    hann = np.hanning(WINDOW).astype(np.float32)
    for first in range(0, starts.size, CHUNK):
        rows = starts[first : first + CHUNK]
        windows = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[rows] * hann
        magnitudes = np.abs(np.fft.rfft(windows, axis=1)).astype(np.float32)
        _fill(magnitudes, edges, loudest[first : first + CHUNK], pitch[first : first + CHUNK])
    frames, bands = _local_maxima(loudest, *reach)
    return Peaks(frames=frames.astype(np.uint32), pitches=pitch[frames, bands])


def _band_edges() -> NDArray[np.int64]:
    """The first Fourier bin of each band, and the one after the last. Low bands narrower than a bin are left out."""
    count = int(np.log2(HIGHEST / LOWEST) * BANDS)
    hertz = LOWEST * 2.0 ** (np.arange(count + 1) / BANDS)
    return np.unique(np.round(hertz * WINDOW / RATE).astype(np.int64))


@compiled
def _fill(magnitudes: F32, edges: NDArray[np.int64], loudest: F32, pitch: F32) -> None:
    """The loudest bin of each band, and its pitch between the bins as a parabola through its neighbours puts it."""
    for t in range(magnitudes.shape[0]):
        row = magnitudes[t]
        for band in range(edges.size - 1):
            top = edges[band]
            for k in range(edges[band], edges[band + 1]):
                if row[k] > row[top]:
                    top = k
            left, here, right = np.log(row[top - 1] + 1.0), np.log(row[top] + 1.0), np.log(row[top + 1] + 1.0)
            curve = left - 2 * here + right
            shift = 0.5 * (left - right) / curve if curve < 0 else 0.0
            shift = min(0.5, max(-0.5, shift))
            loudest[t, band] = row[top]
            pitch[t, band] = np.log2((top + shift) * RATE / WINDOW / LOWEST) * STEPS


@compiled
def _local_maxima(loudest: F32, reach_bands: int, reach_frames: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    frames, bands = loudest.shape
    at_frame = np.empty(loudest.size, np.int64)
    at_band = np.empty(loudest.size, np.int64)
    found = 0
    for t in range(frames):
        for b in range(bands):
            here = loudest[t, b]
            if here < FAINTEST:
                continue
            stands_out = True
            for u in range(max(0, t - reach_frames), min(frames, t + reach_frames + 1)):
                for c in range(max(0, b - reach_bands), min(bands, b + reach_bands + 1)):
                    if loudest[u, c] > here:
                        stands_out = False
                        break
                if not stands_out:
                    break
            if stands_out:
                at_frame[found], at_band[found] = t, b
                found += 1
    return at_frame[:found].copy(), at_band[:found].copy()


def sounding_seconds(peaks: Peaks) -> float:
    """Seconds in which something is heard."""
    return float(np.unique(peaks.frames // round(FRAMES_PER_SECOND)).size)


def distinct_pitches(peaks: Peaks) -> int:
    """How many pitches, by the step, are heard at all."""
    return int(np.unique(np.round(peaks.pitches)).size)
