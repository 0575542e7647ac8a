"""How far the peaks of a query stand where a line says the work has them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.audio.peaks import Peaks
from matcher.audio.voting import Line
from matcher.compiled import compiled

NEAR_FRAMES, NEAR_STEPS = 1.1, 0.35
WIDE_FRAMES, WIDE_STEPS = 3.0, 1.0
DISPLACEMENTS = (-89, -61, -43, -29, 31, 47, 59, 83)
"""Frames by which a line is moved to see how much agrees by chance, or because both hold one tone or beat."""
FEWEST_TO_FIT = 8
NEAREST_REPEAT, FARTHEST_REPEAT = 12, 200
"""Frames to either side in which a repetition of the same bars is looked for: from one second to sixteen."""

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the query that runs along a line. Times are in frames."""

    line: Line
    start: int
    end: int
    agreeing: int
    """Peaks of the query in that part which the work has too."""
    peaks: int
    """All peaks of the query in that part."""
    share: float
    """Their share of all peaks there, less the share that agrees by chance."""


def fitted(line: Line, query: Peaks, work: Peaks, start: int, end: int) -> Line:
    """The line, moved to where the peaks that agree from frame `start` to `end` put it."""
    first, last = np.searchsorted(query.frames, (start, end))
    frames, pitches = query.frames[first:last].astype(np.float64), query.pitches[first:last].astype(np.float64)
    for near_frames, near_steps in ((WIDE_FRAMES, WIDE_STEPS), (NEAR_FRAMES, NEAR_STEPS)):
        partner = _partners(
            frames, pitches, work.frames, work.pitches, line.speed, line.offset, line.shift, near_frames, near_steps
        )
        met = partner >= 0
        if np.count_nonzero(met) < FEWEST_TO_FIT:
            return line
        at, there = frames[met], work.frames[partner[met]].astype(np.float64)
        spread = float(((at - at.mean()) ** 2).sum())
        slope = float(((at - at.mean()) * (there - there.mean())).sum()) / spread if spread else line.speed
        # Chance agreement pulls the slope towards the line's own; a window cannot tell more than this.
        slope = min(line.speed + 0.02, max(line.speed - 0.02, slope))
        shift = float(np.median(work.pitches[partner[met]] - pitches[met]))
        line = replace(line, speed=slope, offset=float(np.median(there - slope * at)), shift=shift)
    return line


def stretch_along(line: Line, query: Peaks, work: Peaks, least_share: float) -> Stretch | None:
    """The part of the query that agrees best with the line, or None when nothing does."""
    met = _met(line, query, work, 0)
    elsewhere = [_met(line, query, work, displaced) for displaced in DISPLACEMENTS]
    by_chance = float(np.median([there.mean() for there in elsewhere]))
    gain = met.astype(np.float64) - (by_chance + least_share)
    first, last = _heaviest(gain)
    if last <= first:
        return None
    inside = met[first:last]
    chance = float(np.median([there[first:last].mean() for there in elsewhere]))
    return Stretch(
        line=line,
        start=int(query.frames[first]),
        end=int(query.frames[last - 1]) + 1,
        agreeing=int(inside.sum()),
        peaks=int(inside.size),
        share=float(inside.mean()) - chance,
    )


def repetition(stretch: Stretch, query: Peaks, work: Peaks) -> float:
    """How well the stretch fits another time of the work, from 0 (not at all) to 1 (as well): of a loop, as well."""
    first, last = np.searchsorted(query.frames, (stretch.start, stretch.end))
    part = replace(query, frames=query.frames[first:last], pitches=query.pitches[first:last])
    times = (*range(-FARTHEST_REPEAT, -NEAREST_REPEAT), *range(NEAREST_REPEAT, FARTHEST_REPEAT))
    most = max(int(np.count_nonzero(_met(stretch.line, part, work, displaced))) for displaced in times)
    return most / max(1, stretch.agreeing)


def _met(line: Line, query: Peaks, work: Peaks, displaced: int) -> NDArray[np.bool_]:
    partner = _partners(
        query.frames.astype(np.float64),
        query.pitches.astype(np.float64),
        work.frames,
        work.pitches,
        line.speed,
        line.offset + displaced,
        line.shift,
        NEAR_FRAMES,
        NEAR_STEPS,
    )
    return np.asarray(partner >= 0)


@compiled
def _partners(
    frames: F64,
    pitches: F64,
    work_frames: NDArray[np.uint32],
    work_pitches: F32,
    speed: float,
    offset: float,
    shift: float,
    near_frames: float,
    near_steps: float,
) -> I64:
    """For each peak of the query the number of the nearest peak of the work that the line leads to, or -1."""
    out = np.full(frames.size, -1, np.int64)
    low = 0
    for i in range(frames.size):
        at = speed * frames[i] + offset
        while low < work_frames.size and work_frames[low] < at - near_frames:
            low += 1
        nearest = near_frames + 1.0
        j = low
        while j < work_frames.size and work_frames[j] <= at + near_frames:
            apart = abs(work_frames[j] - at)
            if apart < nearest and abs(work_pitches[j] - shift - pitches[i]) <= near_steps:
                nearest = apart
                out[i] = j
            j += 1
    return out


@compiled
def _heaviest(gain: F64) -> tuple[int, int]:
    """The bounds of the run with the largest sum."""
    best, first, last = 0.0, 0, 0
    total, begin = 0.0, 0
    for i in range(gain.size):
        total += gain[i]
        if total <= 0:
            total, begin = 0.0, i + 1
        elif total > best:
            best, first, last = total, begin, i + 1
    return first, last
