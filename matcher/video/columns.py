"""What a segment keeps of its films: frames, scenes and keypoints one after another, and the terms they are found by.

Postings of words name a film of the segment and a keypoint by its number within the film; those of hashes a frame that
is clear enough, by its number among all such.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.image.hashes import HashIndex
from matcher.image.store import KeypointStore
from matcher.segments.columns import Columns
from matcher.terms import LocalTermIndex
from matcher.video.prints import THUMB, FilmPrint

HASHES, WORD_TERMS, KEYPOINTS = "hashes", "words", "keypoints"
U32 = NDArray[np.uint32]


def film_columns(films: Sequence[FilmPrint], quality: int) -> Columns:
    """The columns of registered films, in their order; frames below a PDQ `quality` are not looked up."""
    frames = [film.frames for film in films]
    features = [found for film in films for _, found in film.scenes]
    hashes = np.concatenate([np.empty((0, 32), np.uint8), *(f.hashes for f in frames)])
    trusted = np.concatenate([np.empty(0, np.uint8), *(f.quality for f in frames)]) >= quality
    film, number = _numbered([sum(len(found) for _, found in film.scenes) for film in films])
    words = np.concatenate([np.empty(0, np.uint64), *(found.words.astype(np.uint64) for found in features)])
    return {
        "film.seconds": np.array([film.seconds for film in films], np.float32),
        "frame.starts": _starts([len(f) for f in frames]),
        "frame.seconds": np.concatenate([np.empty(0, np.float32), *(f.seconds for f in frames)]),
        "frame.clear": np.flatnonzero(trusted).astype(np.uint32),
        "frame.thumbs": np.concatenate([np.empty((0, THUMB * THUMB), np.uint8), *(f.thumbs for f in frames)]),
        "scene.starts": _starts([len(film.scenes) for film in films]),
        "scene.seconds": np.array([f.frames.seconds[n] for f in films for n, _ in f.scenes], np.float32),
        **KeypointStore.build(features).columns(KEYPOINTS),
        **HashIndex.build(hashes[trusted]).columns(HASHES),
        **LocalTermIndex.build(words, film, number).columns(WORD_TERMS),
    }


def _starts(counts: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64))).astype(np.int64)


def _numbered(counts: Sequence[int]) -> tuple[U32, U32]:
    """For things of which each film has so many: the film of each, and its number there."""
    starts = _starts(counts)
    film = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
    return film, (np.arange(starts[-1]) - np.repeat(starts[:-1], counts)).astype(np.uint32)
