"""The video work type: features, episodes, clips."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from config.settings import AudioMatcherSettings, VideoMatcherSettings
from domain.fingerprints import Abstention, Fingerprint
from domain.reasons import Reason, ReasonCode
from domain.works import WorkType
from matcher.audio.payload import pack as pack_sound
from matcher.audio.peaks import Peaks
from matcher.audio.worktype import AudioMatcher
from matcher.decoding.film import OpenFilm, open_film
from matcher.decoding.process import DecodingError
from matcher.segments.columns import Columns
from matcher.segments.snapshot import Snapshot
from matcher.video.columns import film_columns
from matcher.video.examples import examples
from matcher.video.payload import KIND, VERSION, pack, unpack
from matcher.video.prints import film_print
from matcher.video.references import VideoReferences
from matcher.worktypes import Content, Example, Reference

NAMES = (
    ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".flv", ".f4v", ".wmv", ".mpg", ".mpeg", ".vob", ".ts", ".m2ts",
    ".mts", ".ogv", ".3gp", ".3g2", ".rm", ".rmvb", ".mxf",
)  # fmt: skip
BEGINNINGS = (b"\x1aE\xdf\xa3", b"FLV\x01", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b".RMF")
SOUND_BRANDS = (b"M4A ", b"M4B ", b"M4P ")
"""Brands of MP4 files that hold sound alone."""
PICTURE_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1")
SIDE = 320
"""The square root of the area, in pixels, of the frames that are looked at."""
SOUND = "sound"
"""Before the names of the columns in which the sounds are kept."""
SILENCE = pack_sound(0, Peaks(frames=np.empty(0, np.uint32), pitches=np.empty(0, np.float32)))


class VideoMatcher:
    """A `WorkTypeMatcher`. The fingerprint of a film is its frames, details of its scenes, and its sound."""

    type = WorkType.VIDEO
    kind = KIND
    version = VERSION

    def __init__(self, settings: VideoMatcherSettings, audio: AudioMatcherSettings) -> None:
        self._settings = settings
        self._sound = AudioMatcher(audio)

    def thresholds(self) -> Sequence[tuple[str, float]]:
        settings = self._settings
        return (
            ("pdq_distance", settings.pdq_distance),
            ("pdq_quality", settings.pdq_quality),
            ("copy_pictures", settings.copy_pictures),
            ("copy_agreement", settings.copy_agreement),
            ("copy_motion", settings.copy_motion),
            ("copy_seconds", settings.copy_seconds),
            ("copy_coverage", settings.copy_coverage),
            ("long_seconds", settings.long_seconds),
            ("work_coverage", settings.work_coverage),
            ("runner_up_ratio", settings.runner_up_ratio),
            ("partial_seconds", settings.partial_seconds),
            ("partial_alike", settings.partial_alike),
        )

    def accepts(self, content: Content) -> bool:
        if content.media_type:
            return content.media_type.startswith("video/")
        if content.data[4:8] == b"ftyp":
            return content.data[8:12] not in (*SOUND_BRANDS, *PICTURE_BRANDS)
        riff = content.data[:4] == b"RIFF" and content.data[8:12] == b"AVI "
        return riff or content.data.startswith(BEGINNINGS) or content.name.lower().partition("?")[0].endswith(NAMES)

    def fingerprint(self, content: Content, *, registering: bool = False) -> Fingerprint | Abstention:
        settings = self._settings
        try:
            opened = self._opened(content.data, registering=registering)
            most = None if registering else settings.max_scenes
            film = film_print(opened.pictures, registering=registering, most_scenes=most)
        except DecodingError as error:
            return Abstention(reason=error.reason)
        if film.seconds < settings.minimum_seconds:
            values = {"seconds": round(film.seconds, 1), "minimum": settings.minimum_seconds}
            return Abstention(reason=Reason.of(ReasonCode.VIDEO_TOO_SHORT, **values))
        sound = self._sound.fingerprint(content, registering=registering) if opened.has_sound else None
        if isinstance(sound, Fingerprint):
            return pack(replace(film, sound=sound))
        if film.shown(settings.pdq_quality) < settings.minimum_seconds:
            return Abstention(reason=Reason.of(ReasonCode.VIDEO_TOO_PLAIN))
        return pack(film)

    def _opened(self, data: bytes, *, registering: bool) -> OpenFilm:
        settings = self._settings
        return open_film(
            data,
            side=SIDE,
            step=settings.step_seconds,
            sparse=settings.step_seconds if registering else settings.sparse_seconds,
            seconds=settings.max_seconds,
            max_pixels=settings.max_pixels,
            timeout=settings.decode_timeout_seconds,
        )

    @property
    def recipe(self) -> str:
        return f"{KIND}@{VERSION} pdq_quality={self._settings.pdq_quality} {self._sound.recipe}"

    def segment(self, references: Sequence[Reference]) -> Columns:
        films = [unpack(reference.fingerprint) for reference in references]
        # Every film has its place among the sounds, so that both count alike.
        heard = [
            replace(reference, fingerprint=film.sound or SILENCE)
            for reference, film in zip(references, films, strict=True)
        ]
        sound = {f"{SOUND}.{name}": column for name, column in self._sound.segment(heard).items()}
        return {**film_columns(films, self._settings.pdq_quality), **sound}

    def open(self, snapshot: Snapshot) -> VideoReferences:
        return VideoReferences(snapshot, self._sound.open(_sounds_of(snapshot)), self._settings)

    def examples(self) -> Sequence[Example]:
        return examples()


def _sounds_of(snapshot: Snapshot) -> Snapshot:
    """The same references with the columns of their sound."""
    return Snapshot(
        [
            replace(segment, columns={name.removeprefix(f"{SOUND}."): c for name, c in segment.columns.items()})
            for segment in snapshot.segments
        ]
    )
