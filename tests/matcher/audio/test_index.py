"""What the fast search finds is what comparing everything with everything finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.audio.pairs import FRACTIONS, FRAME_BITS, LARGEST_SHIFT, Pairs, pairs_of, shifted
from matcher.audio.payload import pack, unpack
from matcher.audio.peaks import HOP, QUERY_REACH, WORK_REACH, Peaks, peaks_of
from matcher.audio.references import QUERY_PARTNERS
from matcher.audio.voting import CELL, FARTHEST_INTERVAL, SPEEDS, best_lines
from matcher.terms import LocalTermIndex
from tests.support.music import piece
from tests.support.sound_alterations import whole

PEAK = st.tuples(st.integers(0, 120), st.integers(0, 199 * 16))


def as_peaks(rows: list[tuple[int, int]]) -> Peaks:
    rows = sorted(rows)
    return Peaks(
        frames=np.array([frame for frame, _ in rows], np.uint32),
        pitches=np.array([pitch / 16 for _, pitch in rows], np.float32),
    )


def index_of(work: Peaks) -> LocalTermIndex:
    pairs = pairs_of(work)
    return LocalTermIndex.build(pairs.terms, np.zeros(len(pairs), np.uint32), pairs.places())


def votes_by_hand(work: Peaks, query: Peaks) -> int:
    """The most pairs on one line, for every pair of the query against every pair of the work."""
    known, asked = pairs_of(work), pairs_of(query)
    middle = (int(asked.frames[0]) + int(asked.frames[-1])) // 2 if len(asked) else 0
    lines: dict[tuple[int, int, int], int] = {}
    for shift in range(-LARGEST_SHIFT, LARGEST_SHIFT + 1):
        for a, term in enumerate(shifted(asked.terms, shift)):
            for k in np.flatnonzero(known.terms == term):
                if not alike(known, int(k), asked, a):
                    continue
                half = int(np.floor(2 * (in_eighths(known.pitches[k]) + np.floor(known.pitches[k]) - asked.pitches[a])))
                for number, speed in enumerate(SPEEDS):
                    at = int(known.frames[k]) - speed * (int(asked.frames[a]) - middle)
                    cell = int(np.floor(at / CELL))
                    for key in ((h, number, c) for h in (half, half - 1) for c in (cell, cell - 1)):
                        lines[key] = lines.get(key, 0) + 1
    return max(lines.values(), default=0)


def alike(known: Pairs, k: int, asked: Pairs, a: int) -> bool:
    """Whether the intervals are near enough, and the frames between the peaks those of a speed that is voted for."""
    apart = abs(in_eighths(known.intervals[k]) - asked.intervals[a] % 1)
    slow, fast = SPEEDS[0] * (asked.apart[a] - 1), SPEEDS[-1] * (asked.apart[a] + 1)
    return bool(apart <= FARTHEST_INTERVAL and known.apart[k] - 1 <= fast and known.apart[k] + 1 >= slow)


def in_eighths(pitch: float) -> float:
    """What the index keeps of the part of a step."""
    return (int(pitch % 1 * FRACTIONS) + 0.5) / FRACTIONS


@settings(max_examples=40, deadline=None)
@given(st.lists(PEAK, min_size=12, max_size=30), st.integers(0, 60), st.integers(-40, 40))
def test_the_line_found_has_as_many_votes_as_by_brute_force(
    rows: list[tuple[int, int]], later: int, higher: int
) -> None:
    query = as_peaks(rows)
    work = as_peaks([(frame + later, max(0, pitch + higher)) for frame, pitch in rows])
    lines = best_lines(index_of(work), pairs_of(query), 1 << 30, 5)
    assert (lines[0].votes if lines else 0) == (most if (most := votes_by_hand(work, query)) >= 6 else 0)


@pytest.mark.parametrize("shift", [0.0, 0.5, -3.4])
def test_a_later_part_at_another_pitch_lies_on_its_line(shift: float) -> None:
    sound = whole(piece(5, 30))
    work, query = peaks_of(sound, WORK_REACH), peaks_of(sound[100 * HOP : 225 * HOP], QUERY_REACH)
    moved = Peaks(frames=query.frames, pitches=query.pitches - np.float32(shift))
    (line,) = best_lines(index_of(work), pairs_of(moved, QUERY_PARTNERS), 1 << 30, 5)
    assert line.speed == pytest.approx(1, abs=0.031)
    assert line.speed * 62 + line.offset == pytest.approx(162, abs=2 * CELL)
    assert line.shift == pytest.approx(shift, abs=0.5)


def test_all_that_a_place_holds_fits_beside_its_frame() -> None:
    two_hours = as_peaks([(90_000, 3199), (90_020, 3199 - 400)])
    (place,) = pairs_of(two_hours).places()
    assert place >> FRAME_BITS == 90_000


@given(st.lists(PEAK, max_size=30), st.integers(0, 1 << 40))
def test_a_fingerprint_is_read_as_it_was_written(rows: list[tuple[int, int]], samples: int) -> None:
    peaks = as_peaks(rows)
    read, back = unpack(pack(samples, peaks))
    assert read == samples
    assert np.array_equal(back.frames, peaks.frames)
    assert np.array_equal(back.pitches, peaks.pitches)
