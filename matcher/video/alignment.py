"""The stretch of a query that runs along a line in a registered film, frame by frame.

Two films from one studio look alike at every moment; only a copy also *changes* as the work does. So what decides is
how the differences of the frames from their mean agree, which is 0 by chance, whatever the background.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.image.features import mirror
from matcher.runs import heaviest
from matcher.video.candidates import Line
from matcher.video.overlay import FEWEST_FRAMES, Overlay
from matcher.video.prints import FilmPrint
from matcher.video.store import FilmStore
from matcher.video.views import WHOLE, flipped, map_between, view

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

ALIKE = 0.55
"""Correlation of two frames from which a stretch runs on."""
SHORTEST_STEP, LONGEST_STEP = 0.1, 10.0
"""Seconds for which a frame of the query may stand."""
SURE = 1.6
"""Likeness and agreement of changes together from which a line is not looked for anew."""
ROUNDS = 4
MOST_MAPS = 6
CHANGED = 0.12
"""Mean square by which a frame differs from the last one counted when it is another picture; frames have spread 1."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the query along a line."""

    line: Line
    start: float
    end: float
    """Seconds of the query."""
    alike: float
    """Mean correlation of the frames as they are."""
    changes: float
    """Correlation of what changes in both: about 0 for what only looks alike."""
    motion: float
    """The same within scenes."""
    pictures: int
    """Frames of the query that differ from each other."""
    area: float
    """Share of the work's picture that is seen."""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.end - self.start

    @property
    def work_span(self) -> tuple[float, float]:
        """Seconds of the work."""
        first, last = (max(0.0, self.line.speed * at + self.line.offset) for at in (self.start, self.end))
        return first, last


class Follower:
    """Follows lines through one query."""

    def __init__(self, query: FilmPrint, store: FilmStore) -> None:
        self._query, self._store = query, store
        self._times = query.frames.seconds.astype(np.float64)
        self._lasting = np.clip(np.diff(self._times, append=query.seconds), SHORTEST_STEP, LONGEST_STEP)
        self._thumbs = (query.frames.thumbs, flipped(query.frames.thumbs))

    def follow(self, line: Line) -> Stretch | None:
        """The part of the query around the line's window that runs along it; None if nothing does."""
        near = np.flatnonzero((self._times >= line.start) & (self._times <= line.end))
        seconds, thumbs = self._store.frames(line.film)
        best: tuple[float, Line, Overlay] | None = None
        for placed in self._maps(line):
            seen = view(self._thumbs[line.mirrored], placed)
            if seen is None:
                continue
            overlay = Overlay(self._times, seen, seconds, thumbs)
            worth, fitted = overlay.fitted(line, near)
            if best is None or worth > best[0]:
                best = worth, fitted, overlay
        if best is None:
            return None
        worth, fitted, overlay = best
        if near.size and worth < SURE:
            again = overlay.fitted(overlay.best_changes(fitted, near), near)
            fitted = again[1] if again[0] > worth else fitted
        return self._stretch(fitted, overlay, near)

    def _maps(self, line: Line) -> Sequence[F64]:
        """Ways in which the work's picture may lie in the query's."""
        maps = [WHOLE]
        inside = [(n, found) for n, found in self._query.scenes if line.start <= self._times[n] <= line.end]
        for k in np.unique(np.linspace(0, len(inside) - 1, min(MOST_MAPS, len(inside))).astype(int)):
            number, found = inside[k]
            work = self._store.scene_near(line.film, line.speed * self._times[number] + line.offset)
            placed = map_between(work, mirror(found) if line.mirrored else found) if work else None
            if placed is not None:
                maps.append(placed)
        return maps

    def _stretch(self, line: Line, overlay: Overlay, within: I64) -> Stretch | None:
        """The run of frames that agree; the line is fitted to it again, and it to the line."""
        every = np.arange(self._times.size)
        for _ in range(ROUNDS):
            found = overlay.agreement(line, every)
            if found is None:
                return None
            first, last = heaviest((found.each - ALIKE) * self._lasting[found.rows])
            rows = found.rows[first:last]
            if rows.size < FEWEST_FRAMES:
                return None
            if np.array_equal(rows, within):
                break
            within = rows
            _, line = overlay.fitted(line, within)
        final = overlay.agreement(line, within)
        if final is None:
            return None
        return Stretch(
            line=line,
            start=float(self._times[within[0]]),
            end=float(self._times[within[-1]] + self._lasting[within[-1]]),
            alike=final.alike,
            changes=final.changes,
            motion=final.motion,
            pictures=_different(overlay.view.frames[within]),
            area=float(overlay.view.seen.mean()),
        )


@compiled
def _different(frames: F32) -> int:
    """How many frames differ clearly from the last one counted."""
    count, last = 1, 0
    for i in range(1, frames.shape[0]):
        apart = 0.0
        for k in range(frames.shape[1]):
            apart += (frames[i, k] - frames[last, k]) ** 2
        if apart / frames.shape[1] >= CHANGED:
            count += 1
            last = i
    return count
