"""The rule that says of what two pictures share whether one is a copy, shares a part, or only looks alike.

Keypoints in one arrangement, or a near hash, bring a registered picture up; the overlay of the two decides whether it
is a copy: drawings of one series differ in a part, and in that part alone.
"""

from dataclasses import dataclass

from config.settings import ImageMatcherSettings
from domain.findings import Verdict
from domain.reasons import Reason, ReasonCode
from matcher.image.geometry import Agreement
from matcher.image.overlay import Overlay

PARTIAL_INLIERS, COPY_INLIERS = 8, 12
"""Fewer points fit any map: two icons drawn with one stroke agree to the pixel in nine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What is said of a registered picture that was found in another, and why."""

    verdict: Verdict
    reason: Reason


def is_found(found: Agreement, settings: ImageMatcherSettings) -> bool:
    """Whether so many features agree that it is no chance."""
    return found.strength >= settings.feature_strength and (
        _is_whole(found, settings) or found.inliers >= PARTIAL_INLIERS
    )


def judge_features(found: Agreement, overlay: Overlay, settings: ImageMatcherSettings, *, photograph: bool) -> Ruling:
    """Copy or partial for a picture that `is_found`; `photograph` says that the registered one looks like one."""
    exact = found.offset <= settings.feature_offset and found.skew <= settings.feature_skew
    if not _is_whole(found, settings) or overlay.visible < settings.overlay_visible:
        return _partial(ReasonCode.IMAGE_SHARED_PART, found)
    if not exact or found.inliers < COPY_INLIERS:
        return _partial(ReasonCode.IMAGE_SAME_SCENE, found)
    if not _unchanged(overlay, settings, sure=found.ratio >= settings.sure_inlier_ratio, photograph=photograph):
        return _template(overlay)
    return Ruling(verdict=Verdict.COPY, reason=_counted(ReasonCode.IMAGE_LOCAL_FEATURES, found))


def judge_hash(
    distance: int, form: int, overlay: Overlay, settings: ImageMatcherSettings, *, photograph: bool
) -> Ruling:
    """Copy or partial for a picture whose hash lies `distance` bits away in orientation `form`."""
    if not _unchanged(overlay, settings, sure=False, photograph=photograph):
        return _template(overlay)
    turned_zh, turned_en = ("，旋转或镜像后", ", turned or mirrored") if form else ("", "")
    reason = Reason.of(ReasonCode.IMAGE_NEAR_DUPLICATE, distance=distance, form_zh=turned_zh, form_en=turned_en)
    return Ruling(verdict=Verdict.COPY, reason=reason)


def _is_whole(found: Agreement, settings: ImageMatcherSettings) -> bool:
    return found.ratio >= settings.feature_inlier_ratio and found.cells >= settings.feature_cell_support


def _unchanged(overlay: Overlay, settings: ImageMatcherSettings, *, sure: bool, photograph: bool) -> bool:
    """Whether the overlay contradicts nothing; a watermark or logo is borne where much else agrees.

    More of it is borne on a photograph, since no two are made from one template.
    """
    if overlay.clash > settings.overlay_clash:
        return False
    marked = sure and overlay.contradicted <= settings.overlay_contradicted
    marked |= photograph and overlay.contradicted <= settings.photo_contradicted
    return marked or overlay.likeness >= settings.overlay_likeness


def _partial(code: ReasonCode, found: Agreement) -> Ruling:
    return Ruling(verdict=Verdict.PARTIAL, reason=_counted(code, found))


def _counted(code: ReasonCode, found: Agreement) -> Reason:
    return Reason.of(code, inliers=found.inliers, cells=round(found.cells, 4))


def _template(overlay: Overlay) -> Ruling:
    values = {"contradicted": round(overlay.contradicted, 4), "clash": round(overlay.clash, 4)}
    return Ruling(verdict=Verdict.PARTIAL, reason=Reason.of(ReasonCode.IMAGE_SAME_TEMPLATE, **values))
