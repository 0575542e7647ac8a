"""What a work's passages come to: counts over a whole page, and over the part of it that follows the work most."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.cover import COVERED, DENSE, MATCHED, PASSAGE, Cover

I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
Bools = NDArray[np.bool_]
Counts = tuple[int, int, int, int, int, int, int, int]

JUMP, BACK = 100, 8
"""Tokens of the work that may be left out, or gone back over, from one found token to the next before it is a jump."""
SPAN_SHARE = 0.4
SHORT_BLOCK = 25
"""An uncovered line shorter than this is navigation, an advert or a heading, and counts as no text."""
RUNNING_BLOCK = 40
"""An uncovered line at least this long is other running text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A run of a page's tokens, measured against one work. All shares are 0 to 1."""

    start: int
    end: int
    length: int
    """Tokens that count as running text."""
    covered: int
    coverage: float
    identity: float
    density: float
    completeness: float
    """Matched share of the work between the first and the last passage; 0 when that is too short to say."""
    matched: int
    jumps: int
    """Times that the stretch goes on elsewhere in the work."""


def stretches(cover: Cover, block_of: I64) -> tuple[Stretch, Stretch, int]:
    """The whole page, its densest window, and the other running text beside that window, in tokens.

    `block_of` has for each token of the page the number of its line.
    """
    start, end, elsewhere, whole, window = _measured(cover.partner, cover.marks, block_of)
    return _stretch(0, block_of.size, whole), _stretch(start, end, window), elsewhere


def matched_within(cover: Cover, stretch: Stretch) -> int:
    """Tokens of a stretch that are found again in another work."""
    return int(np.count_nonzero(cover.marks[stretch.start : stretch.end] & MATCHED))


def _stretch(start: int, end: int, counts: Counts) -> Stretch:
    length, covered, dense, columns, matched, inside, span, jumps = counts
    length = max(1, length)
    return Stretch(
        start=start,
        end=end,
        length=length,
        covered=covered,
        coverage=covered / length,
        identity=inside / columns if columns else 0.0,
        density=dense / length,
        completeness=matched / span if span >= SPAN_SHARE * length else 0.0,
        matched=matched,
        jumps=jumps,
    )


@compiled
def _measured(partner: I64, marks: U8, block_of: I64) -> tuple[int, int, int, Counts, Counts]:
    counting = _counting(marks, block_of)
    start, end = _densest(marks, counting)
    elsewhere = _elsewhere(marks, block_of, start, end)
    return (
        start,
        end,
        elsewhere,
        _sums(partner, marks, counting, 0, marks.size),
        _sums(partner, marks, counting, start, end),
    )


@compiled
def _counting(marks: U8, block_of: I64) -> Bools:
    """Which tokens count as running text: all but those of short lines that nothing covers."""
    counting = np.ones(marks.size, np.bool_)
    start = 0
    while start < marks.size:
        end, touched = start, 0
        while end < marks.size and block_of[end] == block_of[start]:
            touched |= marks[end]
            end += 1
        if end - start < SHORT_BLOCK and not touched:
            counting[start:end] = False
        start = end
    return counting


@compiled
def _densest(marks: U8, counting: Bools) -> tuple[int, int]:
    """The run of tokens with the greatest surplus of covered over uncovered ones (Kadane's algorithm)."""
    best_start = best_end = best = 0
    start = total = 0
    for q in range(marks.size):
        if marks[q] & COVERED:
            total += 1
        elif counting[q]:
            total -= 1
        if total > best:
            best_start, best_end, best = start, q + 1, total
        elif total < 0:
            start, total = q + 1, 0
    return best_start, best_end


@compiled
def _elsewhere(marks: U8, block_of: I64, first: int, last: int) -> int:
    """Uncovered tokens outside a window, in lines that are running text or that the window reaches into."""
    total = start = 0
    while start < marks.size:
        end, uncovered = start, 0
        while end < marks.size and block_of[end] == block_of[start]:
            uncovered += (end < first or end >= last) and not marks[end] & COVERED
            end += 1
        if end - start >= RUNNING_BLOCK or (start < last and end > first):
            total += uncovered
        start = end
    return total


@compiled
def _sums(partner: I64, marks: U8, counting: Bools, start: int, end: int) -> Counts:
    """Tokens that count, are covered, dense, in passages, matched, both, run over in the work; and jumps in it."""
    length = covered = dense = columns = matched = inside = span = jumps = 0
    before = -1
    for q in range(start, end):
        mark = marks[q]
        length += counting[q]
        if not mark:
            continue
        covered += (mark & COVERED) != 0
        dense += (mark & DENSE) != 0
        columns += (mark & PASSAGE) != 0
        if mark & MATCHED:
            matched += 1
            inside += (mark & PASSAGE) != 0
            step = int(partner[q]) - before
            if before < 0 or step > JUMP or step < -BACK:
                jumps += before >= 0
                span += 1
            else:
                span += max(0, step)
            before = int(partner[q])
    return length, covered, dense, columns, matched, inside, span, jumps
