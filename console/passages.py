"""Aligned passages of two texts, cut out for reading side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from console.differences import Range
from console.pieces import Piece, compared, tidy
from domain.findings import Span, SpanUnit

CONTEXT = 60
"""Characters shown before and after a passage."""
GAP = 160
"""Spans that are no farther apart than this, on both sides, are read as one passage."""
ROW_GAP = 20
"""Spans farther apart than this, or on different lines, stand in different rows."""
LONGEST_PASSAGE = 4000
"""Characters after which a new passage begins, however near the next span is."""
MOST_PASSAGES = 40
STRIP = 1000
"""Width of a whole text in the overview."""

Aligned = tuple[Range, Range]


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
        sides = [compared(page[slice(*query)], work[slice(*reference)]) for query, reference in row]
        yield Row(
            page=_filled(page, (page_at, page_end), [query for query, _ in row], [ours for ours, _ in sides]),
            work=_filled(work, (work_at, work_end), [part for _, part in row], [theirs for _, theirs in sides]),
        )
        row, page_at, work_at = [], page_end, work_end


def _apart(gap: str) -> bool:
    return len(gap) > ROW_GAP or "\n" in gap


def _filled(text: str, whole: Range, spans: Sequence[Range], made: Sequence[list[Piece]]) -> tuple[Piece, ...]:
    """The part `whole` of a text, with what was made of each span in its place."""
    at, end = whole
    pieces = []
    for (begin, stop), inner in zip(spans, made, strict=True):
        pieces += [Piece(tidy(text[at:begin])), *inner]
        at = stop
    # Between rows there is an empty line already.
    first, last = replace(pieces[0], text=pieces[0].text.lstrip("\n")), Piece(tidy(text[at:end]).rstrip("\n"))
    return tuple(piece for piece in (first, *pieces[1:], last) if piece.text or piece.omitted)


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
