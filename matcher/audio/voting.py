"""Votes of pairs that two sounds share for a line in time: query and work, apart by an offset, at their own speeds."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matcher.audio.pairs import APART_BITS, FRACTION_BITS, FRACTIONS, FRAME_BITS, LARGEST_SHIFT, Pairs, shifted
from matcher.compiled import compiled
from matcher.terms import Hits

UNIT_BITS = 10
SPEED_UNITS = np.round(np.linspace(0.88, 1.12, 9) * (1 << UNIT_BITS)).astype(np.int64)
SPEEDS = SPEED_UNITS / (1 << UNIT_BITS)
"""Frames of the work that pass in one frame of the query, in units of a power of two, which are fast to divide by."""
CELL = 2
"""Frames in a cell of offsets; two neighbouring cells vote together."""
CELL_BITS = UNIT_BITS + 1
"""Bits below a cell in an offset counted in units."""
FEWEST_VOTES = 6
HALVES = 2 * LARGEST_SHIFT + 3
"""Half steps of shift to either side that are told apart."""
FARTHEST_INTERVAL = 0.45
"""Pitch steps by which the intervals of two pairs may differ."""

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]


class TermIndex(Protocol):
    """What the voting asks: where terms stand."""

    def lookup(self, terms: U64, limit: int) -> Hits:
        """Every place of the terms, but for those that stand in more than `limit` places."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """Where a registered file may run along a query: work frame = speed × query frame + offset."""

    owner: int
    """Number of the registered file."""
    votes: int
    shift: float
    """Pitch steps that the work is higher."""
    speed: float
    offset: float


def best_lines(index: TermIndex, pairs: Pairs, max_postings: int, most: int) -> list[Line]:
    """For each file the line with most votes, at most `most` lines, best first.

    `pairs` are those of a window of the query: its frames are few.
    """
    if not len(pairs):
        return []
    shifts = np.arange(-LARGEST_SHIFT, LARGEST_SHIFT + 1)
    hits = index.lookup(np.concatenate([shifted(pairs.terms, int(shift)) for shift in shifts]), max_postings)
    if not hits.query.size:
        return []
    middle = int(pairs.frames[0] + pairs.frames[-1]) // 2
    alike = _alike(
        hits.query, hits.owner, hits.position, pairs.frames - middle, pairs.apart, pairs.pitches, pairs.intervals
    )
    rows = _vote(*_by_owner(*alike))
    lines = [
        Line(
            owner=int(number),
            votes=int(votes),
            shift=(half - HALVES + 1) / 2,
            speed=float(SPEEDS[speed]),
            offset=float(cell * CELL + CELL - SPEEDS[speed] * middle),
        )
        for number, votes, half, speed, cell in rows.tolist()
    ]
    return sorted(lines, key=lambda line: (-line.votes, line.owner))[:most]


@compiled
def _alike(
    query: U32, owner: U32, position: U32, frames: I64, apart: I64, pitches: F64, intervals: F64
) -> tuple[U32, F32, I32, I32]:
    """Of the hits those whose two pairs are alike: file, shift, frame of the query and frame of the work."""
    owners = np.empty(query.size, np.uint32)
    shifts = np.empty(query.size, np.float32)
    asked = np.empty(query.size, np.int32)
    place = np.empty(query.size, np.int32)
    fine = FRACTIONS - 1
    found = 0
    for i in range(query.size):
        pair = query[i] % frames.size
        there = np.int64(position[i])
        interval = ((there & fine) + 0.5) / FRACTIONS
        if abs(interval - (intervals[pair] - np.floor(intervals[pair]))) > FARTHEST_INTERVAL:
            continue
        between = (there >> (2 * FRACTION_BITS)) & ((1 << APART_BITS) - 1)
        if between - 1 > SPEEDS[-1] * (apart[pair] + 1) or between + 1 < SPEEDS[0] * (apart[pair] - 1):
            continue
        pitch = (((there >> FRACTION_BITS) & fine) + 0.5) / FRACTIONS
        owners[found] = owner[i]
        shifts[found] = query[i] // frames.size - LARGEST_SHIFT + pitch - (pitches[pair] - np.floor(pitches[pair]))
        asked[found] = frames[pair]
        place[found] = there >> FRAME_BITS
        found += 1
    return owners[:found].copy(), shifts[:found].copy(), asked[:found].copy(), place[:found].copy()


@compiled
def _by_owner(owner: U32, shift: F32, asked: I32, place: I32) -> tuple[U32, F32, I32, I32]:
    """The hits with those of one file together (a counting sort: comparing sorts took longer than the votes)."""
    free = np.zeros(np.int64(owner.max()) + 2 if owner.size else 1, np.int64)
    for number in owner:
        free[np.int64(number) + 1] += 1
    free = np.cumsum(free)
    owners, shifts = np.empty_like(owner), np.empty_like(shift)
    asked_sorted, places = np.empty_like(asked), np.empty_like(place)
    for i in range(owner.size):
        row = free[owner[i]]
        free[owner[i]] += 1
        owners[row], shifts[row], asked_sorted[row], places[row] = owner[i], shift[i], asked[i], place[i]
    return owners, shifts, asked_sorted, places


@compiled
def _vote(owner: U32, shift: F32, asked: I32, place: I32) -> I64:
    """One row for each file that has a line with enough votes: file, votes, half steps of shift, speed number, cell.

    The hits come sorted by file.
    """
    out = np.empty((owner.size // FEWEST_VOTES + 1, 5), np.int64)
    found = 0
    reach = int(np.abs(asked).max() * 1.2) // CELL + 2 if asked.size else 0
    start = 0
    while start < owner.size:
        end = start
        while end < owner.size and owner[end] == owner[start]:
            end += 1
        if end - start >= FEWEST_VOTES:
            bounds, asked_by_half, place_by_half = _by_half(shift[start:end], asked[start:end], place[start:end])
            cells = int(place[start:end].max()) // CELL + 2 * reach + 3
            votes, half, speed, cell = _best(bounds, asked_by_half, place_by_half, cells, reach)
            if votes >= FEWEST_VOTES:
                out[found] = np.int64(owner[start]), votes, half, speed, cell
                found += 1
        start = end
    return out[:found].copy()


@compiled
def _best(bounds: I64, asked: I64, place: I64, cells: int, reach: int) -> tuple[int, int, int, int]:
    """The most votes of one file, and the half steps of shift, the speed and the cell they are for.

    Two neighbouring half steps vote together, and two neighbouring cells. Counting into a row of cells and passing over
    it is several times as fast as looking at each vote's neighbours, which a processor cannot do for many at once.
    """
    votes, best_half, best_speed, best_cell = 0, 0, 0, 0
    rows = np.zeros((2, cells), np.int32)
    for s in range(SPEED_UNITS.size):
        for half in range(bounds.size - 1):
            here, before = rows[half & 1], rows[1 - (half & 1)]
            here[:] = 0
            for i in range(bounds[half], bounds[half + 1]):
                here[(((place[i] << UNIT_BITS) - SPEED_UNITS[s] * asked[i]) >> CELL_BITS) + reach] += 1
            if half and bounds[half + 1] - bounds[half - 1] > votes:
                most = _most(here, before)
                if most > votes:
                    votes, best_half, best_speed = most, half - 1, s
                    best_cell = _where(here, before, most) - reach
    return votes, best_half, best_speed, best_cell


@compiled
def _most(one: I32, other: I32) -> int:
    most = np.int32(0)
    for cell in range(one.size - 1):
        most = max(most, one[cell] + one[cell + 1] + other[cell] + other[cell + 1])
    return int(most)


@compiled
def _where(one: I32, other: I32, most: int) -> int:
    cell = 0
    while one[cell] + one[cell + 1] + other[cell] + other[cell + 1] != most:
        cell += 1
    return cell


@compiled
def _by_half(shift: F32, asked: I32, place: I32) -> tuple[I64, I64, I64]:
    """Hits in the order of half steps of shift: where each begins (one more entry at the end), and what they hold."""
    bounds = np.zeros(2 * HALVES + 1, np.int64)
    halves = np.floor(2 * shift).astype(np.int64) + HALVES
    for half in halves:
        bounds[half + 1] += 1
    bounds = np.cumsum(bounds)
    free = bounds.copy()
    asked_by_half, place_by_half = np.empty(shift.size, np.int64), np.empty(shift.size, np.int64)
    for i in range(shift.size):
        row = free[halves[i]]
        asked_by_half[row], place_by_half[row] = asked[i], place[i]
        free[halves[i]] += 1
    return bounds, asked_by_half, place_by_half
