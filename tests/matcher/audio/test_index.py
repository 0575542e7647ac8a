"""What the fast search finds is what comparing everything with everything finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.audio.pairs import LARGEST_SHIFT, pairs_of, shifted
from matcher.audio.payload import pack, unpack
from matcher.audio.peaks import HOP, Peaks, peaks_of
from matcher.audio.voting import CELL, SPEEDS, best_lines
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


def votes_by_hand(work: Peaks, query: Peaks) -> int:
    """The most pairs on one line, for every pair of the query against every pair of the work."""
    known, known_first = pairs_of(work)
    asked, asked_first = pairs_of(query)
    lines: dict[tuple[int, int, int], int] = {}
    for shift in range(-LARGEST_SHIFT, LARGEST_SHIFT + 1):
        for term, first in zip(shifted(asked, shift), asked_first, strict=True):
            pitch = float(query.pitches[first])
            half = int(np.floor(2 * (np.floor(pitch) + shift + 0.5 - pitch)))
            for other in known_first[known == term]:
                for number, speed in enumerate(SPEEDS):
                    at = int(work.frames[other]) - speed * int(query.frames[first])
                    cell = int(at / CELL + 1000)
                    for key in ((h, number, c) for h in (half, half - 1) for c in (cell, cell - 1)):
                        lines[key] = lines.get(key, 0) + 1
    return max(lines.values(), default=0)


@settings(max_examples=40, deadline=None)
@given(st.lists(PEAK, min_size=12, max_size=30), st.integers(0, 60), st.integers(-40, 40))
def test_the_line_found_has_as_many_votes_as_by_brute_force(
    rows: list[tuple[int, int]], later: int, higher: int
) -> None:
    query = as_peaks(rows)
    work = as_peaks([(frame + later, max(0, pitch + higher)) for frame, pitch in rows])
    terms, firsts = pairs_of(work)
    index = LocalTermIndex.build(terms, np.zeros(terms.size, np.uint32), work.frames[firsts])
    asked, first = pairs_of(query)
    frames, pitches = query.frames[first].astype(np.int64), query.pitches[first].astype(np.float64)
    lines = best_lines(index, asked, frames, pitches, 1 << 30, 5)
    assert (lines[0].votes if lines else 0) == (most if (most := votes_by_hand(work, query)) >= 6 else 0)


def test_a_later_part_at_another_pitch_lies_on_its_line() -> None:
    sound = whole(piece(5, 30))
    work, query = peaks_of(sound), peaks_of(sound[100 * HOP : 225 * HOP])
    terms, firsts = pairs_of(work)
    index = LocalTermIndex.build(terms, np.zeros(terms.size, np.uint32), work.frames[firsts])
    asked, first = pairs_of(query)
    (line,) = best_lines(
        index, asked, query.frames[first].astype(np.int64), query.pitches[first].astype(np.float64), 1 << 30, 5
    )
    assert line.speed == pytest.approx(1, abs=0.021)
    assert line.offset == pytest.approx(100, abs=2 * CELL)
    assert abs(line.shift) <= 0.5


@given(st.lists(PEAK, max_size=30), st.integers(0, 1 << 40))
def test_a_fingerprint_is_read_as_it_was_written(rows: list[tuple[int, int]], samples: int) -> None:
    peaks = as_peaks(rows)
    read, back = unpack(pack(samples, peaks))
    assert read == samples
    assert np.array_equal(back.frames, peaks.frames)
    assert np.array_equal(back.pitches, peaks.pitches)
