"""What holds for every request and every answer."""

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 65_536
HOME = "/findings?state=open&state=review"
# Everything comes from the console itself; nothing inline, nothing evaluated, no frame around it.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# A browser takes a backslash for a slash, and drops tabs and line ends, so none of them may stand in a path.
_LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]{0,2000}")


class SecurityHeaders:
    """Puts `HEADERS` on every answer, and keeps all but the console's own files out of caches."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers["Cache-Control"] = "no-cache" if scope["path"].startswith("/static/") else "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def is_own_request(headers: Headers) -> bool:
    """Whether a request that changes something was made by one of our own pages.

    Browsers say where a form stood, in Sec-Fetch-Site or at least in Origin. One that says neither is refused.
    """
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc == headers.get("Host")


def local_path(wanted: str) -> str:
    """`wanted` if it is a path of the console, else the start page: nobody is sent elsewhere."""
    return wanted if _LOCAL_PATH.fullmatch(wanted) else HOME
