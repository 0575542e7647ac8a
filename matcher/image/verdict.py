"""The rule that says of shared features whether a picture is a copy, shares a part, or only looks alike."""

from dataclasses import dataclass

from config.settings import ImageMatcherSettings
from domain.findings import Verdict
from domain.reasons import Reason, ReasonCode
from matcher.image.geometry import Agreement

PARTIAL_INLIERS, COPY_INLIERS = 8, 12
"""Fewer points fit any map: two icons drawn with one stroke agree to the pixel in nine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What is said of a registered picture that was found in another, and why."""

    verdict: Verdict
    reason: Reason


def judge(found: Agreement, settings: ImageMatcherSettings) -> Ruling | None:
    """Copy, partial, or None for what may be chance."""
    if found.strength < settings.feature_strength:
        return None
    whole = found.ratio >= settings.feature_inlier_ratio and found.cells >= settings.feature_cell_support
    exact = found.offset <= settings.feature_offset and found.skew <= settings.feature_skew
    exact = exact and found.inliers >= COPY_INLIERS
    if not whole and found.inliers < PARTIAL_INLIERS:
        return None
    code = ReasonCode.IMAGE_LOCAL_FEATURES if exact else ReasonCode.IMAGE_SAME_SCENE
    if not whole:
        code = ReasonCode.IMAGE_SHARED_PART
    return Ruling(
        verdict=Verdict.COPY if whole and exact else Verdict.PARTIAL,
        reason=Reason.of(code, inliers=found.inliers, cells=round(found.cells, 4)),
    )
