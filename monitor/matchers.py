"""The work types, each with its settings, and which of them read contents in a reading process."""

from collections.abc import Callable

from config.settings import MatcherSettings
from domain.works import WorkType
from matcher.audio.worktype import AudioMatcher
from matcher.confinement.matcher import ConfinedMatcher
from matcher.confinement.workers import Workers
from matcher.image.worktype import ImageMatcher
from matcher.software.worktype import SoftwareMatcher, is_foreign
from matcher.text.worktype import TextMatcher
from matcher.video.worktype import VideoMatcher
from matcher.worktypes import Content, WorkTypeMatcher

OWN_PROCESS = frozenset({WorkType.AUDIO, WorkType.VIDEO})
"""These decode every file in a process of its own already (matcher/decoding)."""


def matchers_of(settings: MatcherSettings) -> tuple[WorkTypeMatcher, ...]:
    """Pictures, sounds, films and software are told by their first bytes, so they are asked before text."""
    return (
        ImageMatcher(settings.image),
        AudioMatcher(settings.audio),
        VideoMatcher(settings.video, settings.audio),
        SoftwareMatcher(settings.software),
        TextMatcher(settings.text),
    )


def confined_matchers(settings: MatcherSettings, workers: Workers) -> tuple[WorkTypeMatcher, ...]:
    """The same, but no content is read in this process."""
    return tuple(
        matcher
        if matcher.type in OWN_PROCESS
        else ConfinedMatcher(matcher, workers, seconds=_seconds(matcher, settings), elsewhere=_elsewhere(matcher))
        for matcher in matchers_of(settings)
    )


def _elsewhere(matcher: WorkTypeMatcher) -> Callable[[Content], bool]:
    """Which contents are read by a program that confines itself, and that a reading process could not start."""
    return is_foreign if matcher.type is WorkType.SOFTWARE else lambda _: False


def _seconds(matcher: WorkTypeMatcher, settings: MatcherSettings) -> float:
    own = settings.software.max_seconds if matcher.type is WorkType.SOFTWARE else 0.0
    return settings.confinement.seconds + own
