"""The registered texts, ready to be searched."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from config.settings import TextMatcherSettings
from domain.findings import Comparison, Span, SpanUnit
from domain.fingerprints import Fingerprint
from domain.ids import digest_of
from domain.reasons import Reason, ReasonCode
from matcher.terms import LocalTermIndex, open_or_build
from matcher.text.alignment import PAGE_START, PRIMARY, SCORE, WORK, Cover, chosen, cover, extend
from matcher.text.frequency import score_table
from matcher.text.normalise import Tokens, tokenise
from matcher.text.payload import text_of
from matcher.text.seeds import seeds
from matcher.text.verdict import Judgement, judge
from matcher.worktypes import VERDICT_ORDER, Reference

U8 = NDArray[np.uint8]
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
    cover: Cover
    matched: int


class TextReferences:
    """A `References` of texts. All works' tokens stand in one array, searched through the term index."""

    def __init__(self, references: Sequence[Reference], settings: TextMatcherSettings, cache: Path) -> None:
        self._references = references
        self._settings = settings
        self._tokens = [tokenise(text_of(reference.fingerprint)) for reference in references]
        sizes = [len(tokens) for tokens in self._tokens]
        self._bounds = np.concatenate(([0], np.cumsum(sizes))).astype(np.uint32)
        self._text = np.concatenate([t.ids for t in self._tokens]) if self._tokens else np.empty(0, np.uint16)
        self._scores = score_table(self._text)
        self._index = self._open_index(cache)

    def __len__(self) -> int:
        return len(self._references)

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
            work_id = self._references[candidate.index].work_id
            if work_id not in best:
                best[work_id] = self._comparison(page, candidate, judgement, rival)
        return tuple(best.values())

    def _open_index(self, cache: Path) -> LocalTermIndex:
        """The term index of these texts, named by what it was made of."""
        made_of = "\n".join(reference.fingerprint.digest for reference in self._references)
        name = digest_of(f"{self._settings.seed_length} {self._settings.seed_density}\n{made_of}".encode())
        return open_or_build(cache / name, self._make_index)

    def _make_index(self) -> LocalTermIndex:
        each = [seeds(t.ids, self._settings.seed_length, self._settings.seed_density) for t in self._tokens]
        terms = np.concatenate([t for t, _ in each]) if each else np.empty(0, np.uint64)
        owners = np.repeat(np.arange(len(each), dtype=np.uint32), [t.size for t, _ in each])
        offsets = np.repeat(self._bounds[:-1], [t.size for t, _ in each])
        places = (np.concatenate([p for _, p in each]) if each else np.empty(0, np.uint32)) + offsets
        return LocalTermIndex.build(terms, owners, places.astype(np.uint32))

    def _candidates(self, page: Tokens) -> list[Candidate]:
        terms, positions = seeds(page.ids, self._settings.seed_length, self._settings.seed_density)
        hits = self._index.lookup(terms, self._settings.max_postings)
        if not hits.query.size:
            return []
        passages = extend(
            page.ids, self._text, self._bounds, self._scores, positions[hits.query], hits.owner, hits.position
        )
        indexes = np.unique(passages[passages[:, SCORE] >= PRIMARY, WORK]).astype(int)
        found = [self._candidate(page, passages, int(index)) for index in indexes]
        return sorted(found, key=lambda c: (-c.matched, c.index))[:MOST_WORKS]

    def _candidate(self, page: Tokens, passages: NDArray[np.float64], index: int) -> Candidate:
        own = passages[passages[:, WORK] == index]
        own = own[chosen(own)]
        own = own[np.argsort(own[:, PAGE_START], kind="stable")]
        long_columns = max(1, min(LONG_PASSAGE, len(page) // 3))
        made = Cover(*cover(page.ids, self._text, own, long_columns))
        return Candidate(index=index, cover=made, matched=int(made.matched.sum()))

    def _rival(self, candidate: Candidate, candidates: Sequence[Candidate]) -> Candidate | None:
        """The best candidate of another owner; an owner's works do not compete with each other."""
        owner = self._references[candidate.index].owner
        others = (c for c in candidates if self._references[c.index].owner != owner)
        return max(others, key=lambda c: c.matched, default=None)

    def _comparison(
        self, page: Tokens, candidate: Candidate, judgement: Judgement, rival: Candidate | None
    ) -> Comparison:
        reference = self._references[candidate.index]
        spans = self._spans(page, candidate)
        found = _found_characters(page, candidate.cover)
        values: dict[str, str | int | float] = {"coverage": round(judgement.share, 4)}
        if judgement.code is ReasonCode.TEXT_COPY:
            values = {"coverage": round(min(1.0, judgement.stretch.coverage), 4)}
        if judgement.code is not ReasonCode.TEXT_AMBIGUOUS_SOURCE:
            values["matched"] = int(found[-1])
        elif rival is not None:
            values["other"] = self._references[rival.index].title
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
        partner, base = candidate.cover.partner, int(self._bounds[candidate.index])
        work = self._tokens[candidate.index]
        inside = np.nonzero(partner >= 0)[0]
        if not inside.size:
            return []
        follows = (np.diff(inside) <= 20) & (np.abs(np.diff(partner[inside])) <= 40) & (np.diff(partner[inside]) >= 0)
        pieces = np.split(inside, np.nonzero(~follows)[0] + 1)
        long = sorted((p for p in pieces if p.size >= SHORTEST_SPAN), key=len, reverse=True)[:MOST_SPANS]
        spans = []
        for piece in sorted(long, key=lambda p: int(p[0])):
            first, last = int(partner[piece[0]]) - base, int(partner[piece[-1]]) - base
            query = (int(page.starts[piece[0]]), int(page.ends[piece[-1]]))
            spans.append(
                Span(unit=SpanUnit.CHARACTER, query=query, work=(int(work.starts[first]), int(work.ends[last])))
            )
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
