"""Signing in and out, and the choice of a language."""

from datetime import timedelta
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from console.languages import LANGUAGES
from console.pages import render
from console.security import HOME, local_path
from console.visitors import PLAIN, Actor, Parts, Working, cookie_name, language_of, own_form, session_of
from store.accounts import Session, User, normal_name

router = APIRouter()
# Hashing takes 64 MiB of memory and a core for each password; the others wait without holding a thread.
HASHED_AT_ONCE = 2


def see_other(path: str) -> RedirectResponse:
    """After a change: go and look at `path`."""
    return RedirectResponse(path, status_code=303)


@router.get("/", include_in_schema=False)
def start() -> RedirectResponse:
    """The list of what waits for a decision."""
    return see_other(HOME)


@router.get("/sign-in")
def sign_in_form(
    request: Request, parts: Working, session: Annotated[Session | None, Depends(session_of)], back: str = ""
) -> Response:
    """The form; those who are signed in already go on."""
    if session:
        return see_other(local_path(back))
    return _form(request, parts, back=back)


@router.post("/sign-in", dependencies=[Depends(own_form)])
async def sign_in(
    request: Request,
    parts: Working,
    name: Annotated[str, Form(max_length=200, pattern=PLAIN)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    back: Annotated[str, Form()] = "",
) -> Response:
    """Begin a session, with a token of its own whatever the browser brought along."""
    wait = parts.throttle.admit(normal_name(name), parts.clock())
    if wait:
        answer = _form(request, parts, back=back, name=name, wait=wait, status=429)
        answer.headers["Retry-After"] = str(int(wait.total_seconds()) + 1)
        return answer
    user = await to_thread.run_sync(parts.stores.accounts.verify, name, password, limiter=_hashing(request))
    if user is None:
        return _form(request, parts, back=back, name=name, wrong=True, status=401)
    parts.throttle.succeeded(user.name)
    return await to_thread.run_sync(_begin, request, parts, user, local_path(back))


def _begin(request: Request, parts: Parts, user: User, path: str) -> Response:
    accounts, settings = parts.stores.accounts, parts.settings
    now, lifetime = parts.clock(), timedelta(hours=settings.session_hours)
    if brought := request.cookies.get(cookie_name(settings)):
        accounts.end_session(brought)
    accounts.purge_sessions(now=now)
    answer = see_other(path)
    answer.set_cookie(
        cookie_name(settings),
        accounts.start_session(user.name, now=now, lifetime=lifetime),
        max_age=int(lifetime.total_seconds()),
        httponly=True,
        secure=settings.secure_cookies,
        samesite="lax",
    )
    return answer


@router.post("/sign-out")
def sign_out(request: Request, parts: Working, _visitor: Actor) -> Response:
    """End the session here and in the records."""
    name = cookie_name(parts.settings)
    parts.stores.accounts.end_session(request.cookies[name])
    answer = see_other("/sign-in")
    answer.delete_cookie(name, secure=parts.settings.secure_cookies, httponly=True, samesite="lax")
    return answer


@router.post("/language")
def choose_language(
    parts: Working,
    visitor: Actor,
    language: Annotated[str, Form(max_length=8)] = "",
    back: Annotated[str, Form()] = "",
) -> Response:
    """Remember a language for this user."""
    if language in LANGUAGES:
        parts.stores.accounts.set_language(visitor.session.user.name, language)
    return see_other(local_path(back))


def _form(request: Request, parts: Parts, *, back: str, status: int = 200, **said: object) -> HTMLResponse:
    values = {"name": "", "wrong": False, "wait": None} | said
    return render(
        "sign_in.html", language=language_of(request, parts, None), status=status, visitor=None, back=back, **values
    )


def _hashing(request: Request) -> CapacityLimiter:
    limiter: CapacityLimiter = request.app.state.hashing
    return limiter
