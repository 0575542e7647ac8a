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


def label(kind: str, value: str) -> str:
    """The message id for a stored value; the value itself where it has no name of its own."""
    return LABELS[kind].get(value, value)
