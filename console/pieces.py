"""Texts cut into pieces for reading: what is the same on both sides, what differs, and what was left out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from console.differences import Range, same_runs

LONGEST = 1600
"""Characters of one span shown; of a longer one the middle is left out."""
KEPT_END = 300
EMPTY_LINES = re.compile(r"\s*\n\s*")


class Kind(StrEnum):
    """What a piece of a text is: around the passage, or in it and the same on both sides, or different."""

    AROUND = "around"
    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters; `omitted` counts those left out in its place."""

    text: str
    kind: Kind = Kind.AROUND
    omitted: int = 0


def compared(page: str, work: str) -> tuple[list[Piece], list[Piece]]:
    """Both sides of a span. Of a long one the middle is left out, between runs that are the same on both sides."""
    if max(len(page), len(work)) <= LONGEST:
        runs = same_runs(page, work)
        return _marked(page, [ours for ours, _ in runs]), _marked(work, [theirs for _, theirs in runs])
    page_cut, work_cut = _cut(page), _cut(work)
    heads = same_runs(page[: page_cut[0]], work[: work_cut[0]])
    tails = same_runs(page[page_cut[1] :], work[work_cut[1] :])
    return (
        _folded(page, [ours for ours, _ in heads], [ours for ours, _ in tails], page_cut[1]),
        _folded(work, [theirs for _, theirs in heads], [theirs for _, theirs in tails], work_cut[1]),
    )


def _cut(text: str) -> Range:
    """Where the head of a long text ends and its tail begins."""
    return max(0, min(LONGEST, len(text)) - KEPT_END), max(0, len(text) - KEPT_END)


def _folded(text: str, head: Sequence[Range], tail: Sequence[Range], shift: int) -> list[Piece]:
    stop, first = head[-1][1], tail[0][0]
    resume = shift + first
    shifted = [(begin - first, end - first) for begin, end in tail]
    return [*_marked(text[:stop], head), Piece("", omitted=resume - stop), *_marked(text[resume:], shifted)]


def _marked(text: str, runs: Sequence[Range]) -> list[Piece]:
    pieces, at = [], 0
    for begin, end in runs:
        pieces += [Piece(tidy(text[at:begin]), Kind.DIFFERENT), Piece(tidy(text[begin:end]), Kind.SAME)]
        at = end
    return [*pieces, Piece(tidy(text[at:]), Kind.DIFFERENT)]


def tidy(text: str) -> str:
    """Without empty lines, of which the two sides seldom have the same."""
    return EMPTY_LINES.sub("\n", text)
