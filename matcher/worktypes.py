"""What a work type must do, and the values that pass through it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.findings import Comparison, Verdict
from domain.fingerprints import Abstention, Fingerprint
from domain.ids import Digest, WorkId
from domain.works import WorkType
from matcher.segments.columns import Columns
from matcher.segments.snapshot import Snapshot

JUDGED_TOGETHER = frozenset({WorkType.SOFTWARE})
"""Types where what is a work's own depends on the works of others: an index of some works cannot filter for all."""
KEY_BYTES = 16

VERDICT_ORDER = {Verdict.COPY: 0, Verdict.PARTIAL: 1, Verdict.QUOTATION: 2}
"""Place of a verdict among comparisons, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Something to compare: bytes as fetched, and what is known of their form."""

    data: bytes
    name: str
    """A file name or URL, for messages and for the file ending."""
    media_type: str = ""
    """As declared by the server; empty if unknown."""
    charset: str = ""
    """As declared by the server; empty if unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One registered file, as fingerprinted at import."""

    work_id: WorkId
    title: str
    owner: str
    """Empty for an item of the negative bank, which competes with every owner's works (matcher/negatives.py)."""
    digest: Digest
    fingerprint: Fingerprint

    @property
    def key(self) -> bytes:
        """Names all that an index keeps of it."""
        return reference_key(self.work_id, self.title, self.owner, self.digest)


def reference_key(work_id: WorkId, title: str, owner: str, digest: Digest) -> bytes:
    """KEY_BYTES that differ when any of these does; the fingerprint follows from the file."""
    joined = "\x1f".join((work_id, title, owner, digest)).encode(errors="replace")
    return hashlib.sha256(joined).digest()[:KEY_BYTES]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A pair with its expected outcome; every work type carries some, and the contract test runs them."""

    registered: Content
    query: Content
    verdict: str
    """A `Verdict` value, "no_match" or "abstained"."""


class References(Protocol):
    """The registered files of one work type, ready to be searched. Safe to use from several threads."""

    def __len__(self) -> int:
        """How many registered files it holds."""
        ...

    def compare(self, query: Fingerprint) -> Sequence[Comparison]:
        """Every registered file that `query` resembles, best first; empty when none does.

        Raises ValueError when `query` is of another kind or version.
        """
        ...


class WorkTypeMatcher(Protocol):
    """One work type. Instances hold settings only; results depend on bytes and settings alone."""

    type: WorkType
    kind: str
    version: int

    def thresholds(self) -> Sequence[tuple[str, float]]:
        """The settings that decided, recorded with each finding."""
        ...

    def accepts(self, content: Content) -> bool:
        """Whether the content looks like this type, by its first bytes, its declared type or its name."""
        ...

    def fingerprint(self, content: Content, *, registering: bool = False) -> Fingerprint | Abstention:
        """What identifies `content`; an abstention when it is too little, too plain or unreadable.

        `registering` is True for a right holder's reference file, which may be fingerprinted more finely.
        Never raises for bad content; its size must have been bounded by the caller.
        """
        ...

    @property
    def recipe(self) -> str:
        """What shapes the columns beside the references: kind, version, and settings if any do."""
        ...

    def segment(self, references: Sequence[Reference]) -> Columns:
        """The columns by which `references` are searched, one immutable part of an index."""
        ...

    def open(self, snapshot: Snapshot) -> References:
        """The references of a snapshot, searchable. Derives nothing from all of them at once: they may be many."""
        ...

    def examples(self) -> Sequence[Example]:
        """Pairs that show what is and is not matched."""
        ...
