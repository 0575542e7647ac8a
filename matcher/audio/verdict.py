"""Copy, shared part or chance: what the stretches that line up with a work allow us to say.

Evidence is agreeing peaks times how far their share exceeds chance: it grows with length and with clearness. Music in
one key and tempo agrees clearly for a second or two, or faintly for long; only a copy does both. See docs/accuracy.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from config.settings import AudioMatcherSettings
from domain.findings import Verdict
from domain.reasons import ReasonCode
from matcher.audio.agreement import Stretch
from matcher.audio.peaks import FRAMES_PER_SECOND

SAME_SPEED, SAME_PITCH = 0.015, 0.5
"""Departures from the work's speed, and in pitch steps from its pitch, within which a line counts as unmoved."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered file and the stretches of the query that line up with it, the one with most evidence first."""

    index: int
    stretches: tuple[Stretch, ...]

    @property
    def best(self) -> Stretch:
        return self.stretches[0]

    @property
    def seconds(self) -> float:
        """Seconds of the query that line up."""
        return sum(seconds_of(stretch) for stretch in self.stretches)


def seconds_of(stretch: Stretch) -> float:
    """How long it is."""
    return (stretch.end - stretch.start) / FRAMES_PER_SECOND


def evidence(stretch: Stretch) -> float:
    """Agreeing peaks times their share beyond chance."""
    return stretch.agreeing * max(0.0, stretch.share)


def counts(stretch: Stretch, settings: AudioMatcherSettings) -> bool:
    """Whether a stretch is worth a person's look."""
    return seconds_of(stretch) >= settings.partial_seconds and evidence(stretch) >= settings.partial_evidence


def judge(
    candidate: Candidate,
    others: Sequence[Candidate],
    *,
    sounding: float,
    repeated: float,
    settings: AudioMatcherSettings,
) -> tuple[Verdict, ReasonCode, Candidate | None]:
    """The verdict, why, and which of `others`, works of other owners, makes the source uncertain, if one does.

    `sounding` is the seconds of the query in which something is heard; `repeated` how well the best stretch fits
    another time of the work: bars that the work repeats may be a loop that others use as well.
    """
    best = candidate.best
    rival = max((o for o in others if _overlap(o.best, best)), key=lambda o: evidence(o.best), default=None)
    thin = seconds_of(best) < settings.copy_seconds or evidence(best) < settings.copy_evidence
    # A theme played again by the same instruments is a little faster or higher, and agrees by half.
    thin = thin or (_moved(best) and best.share < settings.altered_share)
    if thin or repeated > settings.copy_repetition:
        return Verdict.PARTIAL, ReasonCode.AUDIO_THIN, None
    if candidate.seconds < min(settings.long_seconds, settings.copy_coverage * sounding):
        return Verdict.PARTIAL, ReasonCode.AUDIO_SHORT_PART, None
    if rival and evidence(rival.best) >= settings.runner_up_ratio * evidence(best):
        return Verdict.PARTIAL, ReasonCode.AUDIO_AMBIGUOUS_SOURCE, rival
    return Verdict.COPY, ReasonCode.AUDIO_COPY, None


def _moved(stretch: Stretch) -> bool:
    """Whether it runs at another speed or pitch than the work."""
    return abs(stretch.line.speed - 1) > SAME_SPEED or abs(stretch.line.shift) > SAME_PITCH


def _overlap(one: Stretch, other: Stretch) -> bool:
    """Whether half of the shorter lies in the longer."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return 2 * shared >= min(one.end - one.start, other.end - other.start)
