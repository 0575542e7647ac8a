"""The registered sounds, ready to be searched."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from config.settings import AudioMatcherSettings
from domain.findings import Comparison, Span, SpanUnit
from domain.fingerprints import Fingerprint
from domain.reasons import Reason, ReasonCode
from matcher.audio.agreement import Stretch, fitted, repetition, stretch_along
from matcher.audio.pairs import pairs_of
from matcher.audio.payload import unpack
from matcher.audio.peaks import FRAMES_PER_SECOND, Peaks, sounding_seconds
from matcher.audio.verdict import Candidate, counts, evidence, judge
from matcher.audio.voting import Line, best_lines
from matcher.terms import LocalTermIndex
from matcher.worktypes import VERDICT_ORDER, Reference

METHOD = "audio-peaks"
WINDOW = 128
"""Frames of the query voted on together: ten seconds."""
MOST_LINES = 12
"""Files looked at more closely in a window."""
FEWEST_PAIRS = 10
FEWEST_POSTINGS = 200
LEAST_SHARE = 0.08
"""Share of peaks beyond chance from which a stretch runs on."""


class AudioReferences:
    """A `References` of sounds."""

    def __init__(self, references: Sequence[Reference], settings: AudioMatcherSettings) -> None:
        self._references = references
        self._settings = settings
        self._peaks = [unpack(reference.fingerprint)[1] for reference in references]
        self._index = self._make_index()
        # A pair that stands in very many places tells little and costs most; how many that is grows with the register.
        mean = len(self._index) / max(1, self._index.distinct())
        self._max_postings = max(FEWEST_POSTINGS, int(settings.common_pairs * mean))

    def __len__(self) -> int:
        return len(self._references)

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

    def _make_index(self) -> LocalTermIndex:
        each = [(terms, peaks.frames[first]) for peaks in self._peaks for terms, first in [pairs_of(peaks)]]
        owners = np.repeat(np.arange(len(each), dtype=np.uint32), [terms.size for terms, _ in each])
        terms = np.concatenate([terms for terms, _ in each]) if each else np.empty(0, np.uint64)
        frames = np.concatenate([frames for _, frames in each]) if each else np.empty(0, np.uint32)
        return LocalTermIndex.build(terms, owners, frames)

    def _candidates(self, query: Peaks) -> list[Candidate]:
        """The registered files with a stretch that counts."""
        terms, firsts = pairs_of(query)
        frames, pitches = query.frames[firsts].astype(np.int64), query.pitches[firsts].astype(np.float64)
        found: dict[int, list[Stretch]] = {}
        for start, end in _windows(int(query.frames[-1]) + 1 if len(query) else 0):
            part = slice(*np.searchsorted(frames, (start, end)))
            if part.stop - part.start < FEWEST_PAIRS:
                continue
            lines = best_lines(
                self._index, terms[part], frames[part] - start, pitches[part], self._max_postings, MOST_LINES
            )
            for line in lines:
                self._follow(replace(line, offset=line.offset - line.speed * start), query, start, end, found)
        return [
            Candidate(index=index, stretches=tuple(sorted(stretches, key=evidence, reverse=True)))
            for index, stretches in sorted(found.items())
        ]

    def _follow(self, line: Line, query: Peaks, start: int, end: int, found: dict[int, list[Stretch]]) -> None:
        """Add the stretch of a line found from frame `start` to `end`, unless one that is there holds most of it."""
        known = found.get(line.owner, [])
        if any(s.start <= start and s.end >= end for s in known):
            return
        work = self._peaks[line.owner]
        stretch = stretch_along(fitted(line, query, work, start, end), query, work, LEAST_SHARE)
        if stretch is None or not counts(stretch, self._settings):
            return
        rivals = [s for s in known if s.start < stretch.end and stretch.start < s.end]
        if all(evidence(stretch) > evidence(s) for s in rivals):
            found[line.owner] = [*(s for s in known if s not in rivals), stretch]

    def _comparison(
        self, query: Peaks, candidate: Candidate, candidates: Sequence[Candidate], sounding: float
    ) -> Comparison:
        reference = self._references[candidate.index]
        others = [c for c in candidates if self._references[c.index].owner != reference.owner]
        repeated = repetition(candidate.best, query, self._peaks[candidate.index])
        verdict, code, rival = judge(candidate, others, sounding=sounding, repeated=repeated, settings=self._settings)
        values: dict[str, str | int | float] = {"seconds": round(candidate.seconds)}
        if code is ReasonCode.AUDIO_AMBIGUOUS_SOURCE and rival is not None:
            values["other"] = self._references[rival.index].title
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
