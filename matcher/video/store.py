"""The registered films of a snapshot: looked up by the frames and keypoints of a query, and read frame by frame."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.image.bits import ones
from matcher.image.features import Features
from matcher.image.hashes import HashIndex
from matcher.image.store import KeypointStore
from matcher.segments.snapshot import Segment, Snapshot
from matcher.segments.terms import SegmentedTerms
from matcher.video.columns import HASHES, KEYPOINTS, WORD_TERMS

MOST_FRAMES = 20_000
"""Frames of one segment that may be like one of the query: black frames and title cards tell nothing."""
MOST_POINTS = 2_000
"""Places of a word that is looked up."""
NEAR = 20
"""Bits of 64 in which two signatures of one keypoint may differ here."""
FEWEST_POINTS = 4
"""Keypoints that two scenes must share to count."""

I64 = NDArray[np.int64]
F32 = NDArray[np.float32]
U64 = NDArray[np.uint64]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Moments:
    """Parallel arrays: moments of registered films that something of a query is like."""

    asked: I64
    """Number of what was asked for."""
    film: I64
    seconds: F32
    likeness: I64
    """Larger for what is more alike."""

    @classmethod
    def joined(cls, parts: "list[Moments]") -> "Moments":
        """All of them."""
        nothing = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32), np.empty(0, np.int64))
        columns = zip(nothing, *((p.asked, p.film, p.seconds, p.likeness) for p in parts), strict=True)
        return cls(*(np.concatenate(column) for column in columns))


class _Shelf:
    """The films of one segment."""

    def __init__(self, segment: Segment) -> None:
        columns = segment.columns
        self.base = segment.base
        self.seconds: F32 = columns["film.seconds"]
        self.frame_starts: I64 = columns["frame.starts"]
        self.frame_seconds: F32 = columns["frame.seconds"]
        self.clear: NDArray[np.uint32] = columns["frame.clear"]
        self.hashes = HashIndex.of(columns, HASHES)
        self.removed = segment.removed
        self.thumbs: Bytes = columns["frame.thumbs"]
        self.scene_starts: I64 = columns["scene.starts"]
        self.scene_seconds: F32 = columns["scene.seconds"]
        self.keypoints = KeypointStore.of(columns, KEYPOINTS)


class FilmStore:
    """All films of a snapshot; a film's number is that of its reference."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._shelves = [_Shelf(segment) for segment in snapshot.segments]
        self._bases = np.array([shelf.base for shelf in self._shelves], np.int64)
        self._words = SegmentedTerms(snapshot, WORD_TERMS)

    def seconds(self, film: int) -> float:
        """How long a film is."""
        shelf, row = self._place(film)
        return float(shelf.seconds[row])

    def frames(self, film: int) -> tuple[F32, Bytes]:
        """Times and small pictures of a film's frames."""
        shelf, row = self._place(film)
        rows = slice(int(shelf.frame_starts[row]), int(shelf.frame_starts[row + 1]))
        return shelf.frame_seconds[rows], shelf.thumbs[rows]

    def scene_near(self, film: int, seconds: float) -> Features | None:
        """The features of the film's scene whose time is nearest; None when it has none."""
        shelf, row = self._place(film)
        rows = slice(int(shelf.scene_starts[row]), int(shelf.scene_starts[row + 1]))
        apart = np.abs(shelf.scene_seconds[rows] - np.float32(seconds))
        return shelf.keypoints.features(rows.start + int(np.argmin(apart))) if apart.size else None

    def like_hashes(self, hashes: Bytes, distance: int) -> Moments:
        """Frames whose hashes are at most `distance` (up to 31) bits from those of a query (n×32)."""
        found = []
        for shelf in self._shelves:
            rows, clear, apart = shelf.hashes.near(hashes, distance)
            frame = shelf.clear[clear]
            film = np.searchsorted(shelf.frame_starts, frame, side="right") - 1
            asked = rows.astype(np.int64)
            kept = ~shelf.removed[film] & (np.bincount(asked, minlength=len(hashes)) <= MOST_FRAMES)[asked]
            found.append(
                Moments(
                    asked[kept],
                    np.asarray(film[kept] + shelf.base, np.int64),
                    shelf.frame_seconds[frame[kept]],
                    -apart[kept].astype(np.int64),
                )
            )
        return Moments.joined(found)

    def like_scene(self, features: Features) -> Moments:
        """Scenes that share several keypoints with a query's, wherever they lie."""
        hits = self._words.lookup(features.words.astype(np.uint64), MOST_POINTS)
        film, point = hits.owner.astype(np.int64), hits.position.astype(np.int64)
        found = []
        for shelf, rows in self._shared_out(film):
            starts = shelf.keypoints.starts
            at = starts[shelf.scene_starts[film[rows] - shelf.base]] + point[rows]
            near = _near(features.signatures[hits.query[rows]], shelf.keypoints.signatures[at])
            scene = np.searchsorted(starts, at[near], side="right") - 1
            # A keypoint of the query counts once for each scene.
            told = np.unique(scene << 16 | hits.query[rows][near].astype(np.int64)) >> 16
            alike, counts = np.unique(told, return_counts=True)
            enough = counts >= FEWEST_POINTS
            alike = alike[enough]
            own = np.asarray(np.searchsorted(shelf.scene_starts, alike, side="right") - 1 + shelf.base, np.int64)
            found.append(Moments(np.zeros_like(own), own, shelf.scene_seconds[alike], counts[enough]))
        return Moments.joined(found)

    def _place(self, film: int) -> tuple[_Shelf, int]:
        shelf = self._shelves[int(np.searchsorted(self._bases, film, side="right")) - 1]
        return shelf, film - shelf.base

    def _shared_out(self, film: I64) -> list[tuple[_Shelf, I64]]:
        """The shelves, and which of the rows belong to films of each."""
        own = np.searchsorted(self._bases, film, side="right") - 1
        return [(shelf, np.flatnonzero(own == n)) for n, shelf in enumerate(self._shelves)]


@compiled
def _near(one: U64, other: U64) -> NDArray[np.bool_]:
    out = np.zeros(one.size, np.bool_)
    for i in range(one.size):
        out[i] = ones(one[i] ^ other[i]) <= NEAR
    return out
