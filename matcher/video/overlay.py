"""A query's frames beside those of one registered film, and how well they agree along a line."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.video.candidates import Line
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
        self._count = int(view.seen.sum())

    def agreement(self, line: Line, rows: I64) -> Agreement | None:
        """Along the line, of these frames of the query; None when too few have a partner there."""
        at = line.speed * self._times[rows] + line.offset
        after = np.clip(np.searchsorted(self._seconds, at), 0, self._seconds.size - 1)
        before = np.maximum(after - 1, 0)
        late, early = np.abs(self._seconds[after] - at), np.abs(self._seconds[before] - at)
        met = np.minimum(late, early) <= FAR
        if np.count_nonzero(met) < FEWEST_FRAMES:
            return None
        ours = self.view.frames[rows[met]]
        # Of the two frames about that moment the one that is more alike: a cut may lie between them.
        scores = [
            np.where(near[met] <= FAR, np.einsum("ij,ij->i", ours, self._work[side[met]]) / self._count, -1.0)
            for side, near in ((before, early), (after, late))
        ]
        theirs = self._work[np.where(scores[0] >= scores[1], before[met], after[met])]
        each = np.maximum(*scores).astype(np.float32)
        changes, motion = _changes(ours, theirs), _motion(ours, theirs, self._count)
        return Agreement(rows[met], each, float(each.mean()), changes, motion)

    def fitted(self, line: Line, rows: I64) -> tuple[float, Line]:
        """The line near this one along which these frames agree best, and how well (0 to 2)."""
        some = (
            rows[np.unique(np.linspace(0, rows.size - 1, min(MOST_FITTED, rows.size)).astype(int))]
            if rows.size
            else rows
        )
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

    def _worth(self, line: Line, rows: I64) -> float:
        found = self.agreement(line, rows)
        # Frames without a partner agree with nothing.
        moved = ALTERED_COST * abs(line.speed - 1)
        return (found.alike + found.changes) * found.rows.size / rows.size - moved if found else -1.0


def _motion(ours: F32, theirs: F32, seen: int) -> float:
    """Correlation of what changes within scenes; 1 when next to nothing does."""
    apart = np.square(np.diff(theirs, axis=0)).sum(axis=1) / seen
    scene = np.concatenate(([0], np.cumsum(apart >= CUT)))
    counts = np.bincount(scene)[:, None]
    one, other = (f - (_sums(f, scene) / counts)[scene] for f in (ours, theirs))
    if float(np.vdot(other, other)) < STILL * seen * len(theirs):
        return 1.0
    energy = float(np.sqrt(np.vdot(one, one) * np.vdot(other, other)))
    return float(np.vdot(one, other)) / energy if energy > 0 else 0.0


def _sums(frames: F32, scene: I64) -> F32:
    out = np.zeros((int(scene[-1]) + 1, frames.shape[1]), np.float32)
    np.add.at(out, scene, frames)
    return out


def _changes(ours: F32, theirs: F32) -> float:
    count = len(ours)
    mean, other = ours.mean(axis=0), theirs.mean(axis=0)
    shared = float(np.vdot(ours, theirs)) - count * float(mean @ other)
    own = float(np.vdot(ours, ours)) - count * float(mean @ mean)
    others = float(np.vdot(theirs, theirs)) - count * float(other @ other)
    return shared / float(np.sqrt(own * others)) if min(own, others) > 0 else 0.0
