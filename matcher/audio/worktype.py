"""The audio work type: music, radio plays, readings."""

from collections.abc import Sequence

from config.settings import AudioMatcherSettings
from domain.fingerprints import Abstention, Fingerprint
from domain.reasons import Reason, ReasonCode
from domain.works import WorkType
from matcher.audio.examples import examples
from matcher.audio.payload import KIND, VERSION, pack
from matcher.audio.peaks import QUERY_REACH, WORK_REACH, distinct_pitches, peaks_of, sounding_seconds
from matcher.audio.references import AudioReferences
from matcher.audio.storage import LAYOUT, columns_of
from matcher.decoding.sound import decode
from matcher.segments.columns import Columns
from matcher.segments.snapshot import Snapshot
from matcher.worktypes import Content, Example, Reference

NAMES = (
    ".mp3",
    ".wav",
    ".flac",
    ".ogg",
    ".oga",
    ".opus",
    ".m4a",
    ".aac",
    ".wma",
    ".aif",
    ".aiff",
    ".ape",
    ".amr",
    ".wv",
)
BEGINNINGS = (b"ID3", b"OggS", b"fLaC", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"#!AMR", b"MAC ")
FEWEST_PITCHES = 12
"""A tone, a beep or a drone agrees with every other one of its pitch."""


class AudioMatcher:
    """A `WorkTypeMatcher`. The fingerprint of a sound is its spectral peaks."""

    type = WorkType.AUDIO
    kind = KIND
    version = VERSION

    def __init__(self, settings: AudioMatcherSettings) -> None:
        self._settings = settings

    def thresholds(self) -> Sequence[tuple[str, float]]:
        settings = self._settings
        return (
            ("copy_seconds", settings.copy_seconds),
            ("copy_evidence", settings.copy_evidence),
            ("altered_share", settings.altered_share),
            ("copy_repetition", settings.copy_repetition),
            ("copy_novel_seconds", settings.copy_novel_seconds),
            ("copy_coverage", settings.copy_coverage),
            ("long_seconds", settings.long_seconds),
            ("runner_up_ratio", settings.runner_up_ratio),
            ("partial_seconds", settings.partial_seconds),
            ("partial_evidence", settings.partial_evidence),
            ("partial_altered_share", settings.partial_altered_share),
        )

    def accepts(self, content: Content) -> bool:
        wave = content.data[:4] == b"RIFF" and content.data[8:12] == b"WAVE"
        if content.media_type.startswith("audio/") or wave or content.data.startswith(BEGINNINGS):
            return not content.media_type.startswith(("text/", "image/", "video/"))
        return not content.media_type and content.name.lower().partition("?")[0].endswith(NAMES)

    def fingerprint(self, content: Content, *, registering: bool = False) -> Fingerprint | Abstention:
        settings = self._settings
        sound = decode(content.data, seconds=settings.max_seconds, timeout=settings.decode_timeout_seconds)
        if isinstance(sound, Reason):
            return Abstention(reason=sound)
        peaks = peaks_of(sound, WORK_REACH if registering else QUERY_REACH)
        sounding = sounding_seconds(peaks)
        if sounding < settings.minimum_seconds:
            minimum = settings.minimum_seconds
            return Abstention(reason=Reason.of(ReasonCode.AUDIO_TOO_SHORT, seconds=round(sounding), minimum=minimum))
        if distinct_pitches(peaks) < FEWEST_PITCHES:
            return Abstention(reason=Reason.of(ReasonCode.AUDIO_TOO_PLAIN))
        return pack(sound.size, peaks)

    @property
    def recipe(self) -> str:
        return f"{KIND}@{VERSION} columns@{LAYOUT}"

    def segment(self, references: Sequence[Reference]) -> Columns:
        return columns_of(references)

    def open(self, snapshot: Snapshot) -> AudioReferences:
        return AudioReferences(snapshot, self._settings)

    def examples(self) -> Sequence[Example]:
        return examples()
