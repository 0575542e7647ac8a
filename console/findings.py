"""The list of findings, and one finding with what it matched."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console.comparisons import comparison_of
from console.languages import message as _
from console.listing import PAGE_SIZE, PATH, Listing, facets
from console.security import local_path
from console.visitors import Parts, Reader, Visitor, Wanted, Working
from domain.findings import Finding, FindingState
from domain.ids import FindingId, WorkId
from store.findings import Decision, standing

router = APIRouter()
LONGEST_REASON = 1000
CHOICES = (
    (FindingState.CONFIRMED, "c", _("An unlicensed copy: pursue it.")),
    (FindingState.DISMISSED, "d", _("Not a copy, or not worth pursuing.")),
    (FindingState.LICENSED, "l", _("Published with leave of the owner.")),
)
"""What can be decided: state, key, and what it means."""


@router.get("/findings")
def browse(parts: Working, visitor: Reader, listing: Annotated[Listing, Query()]) -> Response:
    """Search, filters and facets."""
    stores = parts.stores
    results = stores.search.search(listing.query())
    known = stores.findings.some([hit.finding_id for hit in results.hits])
    options = facets(stores.search, listing, results)
    answer = visitor.page(
        "findings.html",
        listing=listing,
        total=results.total,
        # The index may still know a finding that the records were restored without.
        held=stores.quarantine.holding(known.values()),
        rows=[(known[hit.finding_id], hit.snippet) for hit in results.hits if hit.finding_id in known],
        facets=options,
        titles=stores.works.titles([WorkId(option.value) for option in options["work"]]),
        last_page=max(1, -(-results.total // PAGE_SIZE)),
        just_now=_decided(parts, FindingId(listing.decided)),
        choices=CHOICES,
        longest_reason=LONGEST_REASON,
    )
    answer.headers["HX-Push-Url"] = listing.address()
    return answer


@router.get("/findings/{finding_id}")
def show(parts: Working, visitor: Reader, finding_id: Wanted, back: str = "") -> Response:
    """A finding with what it matched, its facts and its history."""
    return finding_page(parts, visitor, finding_id, back=local_path(back))


@router.get("/findings/{finding_id}/visit")
def warn(parts: Working, visitor: Reader, finding_id: Wanted) -> Response:
    """A stop before the suspected site is opened."""
    return visitor.page("visit.html", finding=parts.stores.findings.get(finding_id))


def finding_page(
    parts: Parts,
    visitor: Visitor,
    finding_id: FindingId,
    *,
    back: str,
    status: int = 200,
    problem: str = "",
    typed: tuple[str, str] = ("", ""),
) -> Response:
    """The page of a finding; after a refusal with the `problem`, and the state and reason that were `typed`."""
    stores = parts.stores
    finding = stores.findings.get(finding_id)
    history = stores.findings.history(finding_id)
    here = f"{PATH}/{finding_id}?{urlencode({'back': back})}"
    return replace(visitor, here=here).page(
        "finding.html",
        status=status,
        problem=problem,
        typed=typed,
        finding=finding,
        capture=stores.captures.get(finding.capture_id),
        work=stores.works.get(finding.work_id),
        quarantine=stores.quarantine.holding([finding]).get(finding_id),
        comparison=comparison_of(finding, stores),
        history=history,
        decision=standing(history),
        choices=CHOICES,
        longest_reason=LONGEST_REASON,
        back=back,
    )


def _decided(parts: Parts, finding_id: FindingId) -> tuple[Finding, Decision] | None:
    """A finding and the decision that stands about it, if both are there."""
    finding = parts.stores.findings.some([finding_id]).get(finding_id)
    decision = standing(parts.stores.findings.history(finding_id)) if finding else None
    return (finding, decision) if finding and decision else None
