"""Where registered films may run along a query: look-ups of its frames and scenes, counted along lines in time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.image.features import mirror
from matcher.video.prints import FilmPrint
from matcher.video.store import FilmStore, Moments

SPEEDS = np.arange(0.775, 1.3001, 0.025)
"""Seconds of the work that pass in one second of the query."""
CELL = 1.0
"""Seconds in a cell of offsets; two neighbouring cells count together."""
WINDOW = 60.0
"""Seconds of the query looked at together."""
FEWEST, LEAST_SHARE = 2, 1 / 3
"""Frames of a window that must agree on a line, and their share of those on the best line of the window."""
MOST_LIKE = 200
"""Frames or scenes that one frame of the query counts for."""

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Line:
    """Where a registered film may run along a query: its seconds = speed × the query's + offset."""

    film: int
    """Number of the registered film."""
    mirrored: bool
    votes: int
    speed: float
    offset: float
    start: float
    """Seconds of the query between which it was found."""
    end: float


@dataclass(frozen=True, slots=True)
class Pairs:
    """Parallel arrays: a frame of the query is like a moment of a registered film."""

    film: I64
    mirrored: Bools
    frame: I64
    moment: F64
    """Seconds from the beginning of the registered film."""

    @classmethod
    def joined(cls, parts: "list[Pairs]") -> "Pairs":
        """All of them."""
        nothing = (np.empty(0, np.int64), np.empty(0, bool), np.empty(0, np.int64), np.empty(0, np.float64))
        columns = zip(nothing, *((p.film, p.mirrored, p.frame, p.moment) for p in parts), strict=True)
        return cls(*(np.concatenate(column) for column in columns))


def like_frames(query: FilmPrint, store: FilmStore, quality: int, distance: int) -> Pairs:
    """Pairs of whole frames whose PDQ hashes are near each other."""
    asked = np.flatnonzero(query.frames.quality >= quality)
    found = []
    for mirrored, hashes in ((False, query.frames.hashes), (True, query.frames.mirrored)):
        moments = store.like_hashes(np.ascontiguousarray(hashes[asked]), distance)
        found.append(_pairs(moments, asked[moments.asked], mirrored=mirrored))
    return Pairs.joined(found)


def like_scenes(query: FilmPrint, store: FilmStore) -> Pairs:
    """Pairs of scenes that share several keypoints, wherever they lie."""
    found = []
    for frame, upright in query.scenes:
        for mirrored, features in ((False, upright), (True, mirror(upright))):
            moments = store.like_scene(features)
            # A few keypoints are shared by chance, or with the scene before.
            clear = 2 * moments.likeness >= moments.likeness.max(initial=0)
            found.append(_pairs(moments, np.full(clear.size, frame), mirrored=mirrored, kept=clear))
    return Pairs.joined(found)


def best_lines(pairs: Pairs, query: FilmPrint, most: int) -> list[Line]:
    """For each window of the query its lines with most votes, at most `most`; earlier windows first."""
    found = []
    times = query.frames.seconds.astype(np.float64)
    for start, end in windows(query.seconds):
        inside = np.flatnonzero((times[pairs.frame] >= start) & (times[pairs.frame] <= end))
        if not inside.size:
            continue
        key = 2 * pairs.film[inside] + pairs.mirrored[inside]
        order = np.lexsort((pairs.frame[inside], key))
        rows = inside[order]
        keys, first = np.unique(key[order], return_index=True)
        lines = []
        for n, part in zip(keys.tolist(), np.split(rows, first[1:]), strict=True):
            votes, speed, offset = _vote(
                times[pairs.frame[part]] - start, pairs.moment[part], pairs.frame[part], SPEEDS
            )
            if votes >= FEWEST:
                own = Line(n // 2, bool(n % 2), votes, speed, offset - speed * start, start, end)
                lines.append(own)
        least = LEAST_SHARE * max((line.votes for line in lines), default=0)
        clear = sorted((line for line in lines if line.votes >= least), key=lambda line: (-line.votes, line.film))
        found += clear[:most]
    return found


def windows(seconds: float) -> list[tuple[float, float]]:
    """Windows over a film, the last one up to half as long again."""
    count = max(1, round(seconds / WINDOW))
    return [(n * WINDOW, seconds if n == count - 1 else (n + 1) * WINDOW) for n in range(count)]


def _pairs(moments: Moments, frame: I64, *, mirrored: bool, kept: Bools | None = None) -> Pairs:
    """Of each frame the MOST_LIKE pairs that are most alike, of those to be kept."""
    order = np.lexsort((moments.seconds, moments.film, -moments.likeness, frame))
    order = order if kept is None else order[kept[order]]
    _, first, counts = np.unique(frame[order], return_index=True, return_counts=True)
    order = order[np.arange(order.size) - np.repeat(first, counts) < MOST_LIKE]
    return Pairs(
        film=moments.film[order],
        mirrored=np.full(order.size, mirrored, bool),
        frame=frame[order].astype(np.int64),
        moment=moments.seconds[order].astype(np.float64),
    )


@compiled
def _vote(asked: F64, moment: F64, frame: I64, speeds: F64) -> tuple[int, float, float]:
    """Most frames that agree on a line, its speed and its offset. Rows of one frame stand together."""
    low = (moment - speeds[-1] * asked).min()
    high = (moment - speeds[0] * asked).max()
    cells = np.zeros(int((high - low) / CELL) + 3, np.int64)
    last = np.full(cells.size, -1, np.int64)
    most, best_speed, best_offset = 0, 1.0, 0.0
    for speed in speeds:
        cells[:] = 0
        last[:] = -1
        for i in range(asked.size):
            cell = int((moment[i] - speed * asked[i] - low) / CELL)
            for place in (cell, cell + 1):
                if last[place] != frame[i]:
                    last[place] = frame[i]
                    cells[place] += 1
        best = int(np.argmax(cells))
        nearer = cells[best] == most and abs(speed - 1.0) < abs(best_speed - 1.0) - 1e-9
        if cells[best] > most or nearer:
            most, best_speed, best_offset = cells[best], speed, low + best * CELL
    return most, best_speed, best_offset
