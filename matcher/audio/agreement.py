"""How far the peaks of a work stand in a query where a line says they are.

The work's peaks are looked for among the query's, not the other way round: noise or a voice adds peaks to the query,
and takes few of the work's away.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.audio.peaks import Peaks
from matcher.audio.voting import Line
from matcher.compiled import compiled
from matcher.runs import heaviest

NEAR_FRAMES, NEAR_STEPS = 1.1, 0.35
WIDE_FRAMES, WIDE_STEPS = 3.0, 1.0
DISPLACEMENTS = (-89, -61, -43, -29, 31, 47, 59, 83)
"""Frames by which a line is moved to see how much agrees by chance, or because both hold one tone or beat."""
FEWEST_TO_FIT = 8
SAME_SPEED, SAME_PITCH = 0.02, 0.5
"""Departures from the work's speed, and in pitch steps from its pitch, that may be errors of the fit."""
NEAREST_REPEAT, FARTHEST_REPEAT = 12, 200
"""Frames to either side in which a repetition of the same bars is looked for: from one second to sixteen."""

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
U32 = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the query that runs along a line. Times are in frames."""

    line: Line
    start: int
    end: int
    agreeing: int
    """Peaks of the work in that part which the query has too."""
    peaks: int
    """All peaks of the work in that part."""
    chance: float
    """The share of them that agrees by chance."""

    @property
    def share(self) -> float:
        """The share of peaks that agree, less what agrees by chance."""
        return self.agreeing / self.peaks - self.chance


def fitted(line: Line, query: Peaks, work: Peaks, start: int, end: int) -> Line:
    """The line, moved to where the peaks that agree from frame `start` to `end` of the query put it."""
    for near_frames, near_steps in ((WIDE_FRAMES, WIDE_STEPS), (NEAR_FRAMES, NEAR_STEPS)):
        first, partner = _partners(*_arrays(query, work), *_numbers(line, 0), start, end, near_frames, near_steps)
        met = partner >= 0
        if np.count_nonzero(met) < FEWEST_TO_FIT:
            return line
        there, pitches = work.frames[first:][: met.size][met], work.pitches[first:][: met.size][met]
        there = there.astype(np.float64)
        at = query.frames[partner[met]].astype(np.float64)
        spread = float(((at - at.mean()) ** 2).sum())
        slope = float(((at - at.mean()) * (there - there.mean())).sum()) / spread if spread else line.speed
        # Chance agreement pulls the slope towards the line's own; a window cannot tell more than this.
        slope = min(line.speed + 0.03, max(line.speed - 0.03, slope))
        shift = float(np.median(pitches - query.pitches[partner[met]]))
        line = replace(line, speed=slope, offset=float(np.median(there - slope * at)), shift=shift)
    return line


def unmoved(line: Line, middle: float) -> Line | None:
    """The line at the work's own speed and pitch that meets this one at a frame; None where that is another line."""
    if abs(line.speed - 1) > SAME_SPEED or abs(line.shift) > SAME_PITCH:
        return None
    return replace(line, speed=1.0, shift=0.0, offset=line.offset + (line.speed - 1) * middle)


def stretch_along(line: Line, query: Peaks, work: Peaks, least_share: float) -> Stretch | None:
    """The part of the query that agrees best with the line, or None when nothing does."""
    length = _length(query)
    first, met = _met(line, query, work, 0, 0, length)
    by_chance = _chance(line, query, work, 0, length)
    low, high = heaviest(met.astype(np.float64) - (by_chance + least_share))
    if high <= low:
        return None
    start, end = (round((float(work.frames[first + row]) - line.offset) / line.speed) for row in (low, high - 1))
    inside = met[low:high]
    return Stretch(
        line=line,
        start=max(0, start),
        end=min(length, end + 1),
        agreeing=int(inside.sum()),
        peaks=int(inside.size),
        chance=_chance(line, query, work, start, end + 1),
    )


def novelty(stretch: Stretch, query: Peaks, work: Peaks, as_well: float) -> int:
    """Frames until the stretch fits the work again by the share `as_well`: of a loop, the length of its bars."""
    most = FARTHEST_REPEAT
    for displaced in range(NEAREST_REPEAT, FARTHEST_REPEAT):
        for way in (displaced, -displaced):
            met = _met(stretch.line, query, work, way, stretch.start, stretch.end)[1]
            if np.count_nonzero(met) > as_well * stretch.agreeing:
                return displaced
    return most


def _length(peaks: Peaks) -> int:
    return int(peaks.frames[-1]) + 1 if len(peaks) else 0


def _chance(line: Line, query: Peaks, work: Peaks, start: int, end: int) -> float:
    """The share of the work's peaks that frames `start` to `end` hold when the line is displaced."""
    shares = []
    for displaced in DISPLACEMENTS:
        met = _met(line, query, work, displaced, start, end)[1]
        if met.size:
            shares.append(float(met.mean()))
    return float(np.median(shares)) if shares else 0.0


def _met(line: Line, query: Peaks, work: Peaks, displaced: int, start: int, end: int) -> tuple[int, NDArray[np.bool_]]:
    """The first peak of the work in frames `start` to `end` of the query, and which from there on the query has."""
    arrays, numbers = _arrays(query, work), _numbers(line, displaced)
    first, partner = _partners(*arrays, *numbers, start, end, NEAR_FRAMES, NEAR_STEPS)
    return first, partner >= 0


def _arrays(query: Peaks, work: Peaks) -> tuple[U32, F32, U32, F32]:
    return query.frames, query.pitches, work.frames, work.pitches


def _numbers(line: Line, displaced: int) -> tuple[float, float, float]:
    return line.speed, line.offset + displaced, line.shift


@compiled
def _partners(
    frames: U32,
    pitches: F32,
    work_frames: U32,
    work_pitches: F32,
    speed: float,
    offset: float,
    shift: float,
    start: int,
    end: int,
    near_frames: float,
    near_steps: float,
) -> tuple[int, I64]:
    """Which peaks of the query the line leads those of the work to that it puts in frames `start` to `end`.

    The number of the first of them, and for it and each that follows that of the nearest peak of the query, or -1.
    """
    first = int(np.searchsorted(work_frames, speed * start + offset))
    last = int(np.searchsorted(work_frames, speed * end + offset))
    out = np.full(max(0, last - first), -1, np.int64)
    low = 0
    for i in range(out.size):
        at = (work_frames[first + i] - offset) / speed
        if i == 0:
            low = np.searchsorted(frames, at - near_frames)
        while low < frames.size and frames[low] < at - near_frames:
            low += 1
        nearest = near_frames + 1.0
        j = low
        while j < frames.size and frames[j] <= at + near_frames:
            apart = abs(frames[j] - at)
            if apart < nearest and abs(work_pitches[first + i] - shift - pitches[j]) <= near_steps:
                nearest = apart
                out[i] = j
            j += 1
    return first, out
