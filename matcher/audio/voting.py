"""Votes of pairs that two sounds share for a line in time: query and work, apart by an offset, at their own speeds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.audio.pairs import LARGEST_SHIFT, shifted
from matcher.compiled import compiled
from matcher.terms import LocalTermIndex

SPEEDS = np.arange(0.88, 1.1201, 0.02)
"""Frames of the work that pass in one frame of the query."""
CELL = 2
"""Frames in a cell of offsets; two neighbouring cells vote together."""
FEWEST_VOTES = 6
KEYS = 32
"""Half steps of shift that are told apart, for each file."""

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


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


def best_lines(
    index: LocalTermIndex, terms: NDArray[np.uint64], frames: I64, pitches: F64, max_postings: int, most: int
) -> list[Line]:
    """For each file the line with most votes, at most `most` lines, best first.

    `frames` and `pitches` are those of each pair's first peak; frames are few (a window of the query).
    """
    found = [
        _hits(index, terms, frames, pitches, shift, max_postings) for shift in range(-LARGEST_SHIFT, LARGEST_SHIFT + 1)
    ]
    owner, half_steps, asked, place = (np.concatenate(column) for column in zip(*found, strict=True))
    if not owner.size:
        return []
    # A hit tells the shift to within half a step, so it votes for the half step below and the one above.
    key = np.concatenate((owner, owner)) * KEYS + np.concatenate((half_steps, half_steps - 1)) + KEYS // 2
    order, bounds = _grouped(key)
    twice = order % owner.size
    rows = _vote(bounds, asked[twice], place[twice], SPEEDS)
    lines = [
        Line(
            owner=int(key_ // KEYS),
            votes=int(votes),
            shift=(key_ % KEYS - KEYS // 2 + 1) / 2,
            speed=float(SPEEDS[int(speed)]),
            offset=float(cell * CELL + CELL),
        )
        for key_, votes, speed, cell in rows.tolist()
    ]
    best: dict[int, Line] = {}
    for line in sorted(lines, key=lambda each: (-each.votes, each.owner, abs(each.shift))):
        best.setdefault(line.owner, line)
    return list(best.values())[:most]


def _hits(
    index: LocalTermIndex, terms: NDArray[np.uint64], frames: I64, pitches: F64, shift: int, max_postings: int
) -> tuple[I64, I64, I64, I64]:
    hits = index.lookup(shifted(terms, shift), max_postings)
    # The work's pitch is known to the whole step: its middle is the best guess.
    middle = np.floor(pitches) + shift + 0.5 - pitches
    half_steps = np.floor(2 * middle).astype(np.int64)
    return (
        hits.owner.astype(np.int64),
        half_steps[hits.query],
        frames[hits.query],
        hits.position.astype(np.int64),
    )


@compiled
def _grouped(key: I64) -> tuple[I64, I64]:
    """The order that puts equal keys together, and where each key begins in it; one more entry at the end."""
    bounds = np.zeros(key.max() + 2, np.int64)
    for k in key:
        bounds[k + 1] += 1
    bounds = np.cumsum(bounds)
    free = bounds.copy()
    order = np.empty(key.size, np.int64)
    for i in range(key.size):
        order[free[key[i]]] = i
        free[key[i]] += 1
    return order, bounds


@compiled
def _vote(bounds: I64, asked: I64, place: I64, speeds: F64) -> I64:
    """One row for each key that has a line with enough votes: key, votes, speed number, cell."""
    out = np.empty((bounds.size, 4), np.int64)
    found = 0
    span = np.int64(asked.max() * 1.2) // CELL + 2
    cells = np.zeros(span + place.max() // CELL + 3, np.int32)
    where = np.empty(asked.size, np.int64)
    for key in range(bounds.size - 1):
        start, end = bounds[key], bounds[key + 1]
        if end - start < FEWEST_VOTES:
            continue
        votes, best_speed, best_cell = 0, 0, 0
        for s in range(speeds.size):
            for i in range(start, end):
                where[i] = np.int64((place[i] - speeds[s] * asked[i]) / CELL + span)
                cells[where[i]] += 1
            for i in range(start, end):
                here = cells[where[i]] + cells[where[i] + 1]
                if here > votes:
                    votes, best_speed, best_cell = here, s, where[i] - span
            for i in range(start, end):
                cells[where[i]] = 0
        if votes >= FEWEST_VOTES:
            out[found] = key, votes, best_speed, best_cell
            found += 1
    return out[:found].copy()
