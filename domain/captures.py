"""What a sweep fetched, and how every fetch ended."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.ids import CaptureId, Digest, SweepId


class FetchOutcome(StrEnum):
    """How one fetch ended. *Blocked* is never *removed*, nor is *unknown*, and only *content* is matched."""

    CONTENT = "content"
    MOVED = "moved"
    REMOVED = "removed"
    SOFT_404 = "soft_404"
    PARKED = "parked"
    BLOCKED = "blocked"
    GEO_BLOCKED = "geo_blocked"
    LOGIN = "login"
    RATE_LIMITED = "rate_limited"
    UNSUPPORTED = "unsupported"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    REDIRECT_LOOP = "redirect_loop"
    REFUSED = "refused"
    ROBOTS = "robots"
    TRAP = "trap"
    BROKEN = "broken"
    ERROR = "error"
    UNKNOWN = "unknown"
    """There was an answer, and nothing in it tells what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One fetched thing at one time. Immutable: the same page tomorrow is another capture."""

    capture_id: CaptureId
    sweep_id: SweepId
    url: str
    canonical_url: str
    host: str
    fetched_at: datetime
    outcome: FetchOutcome
    reason: str = ""
    status: int | None = None
    media_type: str = ""
    payload_digest: Digest | None = None
    payload_size: int = 0
    record_digest: Digest | None = None
    """Names the WARC file in the vault that holds the raw exchange."""
    address: str = ""
    found_on: str = ""
    """The page that linked to or embedded this; empty for a start page."""
    shown_by: str = ""
    """The host whose page shows this, for a picture from outside its site; empty for what is the site's own."""
    title: str = ""
    text: str = ""
    """Visible text of a page, as matched, or as it is joined with others when it is too short; else empty."""
    fingerprint: str | None = None
    """The digest of what was compared with the works; None when nothing was."""
