"""Pairs of peaks as terms: a pitch, the interval to another, and the time between them."""

from dataclasses import dataclass

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
FRACTION_BITS, APART_BITS = 3, 5
"""Bits in which a place keeps what the term leaves open of a pitch, and the frames between the two peaks."""
FRACTIONS = 1 << FRACTION_BITS
FRAME_BITS = 2 * FRACTION_BITS + APART_BITS
"""The bits of a place below its frame."""

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Parallel arrays, one row a pair, in the order of time."""

    terms: U64
    frames: I64
    """Frame of the first peak."""
    apart: I64
    """Frames from there to the second."""
    pitches: F64
    """Pitch of the first peak."""
    intervals: F64
    """Pitch steps from there up to the second."""

    def __len__(self) -> int:
        return int(self.terms.size)

    def places(self) -> U32:
        """What the index keeps of each pair: its frame, the frames between its peaks and two fractions of pitch.

        They let a look-up drop the pairs that share a term and are not alike.
        """
        pitch, interval = (((each % 1) * FRACTIONS).astype(np.int64) for each in (self.pitches, self.intervals))
        fine = (self.apart << (2 * FRACTION_BITS)) | (pitch << FRACTION_BITS) | interval
        return ((self.frames << FRAME_BITS) | fine).astype(np.uint32)

    def within(self, start: int, end: int) -> "Pairs":
        """The pairs whose first peak is in frames `start` to `end`."""
        part = slice(*np.searchsorted(self.frames, (start, end)))
        return Pairs(self.terms[part], self.frames[part], self.apart[part], self.pitches[part], self.intervals[part])


def pairs_of(peaks: Peaks, most_partners: int = MOST_PARTNERS) -> Pairs:
    """All pairs of a peak with the next `most_partners` within reach."""
    frames, pitches = peaks.frames.astype(np.int64), peaks.pitches.astype(np.float64)
    first, second = _neighbours(frames, pitches, most_partners)
    # The interval is taken before it is rounded: a change of pitch by part of a step leaves it as it is.
    apart, intervals = frames[second] - frames[first], pitches[second] - pitches[first]
    steps, wide = np.floor(pitches[first]).astype(np.int64), np.floor(intervals).astype(np.int64) + WIDEST_INTERVAL
    terms = ((steps + LIFTED) << 16) | (wide << 8) | _TIME_CLASS[apart]
    return Pairs(terms.astype(np.uint64), frames[first], apart, pitches[first], intervals)


def shifted(terms: U64, shift: int) -> U64:
    """The terms that the same pairs have when every pitch is `shift` steps higher."""
    return (terms.astype(np.int64) + (shift << 16)).astype(np.uint64)


def _time_classes() -> I64:
    """Frames between two peaks, in classes of about a quarter of their length: a change of tempo leaves most as is."""
    frames = np.maximum(1, np.arange(LONGEST + 1))
    return np.asarray(np.floor(np.log(frames) / np.log(1.25) + 0.5), np.int64)


_TIME_CLASS = _time_classes()


@compiled
def _neighbours(frames: I64, pitches: F64, most_partners: int) -> tuple[I64, I64]:
    """For each peak the next ones within reach, as two arrays of peak numbers."""
    first = np.empty(frames.size * most_partners, np.int64)
    second = np.empty(frames.size * most_partners, np.int64)
    found = 0
    for i in range(frames.size):
        partners = 0
        for j in range(i + 1, frames.size):
            if frames[j] - frames[i] > LONGEST or partners == most_partners:
                break
            if frames[j] > frames[i] and abs(pitches[j] - pitches[i]) < WIDEST_INTERVAL - 1:
                first[found], second[found] = i, j
                found += 1
                partners += 1
    return first[:found].copy(), second[:found].copy()
