"""Pairs of peaks as terms: a pitch, the interval to another, and the time between them."""

import numpy as np
from numpy.typing import NDArray

from matcher.audio.peaks import Peaks
from matcher.compiled import compiled

WIDEST_INTERVAL = 32
"""Pitch steps between the two peaks of a pair."""
LONGEST = 20
"""Frames between them."""
MOST_PARTNERS = 12
LARGEST_SHIFT = 5
"""Pitch steps by which a copy may be higher or lower: a little more than a semitone."""
LIFTED = LARGEST_SHIFT
"""Added to every pitch, so that none becomes negative when shifted."""

I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]


def pairs_of(peaks: Peaks) -> tuple[U64, NDArray[np.uint32]]:
    """The terms of all pairs, and for each the number of its first peak."""
    first, second = _neighbours(peaks.frames.astype(np.int64), peaks.pitches.astype(np.float64))
    steps = np.floor(peaks.pitches).astype(np.int64)
    interval = steps[second] - steps[first] + WIDEST_INTERVAL
    apart = _TIME_CLASS[peaks.frames[second].astype(np.int64) - peaks.frames[first].astype(np.int64)]
    terms = ((steps[first] + LIFTED) << 16) | (interval << 8) | apart
    return terms.astype(np.uint64), first.astype(np.uint32)


def shifted(terms: U64, shift: int) -> U64:
    """The terms that the same pairs have when every pitch is `shift` steps higher."""
    return (terms.astype(np.int64) + (shift << 16)).astype(np.uint64)


def _time_classes() -> I64:
    """Frames between two peaks, in classes of about a quarter of their length: a change of tempo leaves most as is."""
    frames = np.maximum(1, np.arange(LONGEST + 1))
    return np.asarray(np.floor(np.log(frames) / np.log(1.25) + 0.5), np.int64)


_TIME_CLASS = _time_classes()


@compiled
def _neighbours(frames: I64, pitches: NDArray[np.float64]) -> tuple[I64, I64]:
    """For each peak the next ones within reach, as two arrays of peak numbers."""
    first = np.empty(frames.size * MOST_PARTNERS, np.int64)
    second = np.empty(frames.size * MOST_PARTNERS, np.int64)
    found = 0
    for i in range(frames.size):
        partners = 0
        for j in range(i + 1, frames.size):
            if frames[j] - frames[i] > LONGEST or partners == MOST_PARTNERS:
                break
            if frames[j] > frames[i] and abs(pitches[j] - pitches[i]) < WIDEST_INTERVAL - 1:
                first[found], second[found] = i, j
                found += 1
                partners += 1
    return first[:found].copy(), second[:found].copy()
