"""Aligned passages of two texts, cut out for reading side by side."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from domain.findings import Span, SpanUnit

CONTEXT = 60
"""Characters shown before and after a passage."""
GAP = 160
"""Spans that are no farther apart than this, on both sides, are read as one passage."""
LONGEST = 1600
"""Characters of one span shown; of a longer one the middle is left out."""
KEPT_END = 300
ROW_GAP = 20
"""Spans farther apart than this, or on different lines, stand in different rows."""
LONGEST_PASSAGE = 4000
"""Characters after which a new passage begins, however near the next span is."""
MOST_PASSAGES = 40
STRIP = 1000
"""Width of a whole text in the overview."""

EMPTY_LINES = re.compile(r"\s*\n\s*")

Range = tuple[int, int]
Aligned = tuple[Range, Range]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters; `omitted` counts those left out in its place."""

    text: str
    matched: bool = False
    omitted: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """What stands side by side."""

    page: tuple[Piece, ...]
    work: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """The same passage on the page and in the work."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """Where the passages lie in a text: (start, width) of each, out of `STRIP`."""

    marks: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextComparison:
    """Everything the page of a text finding shows of its comparison."""

    passages: tuple[Passage, ...]
    more: int
    """Passages that are not shown."""
    page_strip: Strip
    work_strip: Strip


def compare_texts(spans: Sequence[Span], page: str, work: str) -> TextComparison:
    """Cut the aligned passages out of both texts. Spans that point outside a text are clipped to it."""
    aligned = sorted(_aligned(spans, page, work))
    groups = list(_grouped(aligned))
    shown = tuple(Passage(rows=tuple(_rows(group, page, work))) for group in islice(groups, MOST_PASSAGES))
    return TextComparison(
        passages=shown,
        more=len(groups) - len(shown),
        page_strip=_strip([q for q, _ in aligned], len(page)),
        work_strip=_strip([w for _, w in aligned], len(work)),
    )


def _aligned(spans: Sequence[Span], page: str, work: str) -> Iterator[Aligned]:
    for span in spans:
        if span.unit is SpanUnit.CHARACTER:
            query, reference = _clip(span.query, len(page)), _clip(span.work, len(work))
            if query[0] < query[1] and reference[0] < reference[1]:
                yield query, reference


def _clip(given: tuple[float | str, ...], length: int) -> Range:
    start, end = (min(max(int(value), 0), length) for value in given)
    return start, end


def _grouped(aligned: Sequence[Aligned]) -> Iterator[list[Aligned]]:
    group: list[Aligned] = []
    for query, work in aligned:
        if group:
            last_query, last_work = group[-1]
            near = 0 <= query[0] - last_query[1] <= GAP and 0 <= work[0] - last_work[1] <= GAP
            if not near or last_query[1] - group[0][0][0] > LONGEST_PASSAGE:
                yield group
                group = []
        group.append((query, work))
    if group:
        yield group


def _rows(group: Sequence[Aligned], page: str, work: str) -> Iterator[Row]:
    """The first row begins, and the last one ends, with what surrounds the passage."""
    page_at, work_at = (max(0, start - CONTEXT) for start, _ in group[0])
    row: list[Aligned] = []
    for this, following in zip(group, [*group[1:], None], strict=True):
        row.append(this)
        (_, page_end), (_, work_end) = this
        if following is None:
            page_end, work_end = page_end + CONTEXT, work_end + CONTEXT
        elif not _apart(page[page_end : following[0][0]]) and not _apart(work[work_end : following[1][0]]):
            continue
        yield Row(
            page=_pieces(page, [query for query, _ in row], page_at, page_end),
            work=_pieces(work, [reference for _, reference in row], work_at, work_end),
        )
        row, page_at, work_at = [], page_end, work_end


def _apart(gap: str) -> bool:
    return len(gap) > ROW_GAP or "\n" in gap


def _pieces(text: str, ranges: Sequence[Range], start: int, end: int) -> tuple[Piece, ...]:
    first, last = ranges[0][0], ranges[-1][1]
    pieces = [Piece(_tidy(text[start:first]).lstrip("\n"))]
    for begin, stop in ranges:
        pieces += [Piece(_tidy(text[first:begin])), *_folded(text[begin:stop])]
        first = stop
    pieces.append(Piece(_tidy(text[last:end]).rstrip("\n")))
    return tuple(piece for piece in pieces if piece.text or piece.omitted)


def _tidy(text: str) -> str:
    """Without empty lines, of which the two sides seldom have the same."""
    return EMPTY_LINES.sub("\n", text)


def _folded(text: str) -> tuple[Piece, ...]:
    if len(text) <= LONGEST:
        return (Piece(_tidy(text), matched=True),)
    left_out = Piece("", omitted=len(text) - LONGEST)
    head, tail = (_tidy(part) for part in (text[: LONGEST - KEPT_END], text[-KEPT_END:]))
    return Piece(head, matched=True), left_out, Piece(tail, matched=True)


def _strip(ranges: Sequence[Range], length: int) -> Strip:
    """Neighbouring marks that would touch are drawn as one, so their number is bounded by the strip's width."""
    marks: list[tuple[float, float]] = []
    for start, end in sorted(ranges):
        left, right = start * STRIP / length, end * STRIP / length
        if marks and left - sum(marks[-1]) < 1:
            before = marks[-1][0]
            marks[-1] = (before, max(sum(marks[-1]), right) - before)
        else:
            marks.append((left, right - left))
    return Strip(tuple((round(left, 1), round(max(width, 1.0), 1)) for left, width in marks))
