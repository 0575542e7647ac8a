"""The registered sounds, ready to be searched."""

from collections.abc import Sequence

from config.settings import AudioMatcherSettings
from domain.findings import Comparison, Span, SpanUnit
from domain.fingerprints import Fingerprint
from domain.reasons import Reason, ReasonCode
from matcher.audio.agreement import Stretch, fitted, novelty, stretch_along, unmoved
from matcher.audio.pairs import pairs_of
from matcher.audio.payload import unpack
from matcher.audio.peaks import FRAMES_PER_SECOND, Peaks, sounding_seconds
from matcher.audio.storage import PAIRS, StoredPeaks
from matcher.audio.verdict import Candidate, counts, evidence, judge, likelier
from matcher.audio.voting import Line, best_lines
from matcher.segments.snapshot import Snapshot
from matcher.segments.terms import SegmentedTerms
from matcher.worktypes import VERDICT_ORDER

METHOD = "audio-peaks"
WINDOW = 128
"""Frames of the query voted on together: ten seconds."""
MOST_LINES = 12
"""Files looked at more closely in a window."""
FEWEST_PAIRS = 10
QUERY_PARTNERS = 20
"""Peaks that each peak of a query is paired with: more than in a work, as a query has more in as long."""
FEWEST_POSTINGS = 200
VOCABULARY = 100_000
"""About as many different pairs as music holds: 95,505 in 168 minutes of it, and hardly more in more."""
LEAST_SHARE = 0.08
"""Share of peaks beyond chance from which a stretch runs on."""


class AudioReferences:
    """A `References` of sounds."""

    def __init__(self, snapshot: Snapshot, settings: AudioMatcherSettings) -> None:
        self._snapshot = snapshot
        self._settings = settings
        self._peaks = StoredPeaks(snapshot)
        self._index = SegmentedTerms(snapshot, PAIRS)
        # A pair that stands in very many places tells little and costs most; how many that is grows with the register.
        mean = len(self._index) / VOCABULARY
        self._max_postings = max(FEWEST_POSTINGS, int(settings.common_pairs * mean))

    def __len__(self) -> int:
        return len(self._snapshot)

    def compare(self, query: Fingerprint) -> Sequence[Comparison]:
        peaks = unpack(query)[1]
        candidates = self._candidates(peaks)
        sounding = sounding_seconds(peaks)
        best: dict[str, tuple[int, float, Comparison]] = {}
        for candidate in candidates:
            comparison = self._comparison(peaks, candidate, candidates, sounding)
            rank = (VERDICT_ORDER[comparison.verdict], -evidence(candidate.best))
            known = best.get(comparison.work_id)
            if known is None or rank < known[:2]:
                best[comparison.work_id] = (*rank, comparison)
        return tuple(comparison for _, _, comparison in sorted(best.values(), key=lambda each: each[:2]))

    def _candidates(self, query: Peaks) -> list[Candidate]:
        """The registered files with a stretch that counts."""
        pairs = pairs_of(query, QUERY_PARTNERS)
        found: dict[int, list[Stretch]] = {}
        for start, end in _windows(int(query.frames[-1]) + 1 if len(query) else 0):
            part = pairs.within(start, end)
            if len(part) < FEWEST_PAIRS:
                continue
            for line in best_lines(self._index, part, self._max_postings, MOST_LINES):
                self._follow(line, query, start, end, found)
        return [
            Candidate(
                index=index,
                reference=self._snapshot.reference(index),
                stretches=tuple(sorted(stretches, key=evidence, reverse=True)),
            )
            for index, stretches in sorted(found.items())
        ]

    def _follow(self, line: Line, query: Peaks, start: int, end: int, found: dict[int, list[Stretch]]) -> None:
        """Add the stretch of a line found from frame `start` to `end`, unless one that is there holds most of it."""
        known = found.get(line.owner, [])
        if any(s.start <= start and s.end >= end for s in known):
            return
        work = self._peaks[line.owner]
        line = fitted(line, query, work, start, end)
        stretch = stretch_along(line, query, work, LEAST_SHARE)
        if as_is := unmoved(line, (start + end) / 2):
            stretch = likelier(stretch, stretch_along(as_is, query, work, LEAST_SHARE))
        if stretch is None or not counts(stretch, self._settings):
            return
        rivals = [s for s in known if s.start < stretch.end and stretch.start < s.end]
        if all(evidence(stretch) > evidence(s) for s in rivals):
            found[line.owner] = [*(s for s in known if s not in rivals), stretch]

    def _comparison(
        self, query: Peaks, candidate: Candidate, candidates: Sequence[Candidate], sounding: float
    ) -> Comparison:
        reference = candidate.reference
        verdict, code, rival = judge(
            candidate,
            candidates,
            sounding=sounding,
            novel=novelty(candidate.best, query, self._peaks[candidate.index], self._settings.copy_repetition),
            settings=self._settings,
        )
        values: dict[str, str | int | float] = {"seconds": round(candidate.seconds)}
        if code is ReasonCode.AUDIO_AMBIGUOUS_SOURCE and rival is not None:
            values["other"] = rival.reference.title
        else:
            values["share"] = round(candidate.best.agreeing / max(1, candidate.best.peaks), 2)
        return Comparison(
            work_id=reference.work_id,
            reference=reference.digest,
            similarity=min(1.0, candidate.seconds / max(1.0, sounding)),
            verdict=verdict,
            method=METHOD,
            reason=Reason.of(code, **values),
            spans=tuple(_span(stretch) for stretch in sorted(candidate.stretches, key=lambda s: s.start)),
        )


def _windows(frames: int) -> list[tuple[int, int]]:
    """Windows over a query of so many frames, the last one up to half as long again."""
    starts = range(0, max(1, frames - WINDOW // 2), WINDOW)
    return [(start, frames if start == starts[-1] else start + WINDOW) for start in starts]


def _span(stretch: Stretch) -> Span:
    line = stretch.line
    work = [max(0.0, line.speed * frame + line.offset) for frame in (stretch.start, stretch.end)]
    query = [float(stretch.start), float(stretch.end)]
    seconds = [tuple(round(frame / FRAMES_PER_SECOND, 2) for frame in frames) for frames in (query, work)]
    return Span(unit=SpanUnit.SECOND, query=seconds[0], work=seconds[1])
