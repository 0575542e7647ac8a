"""What is the same on both sides of an aligned passage, as the matcher sees it: by tokens of normalised text."""

from collections import Counter
from difflib import SequenceMatcher

from matcher.text.normalise import Tokens, tokenise

Range = tuple[int, int]
FEWEST = 2
"""Tokens in a run; single ones that happen to be in both sides say nothing."""
MOST_PAIRS = 150_000
"""Pairs of equal tokens up to which two texts are compared; endless repetition would take too long."""


def same_runs(page: str, work: str) -> list[tuple[Range, Range]]:
    """Runs of characters that are the same on both sides, in order; both texts whole where nothing can be told."""
    ours, theirs = tokenise(page), tokenise(work)
    left, right = ours.ids.tolist(), theirs.ids.tolist()
    often = Counter(right)
    runs = []
    if sum(often[token] for token in left) <= MOST_PAIRS:
        blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
        runs = [_extended(page, work, _run(ours, i, n), _run(theirs, j, n)) for i, j, n in blocks if n >= FEWEST]
    return runs or [((0, len(page)), (0, len(work)))]


def _run(tokens: Tokens, first: int, count: int) -> Range:
    return int(tokens.starts[first]), int(tokens.ends[first + count - 1])


def _extended(page: str, work: str, ours: Range, theirs: Range) -> tuple[Range, Range]:
    """Punctuation after a run belongs to it where it is the same; tokens hold none."""
    (begin, end), (start, stop) = ours, theirs
    while end < len(page) and stop < len(work) and page[end] == work[stop] and not page[end].isalnum():
        end, stop = end + 1, stop + 1
    return (begin, end), (start, stop)
