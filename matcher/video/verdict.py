"""Copy, shared part or chance: what the stretches of a film that run along a work allow us to say.

Evidence is a stretch's different pictures times how far their changes agree: a still picture, or a studio that both
films show, has next to none. See docs/accuracy.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from config.settings import VideoMatcherSettings
from domain.findings import Verdict
from domain.reasons import ReasonCode
from matcher.video.alignment import Stretch

MOST = 0.8
"""Share of a short query that is enough for a person's look."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered film and the stretches of the query along it, the one with most evidence first."""

    film: int
    stretches: tuple[Stretch, ...]

    @property
    def best(self) -> Stretch:
        return self.stretches[0]

    @property
    def seconds(self) -> float:
        """Seconds of the query that run along."""
        return sum(stretch.seconds for stretch in self.stretches)


def evidence(stretch: Stretch) -> float:
    """Different pictures times the agreement of their changes."""
    return stretch.pictures * max(0.0, stretch.changes)


def counts(stretch: Stretch, seconds: float, settings: VideoMatcherSettings) -> bool:
    """Whether a stretch of a query of so many seconds is worth a person's look."""
    if stretch.seconds < min(settings.partial_seconds, MOST * seconds):
        return False
    # Marks and subtitles make a picture look otherwise; it changes as the work does all the same.
    changes = stretch.pictures >= settings.copy_pictures and stretch.changes >= settings.copy_agreement
    return stretch.alike >= settings.partial_alike or changes


def judge(
    candidate: Candidate,
    others: Sequence[Candidate],
    *,
    shown: float,
    work_seconds: float,
    heard: bool,
    settings: VideoMatcherSettings,
) -> tuple[Verdict, ReasonCode, Candidate | None]:
    """The verdict, why, and which of `others`, works of other owners, makes the source uncertain, if one does.

    `shown` is the seconds of the query with something to see, `work_seconds` those of the whole work.
    `heard` tells that the sound is a copy of the work's at the same time: what a still picture cannot prove, it can.
    """
    best = candidate.best
    if best.pictures < settings.copy_pictures and not heard:
        return Verdict.PARTIAL, ReasonCode.VIDEO_STILL, None
    elsewhere = best.changes < settings.copy_agreement or best.motion < settings.copy_motion
    if elsewhere and not heard:
        return Verdict.PARTIAL, ReasonCode.VIDEO_LIKENESS, None
    # A logo or an opening that several films share is a small part of the query, and of most works.
    enough = min(settings.copy_coverage * shown, settings.long_seconds, settings.work_coverage * work_seconds)
    if best.seconds < settings.copy_seconds or candidate.seconds < enough:
        return Verdict.PARTIAL, ReasonCode.VIDEO_SHORT_PART, None
    rival = max((o for o in others if _overlap(o.best, best)), key=lambda o: evidence(o.best), default=None)
    if rival and evidence(rival.best) >= settings.runner_up_ratio * evidence(best):
        return Verdict.PARTIAL, ReasonCode.VIDEO_AMBIGUOUS_SOURCE, rival
    return Verdict.COPY, ReasonCode.VIDEO_COPY, None


def _overlap(one: Stretch, other: Stretch) -> bool:
    """Whether half of the shorter lies in the longer."""
    return 2 * (min(one.end, other.end) - max(one.start, other.start)) >= min(one.seconds, other.seconds)
