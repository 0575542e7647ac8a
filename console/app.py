"""Makes the web application."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from anyio import CapacityLimiter
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from config.settings import ConsoleSettings
from console import decisions, entry, files, findings, health, muting
from console.languages import choose
from console.languages import message as _
from console.pages import render
from console.security import HEADERS, LARGEST_BODY, SAFE_METHODS, SecurityHeaders
from console.stores import ConsoleStores
from console.throttle import Throttle
from console.visitors import ForbiddenError, Parts, SignInNeededError, here_of, language_of, parts_of, session_of
from domain.errors import NotFoundError, PiracyMonitorError

STATIC = Path(__file__).parent / "static"


def create_app(
    stores: ConsoleStores, settings: ConsoleSettings, *, clock: Callable[[], datetime], language: str
) -> FastAPI:
    """The console as an ASGI application, to be run in one process; `language` is for visitors whose wish we lack."""
    app = FastAPI(title="piracy-monitor", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.parts = Parts(stores=stores, settings=settings, clock=clock, language=language, throttle=Throttle())
    app.state.hashing = CapacityLimiter(entry.HASHED_AT_ONCE)
    app.state.encoding = CapacityLimiter(files.ENCODED_AT_ONCE)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for part in (health, entry, muting, findings, decisions, files):
        app.include_router(part.router)
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_BODY)
    app.add_middleware(SecurityHeaders)
    app.add_exception_handler(SignInNeededError, _to_sign_in)
    app.add_exception_handler(ForbiddenError, _forbidden)
    app.add_exception_handler(RequestValidationError, _misunderstood)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(PiracyMonitorError, _failed)
    app.add_exception_handler(Exception, _broken)
    return app


def _to_sign_in(request: Request, _error: Exception) -> Response:
    back = here_of(request) if request.method in SAFE_METHODS else ""
    path = f"/sign-in?back={quote(back, safe='')}"
    return _whole_page(request, 401, path) or RedirectResponse(path, status_code=303)


def _whole_page(request: Request, status: int, path: str) -> Response | None:
    """For a request made by htmx: have the browser load `path`, which has no place in the middle of another page."""
    return Response(status_code=status, headers={"HX-Redirect": path}) if request.headers.get("HX-Request") else None


def _forbidden(request: Request, _error: Exception) -> Response:
    return _problem(request, 403, _("This request did not come from a page of the console. Load the page again."))


def _misunderstood(request: Request, error: Exception) -> Response:
    if isinstance(error, RequestValidationError) and any(fault["loc"][0] == "path" for fault in error.errors()):
        return _problem(request, 404, _("This does not exist, or not any more."))
    return _problem(request, 422, _("The address or form holds a value that does not fit."))


def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    texts = {404: _("There is no such page."), 413: _("That is too much at once.")}
    return _problem(request, status, texts.get(status, _("This cannot be done here.")))


def _failed(request: Request, error: Exception) -> Response:
    if isinstance(error, NotFoundError):
        return _problem(request, 404, _("This does not exist, or not any more."))
    return _problem(request, 500, _("The stored data could not be used:"), detail=str(error))


def _broken(request: Request, _error: Exception) -> Response:
    """For what nobody foresaw. The server logs it; this answer does not pass the middleware, hence the headers."""
    language = choose((), request.headers.get("Accept-Language", ""), parts_of(request).language)
    problem = _("Something went wrong here; the log says what.")
    answer = _whole_page(request, 500, here_of(request)) or render(
        "problem.html", language=language, status=500, visitor=None, problem=problem, detail=""
    )
    answer.headers.update(HEADERS)
    return answer


def _problem(request: Request, status: int, problem: str, detail: str = "") -> Response:
    if whole := _whole_page(request, status, here_of(request)):
        return whole
    parts = parts_of(request)
    language = language_of(request, parts, session_of(request, parts))
    return render("problem.html", language=language, status=status, visitor=None, problem=problem, detail=detail)
