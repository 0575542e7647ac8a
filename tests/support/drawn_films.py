"""Films drawn from seeds, made into fingerprints without a file."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from config.loading import load_settings
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.audio.payload import pack as pack_sound
from matcher.audio.peaks import QUERY_REACH, WORK_REACH, peaks_of
from matcher.decoding.film import Picture
from matcher.segments.upkeep import open_references
from matcher.video.payload import pack
from matcher.video.prints import film_print
from matcher.video.worktype import VideoMatcher
from matcher.worktypes import Reference, References

RATE = 2.0
"""Frames a second that are drawn: as many as are looked at."""

Frame = NDArray[np.uint8]


def matcher() -> VideoMatcher:
    settings = load_settings().matcher
    return VideoMatcher(settings.video, settings.audio)


def print_of(
    frames: Iterable[Frame],
    *,
    rate: float = RATE,
    registering: bool = False,
    sound: NDArray[np.int16] | None = None,
) -> Fingerprint:
    """The fingerprint of a film of these frames in colour, with samples at the audio matcher's rate."""
    pictures = (Picture(n / rate, frame.mean(axis=2).astype(np.uint8)) for n, frame in enumerate(frames))
    film = film_print(pictures, registering=registering, most_scenes=None if registering else 400)
    if sound is None:
        return pack(film)
    peaks = peaks_of(sound, WORK_REACH if registering else QUERY_REACH)
    return pack(replace(film, sound=pack_sound(sound.size, peaks)))


def registered(
    films: Sequence[tuple[str, str, Sequence[Frame]]], folder: Path, sound: NDArray[np.int16] | None = None
) -> References:
    """A register of films (work, owner, frames)."""
    return open_references(
        matcher(),
        [
            Reference(
                work_id=WorkId(work),
                title=work,
                owner=owner,
                digest=digest_of(work.encode()),
                fingerprint=print_of(frames, registering=True, sound=sound),
            )
            for work, owner, frames in films
        ],
        folder,
    )
