"""Comparisons with registered works, and the findings that follow from them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.ids import CaptureId, Digest, FindingId, SweepId, WorkId
from domain.reasons import Reason
from domain.works import WorkType


class Verdict(StrEnum):
    """What the evidence allows us to say. Only *copy* may alert; *quotation* is shown, never counted."""

    COPY = "copy"
    PARTIAL = "partial"
    QUOTATION = "quotation"


class SpanUnit(StrEnum):
    """What the numbers of a span count."""

    CHARACTER = "character"
    SECOND = "second"
    BOX = "box"
    MEMBER = "member"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of the query and the part of the work it lines up with.

    Characters: (start, end). Seconds: (start, end). Box: (left, top, right, bottom) in pixels. Member: (path,).
    """

    unit: SpanUnit
    query: tuple[float | str, ...]
    work: tuple[float | str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How much some content resembles a work, and why. Thresholds are policy and are recorded on the finding."""

    work_id: WorkId
    reference: Digest
    similarity: float
    verdict: Verdict
    method: str
    reason: Reason
    spans: tuple[Span, ...] = ()


class FindingState(StrEnum):
    """Where a finding stands. *Review* waits for a person; *open* may be alerted."""

    OPEN = "open"
    REVIEW = "review"
    LICENSED = "licensed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


SYSTEM = "system"
"""Who takes the steps in a finding's history that no person took. No user may have this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """This address seems to hold this work. The same on every sweep (see `domain.ids.finding_id_of`)."""

    finding_id: FindingId
    work_id: WorkId
    work_title: str
    owner: str
    type: WorkType
    url: str
    page_url: str
    """The page where a person sees it; equals `url` for a page."""
    host: str
    """The site that is said to hold the work: that of the page, for a picture which it shows from elsewhere."""
    comparison: Comparison
    thresholds: tuple[tuple[str, float], ...]
    state: FindingState
    found_at: datetime
    sweep_id: SweepId
    capture_id: CaptureId
    evidence: Digest
    """Names the WARC file in the vault."""
