"""Copy, shared source or quotation: what the passages of a page allow us to say.

The rule was measured on all windows of books that were not registered but quote and retell registered ones: evidence in
absolute terms accuses falsely there, coverage of the page's own running text does not. See docs/accuracy.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from config.settings import TextMatcherSettings
from domain.findings import Verdict
from domain.reasons import ReasonCode
from matcher.text.alignment import Cover

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]

LONG_ENOUGH_FOR_INSERTIONS = 350
"""Tokens from which a page may be a copy although much was put in between: the work's side is nearly complete then."""
INSERTIONS_COVERAGE = 0.90
WORK_COMPLETE = 0.85
SPAN_SHARE = 0.4
JUMP = 100
"""Tokens of the work that may be left out between two passages before it counts as a jump."""
LONG_WINDOW = 500
SHORT_WINDOW_SHARE = 0.85
"""Share of a page that a stretch shorter than LONG_WINDOW must make up: a review may quote half of what it says."""
SHORT_PAGE_SHARE = 0.5
"""Share of all words of a page, its short lines included, that less than LONG_WINDOW of a work must make up: among
recipes, verses or remarks of a line each, a passage is a quotation however well it follows the work."""
SHORT_BLOCK = 25
"""An uncovered line shorter than this is navigation, an advert or a heading, and counts as no text."""
RUNNING_BLOCK = 40
"""An uncovered line at least this long is other running text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A run of a page's tokens, measured against one work. All shares are 0 to 1."""

    start: int
    end: int
    length: int
    """Tokens that count as running text."""
    coverage: float
    identity: float
    density: float
    completeness: float
    """Matched share of the work between the first and the last passage; 0 when that is too short to say."""
    matched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is to be said of one work, and the stretch it rests on."""

    verdict: Verdict
    code: ReasonCode
    stretch: Stretch
    share: float
    """Coverage of all running text of the page."""


def counting_tokens(cover: Cover, block_of: I64) -> NDArray[np.bool_]:
    """Which tokens count as running text: all but those of short lines that nothing covers."""
    blocks = int(block_of[-1]) + 1 if block_of.size else 0
    sizes = np.bincount(block_of, minlength=blocks)
    covered = np.bincount(block_of, weights=cover.covered, minlength=blocks)
    return np.asarray(~((sizes < SHORT_BLOCK) & (covered == 0))[block_of])


def measure(cover: Cover, counts: NDArray[np.bool_], start: int, end: int) -> Stretch:
    """The figures of the page's tokens from `start` to `end`."""
    part = slice(start, end)
    length = max(1, int(counts[part].sum()))
    columns = int(cover.columns[part].sum())
    matched = int(cover.matched[part].sum())
    span = _work_span(cover.partner[part])
    inside = int((cover.matched[part] & cover.columns[part]).sum())
    return Stretch(
        start=start,
        end=end,
        length=length,
        coverage=int(cover.covered[part].sum()) / length,
        identity=inside / columns if columns else 0.0,
        density=int(cover.dense[part].sum()) / length,
        completeness=matched / span if span >= SPAN_SHARE * length else 0.0,
        matched=matched,
    )


def _work_span(partner: I64) -> int:
    """Tokens of the work that the passages run over, with the short gaps between them; long jumps are left out."""
    aligned = np.sort(partner[partner >= 0])
    steps = np.diff(aligned)
    return int(steps[steps <= JUMP].sum()) + 1 if aligned.size else 0


def densest(cover: Cover, counts: NDArray[np.bool_]) -> tuple[int, int]:
    """The run of tokens with the greatest surplus of covered over uncovered ones (Kadane's algorithm)."""
    gain = np.where(cover.covered == 1, 1, np.where(counts, -1, 0))
    total = np.concatenate(([0], np.cumsum(gain)))
    lowest = np.minimum.accumulate(total)
    end = int(np.argmax(total - lowest))
    start = int(np.argmin(total[: end + 1]))
    return start, end


def is_copy(stretch: Stretch, settings: TextMatcherSettings) -> bool:
    """Whether a stretch follows the work closely enough to be called a copy."""
    if stretch.length < settings.minimum_characters:
        return False
    if stretch.coverage < settings.copy_coverage or stretch.identity < settings.copy_identity:
        return False
    with_insertions = (
        stretch.length >= LONG_ENOUGH_FOR_INSERTIONS
        and stretch.coverage >= INSERTIONS_COVERAGE
        and stretch.completeness >= WORK_COMPLETE
    )
    return stretch.density >= settings.copy_density or with_insertions


def judge(cover: Cover, block_of: I64, rival_matched: U8 | None, settings: TextMatcherSettings) -> Judgement:
    """The verdict on one work. `rival_matched` is the `matched` array of the best work of another owner."""
    counts = counting_tokens(cover, block_of)
    whole = measure(cover, counts, 0, counts.size)
    start, end = densest(cover, counts)
    window = measure(cover, counts, start, end)
    page_share = window.length / (window.length + _other_running_text(cover, block_of, start, end))
    needed = settings.page_share if window.length >= LONG_WINDOW else SHORT_WINDOW_SHARE
    fills = whole.length >= LONG_WINDOW or int(cover.covered.sum()) >= SHORT_PAGE_SHARE * counts.size
    for stretch, enough in ((whole, fills), (window, fills and page_share >= needed)):
        if enough and is_copy(stretch, settings):
            rival = int(rival_matched[stretch.start : stretch.end].sum()) if rival_matched is not None else 0
            if rival > settings.runner_up_ratio * stretch.matched:
                return _judgement(Verdict.PARTIAL, ReasonCode.TEXT_AMBIGUOUS_SOURCE, stretch, whole)
            return _judgement(Verdict.COPY, ReasonCode.TEXT_COPY, stretch, whole)
    if whole.length >= settings.minimum_characters and whole.coverage >= settings.partial_coverage:
        return _judgement(Verdict.PARTIAL, ReasonCode.TEXT_SHARED_SOURCE, whole, whole)
    if window.matched >= settings.long_extract_characters and is_copy(window, settings):
        return _judgement(Verdict.PARTIAL, ReasonCode.TEXT_LONG_EXTRACT, window, whole)
    return _judgement(Verdict.QUOTATION, ReasonCode.TEXT_QUOTATION, whole, whole)


def _judgement(verdict: Verdict, code: ReasonCode, stretch: Stretch, whole: Stretch) -> Judgement:
    return Judgement(verdict=verdict, code=code, stretch=stretch, share=min(1.0, whole.coverage))


def _other_running_text(cover: Cover, block_of: I64, start: int, end: int) -> int:
    """Uncovered tokens outside a window, in lines that are running text or that the window reaches into."""
    blocks = int(block_of[-1]) + 1 if block_of.size else 0
    inside = np.zeros(block_of.size, bool)
    inside[start:end] = True
    running = np.bincount(block_of, minlength=blocks) >= RUNNING_BLOCK
    running |= np.bincount(block_of, weights=inside, minlength=blocks) > 0
    return int((running[block_of] & ~inside & (cover.covered == 0)).sum())
