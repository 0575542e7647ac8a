"""What stored values are called on screen. The texts are message ids of the catalogues."""

from collections.abc import Mapping
from types import MappingProxyType

from console.languages import message as _
from domain.findings import FindingState, Verdict
from domain.works import WorkType
from store.search import Sort

LABELS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "state": {
            FindingState.OPEN: _("Open"),
            FindingState.REVIEW: _("For review"),
            FindingState.CONFIRMED: _("Confirmed"),
            FindingState.DISMISSED: _("Dismissed"),
            FindingState.LICENSED: _("Licensed"),
        },
        "verdict": {
            Verdict.COPY: _("Copy"),
            Verdict.PARTIAL: _("Partial"),
            Verdict.QUOTATION: _("Quotation"),
        },
        "type": {
            WorkType.TEXT: _("Text"),
            WorkType.IMAGE: _("Image"),
            WorkType.AUDIO: _("Audio"),
            WorkType.VIDEO: _("Video"),
            WorkType.SOFTWARE: _("Software"),
        },
        "sort": {
            Sort.NEWEST: _("Newest first"),
            Sort.OLDEST: _("Oldest first"),
            Sort.SIMILARITY: _("Most similar first"),
        },
        "threshold": {
            "copy_coverage": _("Share of the main text for “copy”"),
            "copy_density": _("Share of the dense passages for “copy”"),
            "copy_identity": _("Equal characters in the passages"),
            "runner_up_ratio": _("Another work’s fit that makes the source uncertain"),
            "page_share": _("Share of the page"),
            "partial_coverage": _("Share of the main text for review"),
            "pdq_distance": _("Largest PDQ distance"),
            "pdq_quality": _("Smallest PDQ quality"),
            "feature_strength": _("Strength of aligned details"),
            "feature_inlier_ratio": _("Share of details found again"),
            "feature_cell_support": _("Share of the picture’s area"),
            "audio.copy_coverage": _("Share of the sound for “copy”"),
            "video.copy_coverage": _("Share of the film for “copy”"),
            "copy_seconds": _("Shortest stretch for “copy”, in seconds"),
            "copy_evidence": _("Evidence for “copy”"),
            "altered_share": _("Share of peaks where speed or pitch were changed"),
            "copy_repetition": _("Largest likeness to another time of the work"),
            "long_seconds": _("Seconds that are enough in any length"),
            "partial_seconds": _("Shortest stretch for review, in seconds"),
            "partial_evidence": _("Evidence for review"),
            "copy_pictures": _("Fewest different pictures for “copy”"),
            "copy_agreement": _("Agreement of the changes for “copy”"),
            "copy_motion": _("Agreement of the motion for “copy”"),
            "work_coverage": _("Share of the work that is enough"),
            "partial_alike": _("Likeness of the pictures for review"),
            "minimum_weight": _("Smallest weight of the work’s own files"),
            "copy_share": _("Share of the work’s own files for “copy”"),
            "copy_query_share": _("Share of the suspected file for “copy”"),
            "bundle_share": _("Share of own files among much else"),
            "absent_share": _("Largest share in missing folders"),
            "partial_share": _("Share of own files for review"),
            "near_distance": _("Largest TLSH distance"),
            "feature_offset": _("Largest displacement of details"),
            "feature_skew": _("Largest skew of details"),
            "sure_inlier_ratio": _("Share of details from which a mark is borne"),
            "overlay_visible": _("Share of the picture that must be visible for “copy”"),
            "overlay_likeness": _("Likeness of every part when laid over, for “copy”"),
            "overlay_contradicted": _("Largest part that may differ when laid over"),
            "photo_contradicted": _("Largest part of a photograph that may differ"),
            "overlay_clash": _("Largest part with other colours"),
            "copy_novel_seconds": _("Seconds without a repetition for “copy”"),
            "partial_altered_share": _("Share of peaks for review where speed or pitch were changed"),
        },
        "facet": {
            "state": _("State"),
            "verdict": _("Verdict"),
            "type": _("Type"),
            "host": _("Site"),
            "owner": _("Owner"),
            "work": _("Work"),
        },
    }
)


def threshold_label(work_type: str, name: str) -> str:
    """The message id for a threshold, which may mean something of its own for a type of work."""
    named = LABELS["threshold"]
    return named.get(f"{work_type}.{name}", named.get(name, name))


def label(kind: str, value: str) -> str:
    """The message id for a stored value; the value itself where it has no name of its own."""
    return LABELS[kind].get(value, value)
