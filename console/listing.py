"""The list of findings: what a visitor asks for, as values and as an address, and the facets beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from console.labels import LABELS
from domain.findings import FindingState, Verdict
from domain.works import WorkType
from store.search import Query, Results, SearchIndex, Sort

TIME_ZONE = ZoneInfo("Asia/Shanghai")
PAGE_SIZE = 50
PATH = "/findings"

# A form sends an empty text for a day that was not chosen. Days at the ends of the calendar have no midnight in UTC.
Day = Annotated[
    Annotated[date, Field(ge=date(1970, 1, 1), le=date(2999, 12, 31))] | None,
    BeforeValidator(lambda value: value or None),
]
Name = Annotated[str, Field(max_length=300)]
FILTERS = {"state": "state", "verdict": "verdict", "type": "type", "host": "host", "owner": "owner", "work": "work_id"}
"""Names in the address, and those of the search index."""


class Listing(BaseModel):
    """One view of the list, as its address states it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    q: Annotated[str, Field(max_length=200)] = ""
    state: list[FindingState] = []
    verdict: list[Verdict] = []
    type: list[WorkType] = []
    host: Annotated[list[Name], Field(max_length=50)] = []
    owner: Annotated[list[Name], Field(max_length=50)] = []
    work: Annotated[list[Name], Field(max_length=50)] = []
    similarity: Annotated[int, Field(ge=0, le=100)] = 0
    """Smallest similarity, in per cent."""
    since: Day = None
    until: Day = None
    """Days in China, both included."""
    sort: Sort = Sort.NEWEST
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    decided: Annotated[str, Field(pattern=r"^([a-z2-7]{20})?$")] = ""
    """The finding that was decided just now; no part of the view."""

    def address(self, **changes: Any) -> str:
        """The address of this view, or of one that differs from it; what has its default is left out."""
        stated = self.model_copy(update=changes).model_dump(mode="json", exclude_defaults=True, exclude={"decided"})
        return f"{PATH}?{urlencode(stated, doseq=True)}" if stated else PATH

    def is_narrowed(self) -> bool:
        """Whether anything is asked for beyond the order and the page."""
        return bool(self.model_dump(exclude_defaults=True, exclude={"sort", "page", "decided"}))

    def query(self) -> Query:
        """The question to the search index."""
        return Query(
            text=self.q,
            filters={theirs: [str(value) for value in getattr(self, ours)] for ours, theirs in FILTERS.items()},
            min_similarity=self.similarity / 100,
            found_from=_midnight(self.since) if self.since else None,
            found_to=_midnight(self.until + timedelta(days=1)) if self.until else None,
            sort=self.sort,
            offset=(self.page - 1) * PAGE_SIZE,
            limit=PAGE_SIZE,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One value of a facet, and how many findings it would show."""

    value: str
    count: int
    chosen: bool


def facets(index: SearchIndex, listing: Listing, results: Results) -> Mapping[str, tuple[Option, ...]]:
    """The values of each filter. A filter's own choice does not narrow its own counts, so that others can be added."""
    query = listing.query()
    found = {}
    for ours, theirs in FILTERS.items():
        chosen = query.filters[theirs]
        counts = results.facets[theirs]
        if chosen:
            counts = index.search(replace(query, filters={**query.filters, theirs: ()}, limit=0, offset=0)).facets[
                theirs
            ]
        known = {value for value, _ in counts}
        missing = [(value, 0) for value in chosen if value not in known]
        options = [Option(value=v, count=n, chosen=v in chosen) for v, n in (*counts, *missing)]
        if ours in LABELS:
            # A few known values stay where the eye has learned to find them; the others come most frequent first.
            order = list(LABELS[ours])
            options.sort(key=lambda option: order.index(option.value))
        found[ours] = tuple(options)
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), TIME_ZONE)
