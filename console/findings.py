"""The list of findings, one finding, and what is decided about it."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from console.comparisons import comparison_of
from console.entry import see_other
from console.languages import message as _
from console.listing import PAGE_SIZE, Listing, facets
from console.security import local_path
from console.visitors import Actor, Reader, Working
from domain.findings import FindingState
from domain.ids import FindingId, WorkId
from store.findings import DECISIONS, Decision

router = APIRouter()
LONGEST_REASON = 1000


@router.get("/findings")
def browse(parts: Working, visitor: Reader, listing: Annotated[Listing, Query()]) -> Response:
    """Search, filters and facets."""
    stores = parts.stores
    results = stores.search.search(listing.query())
    known = stores.findings.some([hit.finding_id for hit in results.hits])
    options = facets(stores.search, listing, results)
    titles = stores.works.titles([WorkId(option.value) for option in options["work"]])
    answer = visitor.page(
        "findings.html",
        listing=listing,
        total=results.total,
        # The index may still know a finding that the records were restored without.
        rows=[(known[hit.finding_id], hit.snippet) for hit in results.hits if hit.finding_id in known],
        facets=options,
        titles=titles,
        first=listing.query().offset + 1,
        last_page=max(1, -(-results.total // PAGE_SIZE)),
        decisions=_choices(),
        longest_reason=LONGEST_REASON,
    )
    answer.headers["HX-Push-Url"] = listing.address()
    return answer


@router.get("/findings/{finding_id}")
def show(parts: Working, visitor: Reader, finding_id: FindingId, back: str = "") -> Response:
    """A finding with what it matched, its facts and its history."""
    stores = parts.stores
    finding = stores.findings.get(finding_id)
    history = stores.findings.history(finding_id)
    return visitor.page(
        "finding.html",
        finding=finding,
        capture=stores.captures.get(finding.capture_id),
        work=stores.works.get(finding.work_id),
        comparison=comparison_of(finding, stores),
        history=history,
        standing=_standing(history),
        decisions=_choices(),
        longest_reason=LONGEST_REASON,
        back=local_path(back),
    )


@router.get("/findings/{finding_id}/visit")
def warn(parts: Working, visitor: Reader, finding_id: FindingId) -> Response:
    """A stop before the suspected site is opened."""
    finding = parts.stores.findings.get(finding_id)
    return visitor.page("visit.html", finding=finding)


@router.post("/findings/{finding_id}/decisions")
def decide(
    parts: Working,
    visitor: Actor,
    finding_id: FindingId,
    state: Annotated[FindingState | None, Form()] = None,
    reason: Annotated[str, Form(max_length=LONGEST_REASON)] = "",
    back: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Confirm, dismiss or licence. Without a choice or a reason nothing is recorded."""
    if state not in DECISIONS or not reason.strip():
        return visitor.page("problem.html", status=422, problem=_("A decision needs a choice and a reason."), detail="")
    parts.stores.findings.decide(finding_id, state, by=visitor.session.user.name, reason=reason, at=parts.clock())
    return see_other(local_path(back or f"/findings/{finding_id}"))


@router.post("/findings/{finding_id}/undo")
def undo(
    parts: Working, visitor: Actor, finding_id: FindingId, back: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    """Take back the decision that stands."""
    if _standing(parts.stores.findings.history(finding_id)) is None:
        return visitor.page("problem.html", status=409, problem=_("There is no decision to take back."), detail="")
    parts.stores.findings.undo(finding_id, by=visitor.session.user.name, at=parts.clock())
    return see_other(local_path(back or f"/findings/{finding_id}"))


def _standing(history: list[Decision]) -> Decision | None:
    """The last decision that was not taken back."""
    undone = {step.undoes for step in history}
    return next((step for step in reversed(history) if step.undoes is None and step.id not in undone), None)


def _choices() -> tuple[tuple[FindingState, str, str], ...]:
    """What can be decided: state, key, and what it means."""
    return (
        (FindingState.CONFIRMED, "c", _("An unlicensed copy: pursue it.")),
        (FindingState.DISMISSED, "d", _("Not a copy, or not worth pursuing.")),
        (FindingState.LICENSED, "l", _("Published with leave of the owner.")),
    )
