"""Deciding about a finding, and taking a decision back."""

from typing import Annotated
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Form
from fastapi.responses import Response

from console.entry import see_other
from console.findings import LONGEST_REASON, finding_page
from console.languages import message as _
from console.listing import PATH
from console.security import local_path
from console.visitors import PLAIN, Actor, Parts, Wanted, Working
from domain.errors import ConflictError, UsageError
from domain.findings import FindingState
from domain.ids import FindingId
from store.findings import DECISIONS
from store.projector import refresh

router = APIRouter()
Back = Annotated[str, Form()]


@router.post("/findings/{finding_id}/decisions")
def decide(
    parts: Working,
    visitor: Actor,
    finding_id: Wanted,
    state: Annotated[FindingState | None, Form()] = None,
    seen: Annotated[FindingState | None, Form()] = None,
    reason: Annotated[str, Form(max_length=LONGEST_REASON, pattern=PLAIN)] = "",
    back: Back = "",
) -> Response:
    """Confirm, dismiss or licence what was `seen` in a state. Whatever is refused comes back as it was typed."""
    status, problem = 422, _("A decision needs a choice and a reason.")
    if state in DECISIONS and seen and reason.strip():
        by = visitor.session.user.name
        try:
            parts.stores.findings.decide(finding_id, state, seen=seen, by=by, reason=reason, at=parts.clock())
        except ConflictError:
            status, problem = 409, _("Someone has decided about this meanwhile. See the history, then decide again.")
        else:
            return _done(parts, finding_id, _noted(back, finding_id))
    return finding_page(
        parts,
        visitor,
        finding_id,
        back=_list_behind(back, finding_id),
        status=status,
        problem=problem,
        typed=(state or "", reason),
    )


@router.post("/findings/{finding_id}/undo")
def undo(
    parts: Working, visitor: Actor, finding_id: Wanted, step: Annotated[int, Form(ge=1, lt=2**31)], back: Back = ""
) -> Response:
    """Take back the decision with the id `step`, if it still stands."""
    try:
        parts.stores.findings.undo(finding_id, step=step, by=visitor.session.user.name, at=parts.clock())
    except ConflictError:
        problem = _("Someone has decided about this meanwhile. See the history, then decide again.")
    except UsageError:
        problem = _("There is no decision to take back.")
    else:
        return _done(parts, finding_id, _noted(back, None))
    return finding_page(parts, visitor, finding_id, back=_list_behind(back, finding_id), status=409, problem=problem)


def _done(parts: Parts, finding_id: FindingId, path: str) -> Response:
    stores = parts.stores
    refresh(finding_id, stores.findings, stores.captures, stores.search)
    return see_other(path)


def _noted(back: str, decided: FindingId | None) -> str:
    """Where to go; the list is told which finding was decided, so that it can offer to take that back."""
    path, _separator, query = local_path(back).partition("?")
    if path != PATH:
        return local_path(back)
    stated = [(name, value) for name, value in parse_qsl(query) if name != "decided"]
    stated += [("decided", decided)] if decided else []
    return f"{PATH}?{urlencode(stated)}" if stated else PATH


def _list_behind(back: str, finding_id: FindingId) -> str:
    """The list that a form came from, directly or by way of the finding's page."""
    came_from = urlsplit(local_path(back))
    if came_from.path == f"{PATH}/{finding_id}":
        return local_path(parse_qs(came_from.query).get("back", [""])[0])
    return local_path(back)
