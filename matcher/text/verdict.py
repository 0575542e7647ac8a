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
from matcher.text.cover import Cover
from matcher.text.measures import Stretch, matched_within, stretches

I64 = NDArray[np.int64]

LONG_STRETCH = 300
SHORT_DENSITY = 0.88
"""Density that a stretch of fewer than LONG_STRETCH characters (half as many words) needs for "copy": in so few,
more is alike by chance."""
INSERTIONS_COVERAGE, INSERTIONS_MATCHED, WORK_COMPLETE = 0.90, 0.75, 0.92
"""A stretch into which much was put is a copy all the same when the work is nearly complete in it, and most of it."""
IDENTITY_BETWEEN_JUMPS = 0.55
"""Tables and formulae repeat themselves: of passages from several places of a work more must be equal."""
LONG_WINDOW = 500
SHORT_WINDOW_SHARE = 0.85
"""Share of a page that a stretch shorter than LONG_WINDOW must make up: a review may quote half of what it says."""
SHORT_PAGE_SHARE = 0.6
"""Share of all words of a page, its short lines included, that less than LONG_WINDOW of a work must make up: among
recipes, verses or remarks of a line each, a passage is a quotation however well it follows the work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is to be said of one work, and the stretch it rests on."""

    verdict: Verdict
    code: ReasonCode
    stretch: Stretch
    share: float
    """Coverage of all running text of the page."""


def is_copy(stretch: Stretch, weight: int, settings: TextMatcherSettings) -> bool:
    """Whether a stretch follows the work closely enough to be called a copy."""
    if stretch.length < settings.minimum_characters:
        return False
    if stretch.coverage < settings.copy_coverage or stretch.identity < settings.copy_identity:
        return False
    if stretch.jumps and stretch.identity < IDENTITY_BETWEEN_JUMPS:
        return False
    with_insertions = (
        stretch.coverage >= INSERTIONS_COVERAGE
        and stretch.completeness >= WORK_COMPLETE
        and stretch.matched >= INSERTIONS_MATCHED * stretch.length
    )
    needed = (
        settings.copy_density if stretch.length * weight >= LONG_STRETCH else max(settings.copy_density, SHORT_DENSITY)
    )
    return stretch.density >= needed or with_insertions


def judge(cover: Cover, rival: Cover | None, block_of: I64, weight: int, settings: TextMatcherSettings) -> Judgement:
    """The verdict on one work. `rival` is what the best work of another owner covers.

    `block_of` has the line of each token of the page, `weight` is that of its tokens.
    """
    whole, window, elsewhere = stretches(cover, block_of)
    page_share = window.length / (window.length + elsewhere)
    needed = settings.page_share if window.length >= LONG_WINDOW else SHORT_WINDOW_SHARE
    half = whole.covered >= SHORT_PAGE_SHARE * block_of.size
    for stretch, enough in ((whole, True), (window, page_share >= needed)):
        if enough and (half or stretch.length >= LONG_WINDOW) and is_copy(stretch, weight, settings):
            if rival is not None and matched_within(rival, stretch) > settings.runner_up_ratio * stretch.matched:
                return _judgement(Verdict.PARTIAL, ReasonCode.TEXT_AMBIGUOUS_SOURCE, stretch, whole)
            return _judgement(Verdict.COPY, ReasonCode.TEXT_COPY, stretch, whole)
    if whole.length >= settings.minimum_characters and whole.coverage >= settings.partial_coverage:
        return _judgement(Verdict.PARTIAL, ReasonCode.TEXT_SHARED_SOURCE, whole, whole)
    if window.matched >= settings.long_extract_characters and is_copy(window, weight, settings):
        return _judgement(Verdict.PARTIAL, ReasonCode.TEXT_LONG_EXTRACT, window, whole)
    return _judgement(Verdict.QUOTATION, ReasonCode.TEXT_QUOTATION, whole, whole)


def _judgement(verdict: Verdict, code: ReasonCode, stretch: Stretch, whole: Stretch) -> Judgement:
    return Judgement(verdict=verdict, code=code, stretch=stretch, share=min(1.0, whole.coverage))
