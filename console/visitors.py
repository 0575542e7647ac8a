"""Who is asking: the session behind a request, and what it may do."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Form, Path, Request
from fastapi.responses import HTMLResponse

from config.settings import ConsoleSettings
from console.languages import choose
from console.pages import render
from console.security import is_own_request
from console.stores import ConsoleStores
from console.throttle import Throttle
from domain.ids import FindingId
from store.accounts import Session

CONSUMER = "search"
PATIENCE = timedelta(seconds=30)
"""How long a change may wait for the search index without a word about it."""
PLAIN = r"^[^\x00]*$"
"""Pattern of texts that every database takes."""
Wanted = Annotated[FindingId, Path(pattern=r"^[a-z2-7]{20}$")]
"""A finding's id in a path. What cannot be one is answered like one that does not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the routes work with; kept at `app.state.parts`."""

    stores: ConsoleStores
    settings: ConsoleSettings
    clock: Callable[[], datetime]
    language: str
    throttle: Throttle


class SignInNeededError(Exception):
    """There is no session, or it is over."""


class ForbiddenError(Exception):
    """A change was asked for that did not come from one of our own forms."""


def parts_of(request: Request) -> Parts:
    """The parts the app was made of."""
    parts: Parts = request.app.state.parts
    return parts


Working = Annotated[Parts, Depends(parts_of)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A signed-in member of staff, on one page."""

    session: Session
    language: str
    here: str
    """Path and query of the page, to come back to."""
    lag: int
    """Changes the search index should have heard of by now."""

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A page for this visitor."""
        return render(template, language=self.language, status=status, visitor=self, **values)


def cookie_name(settings: ConsoleSettings) -> str:
    """The session's cookie. With HTTPS its name binds it to this very host."""
    return "__Host-session" if settings.secure_cookies else "session"


def here_of(request: Request) -> str:
    """Path and query as asked for."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def session_of(request: Request, parts: Working) -> Session | None:
    """The session named by the cookie, if it still stands."""
    token = request.cookies.get(cookie_name(parts.settings))
    return parts.stores.accounts.session(token, now=parts.clock()) if token else None


def language_of(request: Request, parts: Parts, session: Session | None) -> str:
    """The visitor's language: chosen before, asked for in the address, the browser's, or the default."""
    wishes = (session.user.language if session else "", request.query_params.get("lang", ""))
    return choose(wishes, request.headers.get("Accept-Language", ""), parts.language)


def reader(request: Request, parts: Working, session: Annotated[Session | None, Depends(session_of)]) -> Visitor:
    """Anyone signed in. Raises `SignInNeededError`."""
    if session is None:
        raise SignInNeededError
    language = language_of(request, parts, session)
    lag = parts.stores.outbox.lag(CONSUMER)
    late = lag.oldest_at is not None and parts.clock() - lag.oldest_at > PATIENCE
    return Visitor(session=session, language=language, here=here_of(request), lag=lag.count if late else 0)


def own_form(request: Request) -> None:
    """Only requests from our own pages. Raises `ForbiddenError`."""
    if not is_own_request(request.headers):
        raise ForbiddenError


def actor(
    visitor: Annotated[Visitor, Depends(reader)],
    _own: Annotated[None, Depends(own_form)],
    csrf: Annotated[str, Form(max_length=200)] = "",
) -> Visitor:
    """A signed-in visitor who sent one of our forms, with the session's own token in it. Raises `ForbiddenError`."""
    if not secrets.compare_digest(csrf.encode(), visitor.session.csrf.encode()):
        raise ForbiddenError
    return visitor


Reader = Annotated[Visitor, Depends(reader)]
Actor = Annotated[Visitor, Depends(actor)]
