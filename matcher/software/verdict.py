"""Copy, part or nothing: what the shares of an overlap allow us to say.

Both directions count. Most of a work inside a package that is little else is the work repacked; nearly all of it inside
something larger is a bundle that holds it. A smaller part may be a library that both use, so a person decides. So may a
large one when whole folders of the work are missing: whoever repacks a program leaves something of each in.
"""

from dataclasses import dataclass

from config.settings import SoftwareMatcherSettings
from domain.findings import Verdict
from domain.reasons import ReasonCode
from matcher.software.containment import Shares

FEWEST_NEAR = 3
"""Files that must be found again when none is the same: one alone may resemble another by its framework."""
WHOLE = 0.9


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be said of one work, and how sure that is (0 to 1)."""

    verdict: Verdict
    code: ReasonCode
    similarity: float


def judge(found: Shares, rival: Shares | None, settings: SoftwareMatcherSettings) -> Judgement | None:
    """The verdict on one work, or None when only what others hold too was found.

    `rival` are the shares of the best work of another owner.
    """
    if found.own_found >= settings.minimum_weight:
        if _is_copy(found, settings):
            contested = rival is not None and rival.own_found > settings.runner_up_ratio * found.own_found
            if contested:
                return Judgement(Verdict.PARTIAL, ReasonCode.SOFTWARE_AMBIGUOUS_SOURCE, found.share)
            return Judgement(Verdict.COPY, ReasonCode.SOFTWARE_COPY, found.share)
        if found.share >= settings.partial_share:
            return Judgement(Verdict.PARTIAL, ReasonCode.SOFTWARE_PART, found.share)
    whole = found.all_share >= WHOLE and found.all_found >= settings.minimum_weight
    if whole and rival is not None and found.all_found > found.rest:
        return Judgement(Verdict.PARTIAL, ReasonCode.SOFTWARE_AMBIGUOUS_SOURCE, found.all_share)
    return None


def _is_copy(found: Shares, settings: SoftwareMatcherSettings) -> bool:
    if not found.exact_files and found.found_files < FEWEST_NEAR:
        return False
    if found.absent > settings.absent_share * found.own:
        return False
    repacked = found.share >= settings.copy_share and found.query_share >= settings.copy_query_share
    return repacked or found.share >= settings.bundle_share
