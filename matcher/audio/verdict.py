"""Copy, shared part or chance: what the stretches that line up with a work allow us to say.

Evidence grows with the length of a stretch and with its clearness. A line at the work's own speed and pitch is one of
many fewer than one at any speed and pitch, so the latter must also be clear: music in one key and tempo, or a theme
played again, agrees faintly for long or clearly for a moment; only a copy does both. See docs/accuracy.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from config.settings import AudioMatcherSettings
from domain.findings import Verdict
from domain.reasons import ReasonCode
from matcher.audio.agreement import Stretch
from matcher.audio.peaks import FRAMES_PER_SECOND
from matcher.segments.snapshot import Indexed

CLEARLY_MORE = 1.5
"""Times as much evidence as at the work's own speed and pitch, from which another speed or pitch is believed."""
LEAST_CHANCE = 0.05
"""The share that agrees by chance is not taken to be less: of few peaks it is not known better."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered file and the stretches of the query that line up with it, the one with most evidence first."""

    index: int
    """Its number among all registered files."""
    reference: Indexed
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
    """How unlikely so many agreeing peaks are by chance: the log-likelihood ratio (Dunning 1993), in nats."""
    peaks, chance = stretch.peaks, max(LEAST_CHANCE, stretch.chance)
    met, unmet = stretch.agreeing, stretch.peaks - stretch.agreeing
    if met <= chance * peaks:
        return 0.0
    return met * log(met / peaks / chance) + (unmet * log(unmet / peaks / (1 - chance)) if unmet else 0.0)


def likelier(moved: Stretch | None, as_is: Stretch | None) -> Stretch | None:
    """Of the stretches along two nearly equal lines the one to believe; `as_is` has the work's own speed and pitch."""
    if moved is None or as_is is None:
        return moved or as_is
    return moved if evidence(moved) > CLEARLY_MORE * evidence(as_is) else as_is


def counts(stretch: Stretch, settings: AudioMatcherSettings) -> bool:
    """Whether a stretch is worth a person's look."""
    if seconds_of(stretch) < settings.partial_seconds or evidence(stretch) < settings.partial_evidence:
        return False
    return stretch.share >= settings.partial_altered_share or not _moved(stretch)


def judge(
    candidate: Candidate,
    candidates: Sequence[Candidate],
    *,
    sounding: float,
    novel: float,
    settings: AudioMatcherSettings,
) -> tuple[Verdict, ReasonCode, Candidate | None]:
    """The verdict, why, and which of the candidates makes the source uncertain, if one does.

    `sounding` is the seconds of the query in which something is heard; `novel` the frames after which
    the best stretch repeats itself: bars of a short loop may be a loop that others use as well.
    """
    best = candidate.best
    rivals = [other for other in candidates if _rivals(candidate, other, settings.runner_up_ratio)]
    thin = seconds_of(best) < settings.copy_seconds or evidence(best) < settings.copy_evidence
    # A theme played again by the same instruments is a little faster or higher, and agrees by a third.
    thin = thin or (_moved(best) and best.share < settings.altered_share)
    if thin or novel < settings.copy_novel_seconds * FRAMES_PER_SECOND:
        return Verdict.PARTIAL, ReasonCode.AUDIO_THIN, None
    if candidate.seconds < min(settings.long_seconds, settings.copy_coverage * sounding):
        return Verdict.PARTIAL, ReasonCode.AUDIO_SHORT_PART, None
    if rivals:
        return Verdict.PARTIAL, ReasonCode.AUDIO_AMBIGUOUS_SOURCE, max(rivals, key=lambda rival: evidence(rival.best))
    return Verdict.COPY, ReasonCode.AUDIO_COPY, None


def _rivals(candidate: Candidate, other: Candidate, ratio: float) -> bool:
    """Whether another work explains the same stretch too well for the candidate to be its sure source.

    Works of one owner may share a recording: among them it takes one that explains it clearly better.
    """
    own, theirs = evidence(candidate.best), evidence(other.best)
    if other.reference.work_id == candidate.reference.work_id or not _overlap(other.best, candidate.best):
        return False
    return own <= ratio * theirs if other.reference.owner == candidate.reference.owner else theirs >= ratio * own


def _moved(stretch: Stretch) -> bool:
    """Whether it runs at another speed or pitch than the work."""
    return stretch.line.speed != 1 or stretch.line.shift != 0


def _overlap(one: Stretch, other: Stretch) -> bool:
    """Whether half of the shorter lies in the longer."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return 2 * shared >= min(one.end - one.start, other.end - other.start)
