"""The registered texts, ready to be searched."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from config.settings import TextMatcherSettings
from domain.findings import Comparison, Span, SpanUnit
from domain.fingerprints import Fingerprint
from domain.reasons import Reason, ReasonCode
from matcher.segments.snapshot import Snapshot
from matcher.text.alignment import WORK, extend
from matcher.text.candidates import Candidate, candidates
from matcher.text.frequency import score_table
from matcher.text.normalise import PLANE, Tokens, tokenise
from matcher.text.payload import text_of
from matcher.text.seeds import hits_of, seeds
from matcher.text.spans import Piece, found_characters, pieces
from matcher.text.storage import Shelf
from matcher.text.verdict import Judgement, judge
from matcher.worktypes import VERDICT_ORDER

I64 = NDArray[np.int64]

METHOD = "text-passages"


class TextReferences:
    """A `References` of texts. The tokens of each segment stand in one array, searched through its seeds."""

    def __init__(self, snapshot: Snapshot, settings: TextMatcherSettings) -> None:
        self._snapshot = snapshot
        self._settings = settings
        self._shelves = [Shelf.of(segment) for segment in snapshot.segments]
        counts = np.zeros(PLANE, np.int64)
        for shelf in self._shelves:
            counts += shelf.counts
        self._scores = score_table(counts)

    def __len__(self) -> int:
        return len(self._snapshot)

    def compare(self, query: Fingerprint) -> Sequence[Comparison]:
        text = text_of(query)
        page = tokenise(text)
        found = self._candidates(page)
        if not found:
            return ()
        lines, weight = _blocks(text, page), page.weight()
        judged = [
            (candidate, judge(candidate.cover, rival.cover if rival else None, lines, weight, self._settings), rival)
            for candidate in found
            for rival in [self._rival(candidate, found)]
        ]
        judged.sort(key=lambda each: (VERDICT_ORDER[each[1].verdict], -each[0].matched, each[0].index))
        best: dict[str, Comparison] = {}
        for candidate, judgement, rival in judged:
            work_id = candidate.reference.work_id
            if work_id not in best:
                best[work_id] = self._comparison(page, candidate, judgement, rival)
        return tuple(best.values())

    def _candidates(self, page: Tokens) -> list[Candidate]:
        terms, positions = seeds(page.ids, self._settings.seed_length, self._settings.seed_density)
        ranges = [shelf.seeds.ranges(terms) for shelf in self._shelves]
        total = np.zeros(terms.size, np.int64)
        for first, last in ranges:
            total += last - first
        if not total.any():
            return []
        rare = total <= self._settings.max_postings
        gains = self._scores[page.ids]
        passages = []
        for shelf, (first, last) in zip(self._shelves, ranges, strict=True):
            hits = hits_of(positions, rare, first, last, shelf.seeds.positions)
            rows = extend(page.ids, gains, shelf.tokens, shelf.bounds, shelf.removed, *hits)
            rows[:, WORK] += shelf.base
            passages.append(rows)
        found = candidates(page, gains, self._shelves, np.concatenate(passages), self._snapshot)
        return sorted(found, key=lambda c: (-c.matched, c.index))

    def _rival(self, candidate: Candidate, found: Sequence[Candidate]) -> Candidate | None:
        """The first (best) candidate of another owner; an owner's works do not compete with each other."""
        others = (c for c in found if c.reference.owner != candidate.reference.owner)
        return next(others, None)

    def _comparison(
        self, page: Tokens, candidate: Candidate, judgement: Judgement, rival: Candidate | None
    ) -> Comparison:
        reference = candidate.reference
        lengths = page.lengths()
        follows = pieces(candidate.cover, lengths)
        values: dict[str, str | int | float] = {"coverage": round(judgement.share, 4)}
        if judgement.code is ReasonCode.TEXT_COPY:
            values = {"coverage": round(min(1.0, judgement.stretch.coverage), 4)}
        if judgement.code is not ReasonCode.TEXT_AMBIGUOUS_SOURCE:
            values["matched"] = found_characters(candidate.cover.marks, lengths)
        elif rival is not None:
            values["other"] = rival.reference.title
        if judgement.code is ReasonCode.TEXT_COPY:
            values["longest"] = max((piece.found for piece in follows), default=0)
        return Comparison(
            work_id=reference.work_id,
            reference=reference.digest,
            similarity=min(1.0, judgement.stretch.coverage),
            verdict=judgement.verdict,
            method=METHOD,
            reason=Reason.of(judgement.code, **values),
            spans=tuple(_span(page, candidate, piece) for piece in follows),
        )


def _span(page: Tokens, candidate: Candidate, piece: Piece) -> Span:
    places = candidate.shelf.places
    query = (int(page.starts[piece.first]), int(page.ends[piece.last]))
    work = (places.place(piece.work_first)[0], places.place(piece.work_last)[1])
    return Span(unit=SpanUnit.CHARACTER, query=query, work=work)


def _blocks(text: str, page: Tokens) -> I64:
    """For each token the number of the line it stands in."""
    codes = np.frombuffer(text.encode("utf-32-le", errors="surrogatepass"), np.uint32)
    return np.searchsorted(np.nonzero(codes == ord("\n"))[0], page.starts)
