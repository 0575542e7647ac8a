"""What every reason says, in Chinese and in English."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.reasons.codes import ReasonCode
from domain.reasons.sentences import audio, image, leads, reading, software, text, video

SENTENCES: Mapping[ReasonCode, tuple[str, str]] = MappingProxyType(
    text.SENTENCES
    | image.SENTENCES
    | audio.SENTENCES
    | video.SENTENCES
    | software.SENTENCES
    | leads.SENTENCES
    | reading.SENTENCES
)
