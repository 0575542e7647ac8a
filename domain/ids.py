"""Identifiers, and how the stable ones are derived.

Derived ids are the first 20 characters of the base32 SHA-256 of their parts (100 bits): short enough to read aloud,
and the same on every machine and every sweep.
"""

import base64
import hashlib
from typing import NewType

WorkId = NewType("WorkId", str)
CaptureId = NewType("CaptureId", str)
FindingId = NewType("FindingId", str)
LeadId = NewType("LeadId", str)
SweepId = NewType("SweepId", str)
SubscriptionId = NewType("SubscriptionId", str)
AlertId = NewType("AlertId", str)
Digest = NewType("Digest", str)
"""SHA-256 of some bytes, 64 lower-case hexadecimal digits."""


def digest_of(data: bytes) -> Digest:
    """The SHA-256 of `data`."""
    return Digest(hashlib.sha256(data).hexdigest())


def work_id_of(owner: str, title: str, work_type: str) -> WorkId:
    """The id of a work whose catalogue row names none."""
    return WorkId(short_digest("work", owner, title, work_type))


def capture_id_of(sweep_id: SweepId, canonical_url: str) -> CaptureId:
    """The id of the one capture of `canonical_url` in a sweep."""
    return CaptureId(short_digest("capture", sweep_id, canonical_url))


def finding_id_of(work_id: WorkId, canonical_url: str, fingerprint_kind: str) -> FindingId:
    """The id of "this address seems to hold this work", the same in every sweep (docs/decisions/0002)."""
    return FindingId(short_digest("finding", work_id, canonical_url, fingerprint_kind))


def lead_id_of(kind: str, target: str, page_url: str) -> LeadId:
    """The id of "this page leads there", the same in every sweep."""
    return LeadId(short_digest("lead", kind, target, page_url))


def short_digest(*parts: str) -> str:
    """The id derived from `parts`."""
    joined = "\x1f".join(parts).encode()
    return base64.b32encode(hashlib.sha256(joined).digest()).decode().lower()[:20]
