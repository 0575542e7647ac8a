"""Search over findings: what may be asked, what comes back, and what every search engine must do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.errors import StoreError
from domain.ids import FindingId

FACETS = ("state", "type", "verdict", "host", "owner", "work_id")


class Sort(StrEnum):
    """Orders of results; equal ones follow the finding's id."""

    NEWEST = "newest"
    OLDEST = "oldest"
    SIMILARITY = "similarity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A finding as the search engine knows it."""

    finding_id: FindingId
    work_id: str
    work_title: str
    owner: str
    type: str
    host: str
    url: str
    state: str
    verdict: str
    similarity: float
    found_at: datetime
    title: str = ""
    """Title of the page."""
    text: str = ""
    """Readable text of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to look for. Empty filters match everything; values within one filter are alternatives."""

    text: str = ""
    """Words and "quoted phrases", all of which must occur. Chinese words match wherever their characters stand so."""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Values by facet name (see FACETS)."""
    min_similarity: float = 0.0
    found_from: datetime | None = None
    found_to: datetime | None = None
    sort: Sort = Sort.NEWEST
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result; `snippet` is a piece of the page's text, its matches between U+0002 and U+0003."""

    finding_id: FindingId
    snippet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A page of results, how many there are in all, and how they are spread over each facet (most frequent first)."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]]


class DocumentsRefusedError(StoreError):
    """The engine will not take some documents, however often they are offered; all others of the call are in."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        finding_id, reason = next(iter(reasons.items()))
        problem = f"{len(reasons)} findings cannot be indexed, the first ({finding_id}) because: {reason}."
        super().__init__(problem, "They are set aside with their reasons; see `doctor`.")
        self.reasons = reasons


class SearchIndex(Protocol):
    """A projection of the records: it may be behind, and may be thrown away and filled again."""

    def put(self, documents: Iterable[Document]) -> None:
        """Add documents, or replace those of the same id. May be repeated.

        Raises `DocumentsRefusedError` for those that are wrong in themselves, `StoreError` when the engine cannot take
        any now; then it may have taken some.
        """
        ...

    def remove(self, ids: Iterable[FindingId]) -> None:
        """Forget findings; unknown ids are passed over."""
        ...

    def search(self, query: Query) -> Results:
        """Answer a query. Raises `UsageError` for an unknown filter name, `StoreError` when the engine fails."""
        ...

    def replace(self, documents: Iterable[Document]) -> int:
        """Hold exactly these documents, of which no two have one id; how many there were. Raises as `put` does.

        Until it returns, readers see what was there before. What others put meanwhile may be lost.
        """
        ...
