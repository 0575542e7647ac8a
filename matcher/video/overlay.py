"""A query's frames beside those of one registered film, and how well they agree along a line."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.video.candidates import SPEEDS, Line
from matcher.video.views import View, levelled

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

FAR = 1.0
"""Seconds that the nearest known frame of the work may be away."""
FEWEST_FRAMES = 2
MOST_FITTED = 100
"""Frames of the query that a line is fitted to."""
ALTERED_COST = 0.1
"""How much better a line must agree at twice the speed: of lines that agree alike, the plainest is taken."""
CUT = 0.5
"""Mean square by which a frame differs from the one before it when another scene begins; frames have spread 1."""
STILL = 0.02
"""Mean square of the changes within scenes below which pictures are still."""
SLOWEST, FASTEST = 0.75, 1.33
REACH = 600.0
"""Seconds before and after a line in which a better one is looked for."""
STEPS = (-2, -1, 0, 1, 2)
OFFSET_STEP, SPEED_STEP, ROUNDS = 0.5, 0.05, 4
"""First steps of the search for the best line, in seconds and as a share; they are halved each round."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the frames of the query that have a partner agree with them."""

    rows: I64
    """Numbers of those frames."""
    each: F32
    """Correlation of each with its partner."""
    alike: float
    """Their mean."""
    changes: float
    """Correlation of what changes in both: 0 by chance and for what only looks alike, 1 for a copy."""
    motion: float
    """The same within the scenes of the work, so that cuts count for nothing; 1 where it shows still pictures."""


class Overlay:
    """One view of a query over one film."""

    def __init__(self, times: F64, view: View, seconds: F32, thumbs: NDArray[np.uint8]) -> None:
        self._times = times
        self.view = view
        self._seconds = seconds
        self._work = levelled(thumbs.astype(np.float32), view.seen)

    def agreement(self, line: Line, rows: I64) -> Agreement | None:
        """Along the line, of these frames of the query; None when too few have a partner there."""
        partner, each = self._partners(line, rows)
        met = partner >= 0
        if np.count_nonzero(met) < FEWEST_FRAMES:
            return None
        rows, partner, each = rows[met], partner[met], each[met]
        theirs = self._work[partner]
        changes, motion = _changes(self.view.frames, self._work, rows, partner), _motion(self.view.frames[rows], theirs)
        return Agreement(rows, each, float(each.mean()), changes, motion)

    def _partners(self, line: Line, rows: I64) -> tuple[I64, F32]:
        return _partners(
            self.view.frames, self._work, self._times, self._seconds, rows, float(line.speed), float(line.offset)
        )

    def fitted(self, line: Line, rows: I64) -> tuple[float, Line]:
        """The line near this one along which these frames agree best, and how well (0 to 2)."""
        some = _spread(rows)
        middle = float(self._times[some].mean()) if some.size else 0.0
        length = float(np.ptp(self._times[some])) if some.size else 0.0
        best, found = self._worth(line, some), line
        offset_step, speed_step = OFFSET_STEP, min(SPEED_STEP, 1.0 / max(1.0, length))
        for _ in range(ROUNDS):
            around = found
            for k in STEPS:
                for n in STEPS:
                    speed = min(FASTEST, max(SLOWEST, around.speed + n * speed_step))
                    moved = replace(
                        around, speed=speed, offset=around.offset + k * offset_step + (around.speed - speed) * middle
                    )
                    if (worth := self._worth(moved, some)) > best:
                        best, found = worth, moved
            offset_step, speed_step = offset_step / 2, speed_step / 2
        return best, found

    def best_changes(self, line: Line, rows: I64) -> Line:
        """The line of any speed and offset on which changes agree most: a still background hardly tells when."""
        some = _spread(rows)
        at = (self._seconds >= line.speed * self._times[some[0]] + line.offset - REACH) & (
            self._seconds <= line.speed * self._times[some[-1]] + line.offset + REACH
        )
        known = np.flatnonzero(at)
        if some.size < FEWEST_FRAMES or known.size < FEWEST_FRAMES:
            return line
        ours, work = (f - f.mean(axis=0) for f in (self.view.frames[some], self._work[known]))
        speed, offset = _aligned(
            self._times[some], self._seconds[known].astype(np.float64), ours @ work.T,
            np.square(ours).sum(axis=1), np.square(work).sum(axis=1), SPEEDS,
        )  # fmt: skip
        return replace(line, speed=speed, offset=offset)

    def _worth(self, line: Line, rows: I64) -> float:
        partner, each = self._partners(line, rows)
        met = partner >= 0
        count = int(np.count_nonzero(met))
        if count < FEWEST_FRAMES:
            return -1.0
        changes = _changes(self.view.frames, self._work, rows[met], partner[met])
        # Frames without a partner agree with nothing.
        return (float(each[met].mean()) + changes) * count / rows.size - ALTERED_COST * abs(line.speed - 1)


def _spread(rows: I64) -> I64:
    """At most MOST_FITTED of the rows, evenly."""
    return (
        rows[np.unique(np.linspace(0, rows.size - 1, min(MOST_FITTED, rows.size)).astype(int))] if rows.size else rows
    )


@compiled
def _aligned(asked: F64, known: F64, product: F32, own: F32, others: F32, speeds: F64) -> tuple[float, float]:
    """Speed and offset on which the changes of at least half of the query's frames agree most with the work's.

    `product` holds the scalar products of the query's changes with the work's, `own` and `others` their squares.
    """
    best, best_speed, best_offset = -1.0, 1.0, 0.0
    for speed in speeds:
        offset = known[0] - speed * asked[asked.size // 2]
        while offset <= known[-1] - speed * asked[asked.size // 2]:
            shared, one, other, count, n = 0.0, 0.0, 0.0, 0, 0
            for i in range(asked.size):
                at = speed * asked[i] + offset
                while n + 1 < known.size and abs(known[n + 1] - at) <= abs(known[n] - at):
                    n += 1
                if abs(known[n] - at) <= FAR:
                    shared, one, other, count = shared + product[i, n], one + own[i], other + others[n], count + 1
            if 2 * count >= asked.size and one * other > 0:
                worth = shared / np.sqrt(one * other) * count / asked.size - ALTERED_COST * abs(speed - 1)
                if worth > best:
                    best, best_speed, best_offset = worth, speed, offset
            offset += OFFSET_STEP / 2
    return best_speed, best_offset


@compiled
def _partners(
    ours: F32, work: F32, times: F64, seconds: F32, rows: I64, speed: float, offset: float
) -> tuple[I64, F32]:
    """For each row the work's frame of that moment, -1 where none is near, and their correlation."""
    partner, each = np.full(rows.size, -1, np.int64), np.zeros(rows.size, np.float32)
    for i in range(rows.size):
        at = speed * times[rows[i]] + offset
        after = np.searchsorted(seconds, at)
        # Of the two frames about that moment the one that is more alike: a cut may lie between them.
        for n in range(max(0, after - 1), min(after + 1, seconds.size)):
            if abs(seconds[n] - at) > FAR:
                continue
            product = np.float32(0)
            for k in range(ours.shape[1]):
                product += ours[rows[i], k] * work[n, k]
            alike = product / ours.shape[1]
            if partner[i] < 0 or alike > each[i]:
                partner[i], each[i] = n, alike
    return partner, each


@compiled
def _changes(ours: F32, work: F32, rows: I64, partner: I64) -> float:
    """Correlation of how each frame and its partner depart from the mean of theirs."""
    places, count = ours.shape[1], rows.size
    one, other = np.zeros(places, np.float32), np.zeros(places, np.float32)
    for i in range(count):
        for k in range(places):
            one[k] += ours[rows[i], k]
            other[k] += work[partner[i], k]
    one /= np.float32(count)
    other /= np.float32(count)
    shared, own, others = np.zeros(places, np.float32), np.zeros(places, np.float32), np.zeros(places, np.float32)
    for i in range(count):
        for k in range(places):
            a, b = ours[rows[i], k] - one[k], work[partner[i], k] - other[k]
            shared[k] += a * b
            own[k] += a * a
            others[k] += b * b
    energy = np.sqrt(own.sum() * others.sum())
    return shared.sum() / energy if energy > 0 else 0.0


def _motion(ours: F32, theirs: F32) -> float:
    """Correlation of what changes within scenes; 1 when next to nothing does."""
    seen = ours.shape[1]
    apart = np.square(np.diff(theirs, axis=0)).sum(axis=1) / seen
    scene = np.concatenate(([0], np.cumsum(apart >= CUT)))
    counts = np.bincount(scene)[:, None]
    one, other = (f - (_sums(f, scene) / counts)[scene] for f in (ours, theirs))
    others = float(np.square(other).sum())
    if others < STILL * seen * len(theirs):
        return 1.0
    energy = float(np.sqrt(float(np.square(one).sum()) * others))
    return float((one * other).sum()) / energy if energy > 0 else 0.0


def _sums(frames: F32, scene: I64) -> F32:
    return np.add.reduceat(frames, np.flatnonzero(np.diff(scene, prepend=-1)), axis=0)
