"""The registered texts, ready to be searched."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from config.settings import TextMatcherSettings
from domain.findings import Comparison, Span, SpanUnit
from domain.fingerprints import Fingerprint
from domain.reasons import Reason, ReasonCode
from matcher.segments.snapshot import Indexed, Snapshot
from matcher.terms import rows_of
from matcher.text.alignment import PAGE_START, PRIMARY, SCORE, WORK, Cover, chosen, cover, extend
from matcher.text.frequency import score_table
from matcher.text.normalise import PLANE, Tokens, tokenise
from matcher.text.payload import text_of
from matcher.text.seeds import seeds
from matcher.text.storage import Shelf
from matcher.text.verdict import Judgement, judge
from matcher.worktypes import VERDICT_ORDER

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
I64 = NDArray[np.int64]

MOST_WORKS = 50
"""Works judged on one page, those with the most matched text first."""
MOST_SPANS = 200
SHORTEST_SPAN = 12
LONG_PASSAGE = 45
METHOD = "text-passages"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered text that a page shares a passage with."""

    index: int
    """Its number among all registered texts."""
    reference: Indexed
    shelf: Shelf
    cover: Cover
    matched: int


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
        candidates = self._candidates(page)
        if not candidates:
            return ()
        block_of = _blocks(text, page)
        judged = [
            (candidate, judge(candidate.cover, block_of, rival.cover.matched if rival else None, self._settings), rival)
            for candidate in candidates
            for rival in [self._rival(candidate, candidates)]
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
        rare = total <= self._settings.max_postings
        found: list[Candidate] = []
        for shelf, (first, last) in zip(self._shelves, ranges, strict=True):
            asked, rows = rows_of(first, np.where(rare, last, first))
            if rows.size:
                found += self._candidates_on(shelf, page, positions[asked], shelf.seeds.positions[rows])
        return sorted(found, key=lambda c: (-c.matched, c.index))[:MOST_WORKS]

    def _candidates_on(self, shelf: Shelf, page: Tokens, asked: U32, places: U32) -> list[Candidate]:
        """The texts of one segment that share passages with a page, from seeds in both."""
        owners = (np.searchsorted(shelf.bounds, places, side="right") - 1).astype(np.uint32)
        there = ~shelf.removed[owners]
        passages = extend(
            page.ids, shelf.tokens, shelf.bounds, self._scores, asked[there], owners[there], places[there]
        )
        rows = np.unique(passages[passages[:, SCORE] >= PRIMARY, WORK]).astype(int)
        return [self._candidate(shelf, page, passages, int(row)) for row in rows]

    def _candidate(self, shelf: Shelf, page: Tokens, passages: NDArray[np.float64], row: int) -> Candidate:
        own = passages[passages[:, WORK] == row]
        own = own[chosen(own)]
        own = own[np.argsort(own[:, PAGE_START], kind="stable")]
        long_columns = max(1, min(LONG_PASSAGE, len(page) // 3))
        made = Cover(*cover(page.ids, shelf.tokens, own, long_columns))
        index = shelf.base + row
        reference = self._snapshot.reference(index)
        return Candidate(index=index, reference=reference, shelf=shelf, cover=made, matched=int(made.matched.sum()))

    def _rival(self, candidate: Candidate, candidates: Sequence[Candidate]) -> Candidate | None:
        """The best candidate of another owner; an owner's works do not compete with each other."""
        others = (c for c in candidates if c.reference.owner != candidate.reference.owner)
        return max(others, key=lambda c: c.matched, default=None)

    def _comparison(
        self, page: Tokens, candidate: Candidate, judgement: Judgement, rival: Candidate | None
    ) -> Comparison:
        reference = candidate.reference
        spans = self._spans(page, candidate)
        found = _found_characters(page, candidate.cover)
        values: dict[str, str | int | float] = {"coverage": round(judgement.share, 4)}
        if judgement.code is ReasonCode.TEXT_COPY:
            values = {"coverage": round(min(1.0, judgement.stretch.coverage), 4)}
        if judgement.code is not ReasonCode.TEXT_AMBIGUOUS_SOURCE:
            values["matched"] = int(found[-1])
        elif rival is not None:
            values["other"] = rival.reference.title
        if judgement.code is ReasonCode.TEXT_COPY:
            values["longest"] = max((_within(page, found, span) for span in spans), default=0)
        return Comparison(
            work_id=reference.work_id,
            reference=reference.digest,
            similarity=min(1.0, judgement.stretch.coverage),
            verdict=judgement.verdict,
            method=METHOD,
            reason=Reason.of(judgement.code, **values),
            spans=tuple(spans),
        )

    def _spans(self, page: Tokens, candidate: Candidate) -> list[Span]:
        """The passages, merged where they follow each other, longest first kept, in page order."""
        partner, places = candidate.cover.partner, candidate.shelf.places
        inside = np.nonzero(partner >= 0)[0]
        if not inside.size:
            return []
        follows = (np.diff(inside) <= 20) & (np.abs(np.diff(partner[inside])) <= 40) & (np.diff(partner[inside]) >= 0)
        pieces = np.split(inside, np.nonzero(~follows)[0] + 1)
        long = sorted((p for p in pieces if p.size >= SHORTEST_SPAN), key=len, reverse=True)[:MOST_SPANS]
        spans = []
        for piece in sorted(long, key=lambda p: int(p[0])):
            query = (int(page.starts[piece[0]]), int(page.ends[piece[-1]]))
            work = (places.place(int(partner[piece[0]]))[0], places.place(int(partner[piece[-1]]))[1])
            spans.append(Span(unit=SpanUnit.CHARACTER, query=query, work=work))
        return spans


def _found_characters(page: Tokens, made: Cover) -> I64:
    """For each token, and for the end, how many characters of words found again stand before it."""
    lengths = np.where(made.matched == 1, page.ends.astype(np.int64) - page.starts, 0)
    return np.concatenate(([0], np.cumsum(lengths)))


def _within(page: Tokens, found: I64, span: Span) -> int:
    first, last = np.searchsorted(page.starts, span.query[0]), np.searchsorted(page.ends, span.query[1], side="right")
    return int(found[last] - found[first])


def _blocks(text: str, page: Tokens) -> I64:
    """For each token the number of the line it stands in."""
    ends = np.array([i for i, c in enumerate(text) if c == "\n"], np.int64)
    return np.searchsorted(ends, page.starts.astype(np.int64))
