"""What identifies a film: its frames, its scenes and its sound."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.fingerprints import Fingerprint
from matcher.decoding.film import Picture
from matcher.decoding.process import DecodingError
from matcher.image.features import Features, features_of, scaled
from matcher.image.pdq import pdq
from matcher.video.bars import inner

THUMB = 32
"""Side of the small picture kept of each frame."""
HASHED_SIDE = 128
"""Frames are hashed at this size: a fifth of the work, and as near to each other as larger ones."""
MIRRORED = 4
"""Number of the mirror image among the orientations of a hash."""
BATCH = 512
"""Frames on whose bars one decision is made, and that are held in memory at once."""
REGISTERED_POINTS, QUERY_POINTS = 150, 200
POINTS_SIDE = 320
NEW_SCENE = 16
"""Bits by which a frame differs from the last scene's when it begins another."""
SCENE_SECONDS = 2.0
"""Least time between two scenes."""
FEWEST_POINTS = 12

Grey = NDArray[np.uint8]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Frames:
    """Parallel arrays, one row a frame, in the order of time."""

    seconds: NDArray[np.float32]
    quality: NDArray[np.uint8]
    """PDQ's, 0 to 100."""
    hashes: Bytes
    """PDQ without the bars (n×32)."""
    mirrored: Bytes
    """The same of the mirror image."""
    thumbs: Bytes
    """Small pictures without the bars (n×THUMB²)."""

    def __len__(self) -> int:
        return int(self.seconds.size)


@dataclass(frozen=True, slots=True)
class FilmPrint:
    """One film."""

    seconds: float
    """From its beginning to its last frame."""
    size: tuple[int, int]
    """Width and height of the frames looked at."""
    frames: Frames
    scenes: tuple[tuple[int, Features], ...]
    """Number of a frame and its features."""
    sound: Fingerprint | None
    registered: bool

    def shown(self, quality: int) -> float:
        """Seconds in which there is something to see: a frame of that PDQ quality."""
        lasting = np.diff(self.frames.seconds, append=np.float32(self.seconds))
        return float(lasting[self.frames.quality >= quality].sum())


def film_print(pictures: Iterable[Picture], *, registering: bool, most_scenes: int | None) -> FilmPrint:
    """The print of a film without its sound. Raises `DecodingError` when it has no picture."""
    parts: list[Frames] = []
    scenes, size, last = _Scenes(registering=registering), (0, 0), 0.0
    for batch in _batches(pictures):
        grey = np.stack([picture.grey for picture in batch])
        rows, columns = inner(grey)
        within = [np.ascontiguousarray(frame[rows, columns]) for frame in grey]
        frames = _frames([picture.seconds for picture in batch], within)
        scenes.look(frames, within, sum(len(part) for part in parts))
        parts.append(frames)
        size, last = (grey.shape[2], grey.shape[1]), batch[-1].seconds
    if not parts:
        raise DecodingError("it holds no picture")
    columns_of = zip(*((p.seconds, p.quality, p.hashes, p.mirrored, p.thumbs) for p in parts), strict=True)
    return FilmPrint(
        seconds=last,
        size=size,
        frames=Frames(*(np.concatenate(column) for column in columns_of)),
        scenes=_thinned(scenes.found, most_scenes or len(scenes.found)),
        sound=None,
        registered=registering,
    )


class _Scenes:
    """Frames that differ from the one before them, with their features."""

    def __init__(self, *, registering: bool) -> None:
        self.found: list[tuple[int, Features]] = []
        self._registering = registering
        self._last: tuple[float, Bytes] | None = None

    def look(self, frames: Frames, pictures: Sequence[Grey], first: int) -> None:
        """Go through frames, of which the first has the number `first`."""
        most = REGISTERED_POINTS if self._registering else QUERY_POINTS
        for n, picture in enumerate(pictures):
            at, own = float(frames.seconds[n]), frames.hashes[n]
            if self._last is not None:
                before, known = self._last
                if at < before + SCENE_SECONDS or int(np.bitwise_count(own ^ known).sum()) < NEW_SCENE:
                    continue
            features = features_of(scaled(picture, POINTS_SIDE), most, mirrored=not self._registering)
            if len(features) >= FEWEST_POINTS:
                self.found.append((first + n, features))
                self._last = (at, own)


def _thinned(scenes: Sequence[tuple[int, Features]], most: int) -> tuple[tuple[int, Features], ...]:
    chosen = np.unique(np.linspace(0, len(scenes) - 1, min(most, len(scenes))).astype(int))
    return tuple(scenes[i] for i in chosen)


def _batches(pictures: Iterable[Picture]) -> Iterator[list[Picture]]:
    batch: list[Picture] = []
    for picture in pictures:
        batch.append(picture)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _frames(seconds: Sequence[float], pictures: Sequence[Grey]) -> Frames:
    hashed = [pdq(_shrunk(picture, HASHED_SIDE)) for picture in pictures]
    return Frames(
        seconds=np.array(seconds, np.float32),
        quality=np.array([quality for _, quality in hashed], np.uint8),
        hashes=np.stack([forms[0] for forms, _ in hashed]),
        mirrored=np.stack([forms[MIRRORED] for forms, _ in hashed]),
        thumbs=np.stack([_shrunk(picture, THUMB).ravel() for picture in pictures]),
    )


def _shrunk(picture: Grey, side: int) -> Grey:
    return np.asarray(cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA), np.uint8)
