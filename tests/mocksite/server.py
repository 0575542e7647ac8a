"""Serves the site on loopback, its hosts told apart by name (`novels.localhost` and so on)."""

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.mocksite.alterations import Page, page
from tests.mocksite.maze import MAZE
from tests.mocksite.site import HOSTS, the_site
from tests.mocksite.traps import TRAPS

NOT_FOUND = Page(b"not found", status=404)


@dataclass
class MockSite:
    """The running site."""

    port: int
    requests: Counter[tuple[str, str]] = field(default_factory=Counter)

    def base(self, label: str) -> str:
        return f"http://{label}.localhost:{self.port}"


def answer(label: str, path: str) -> Page:
    """What the site sends for a path of a host."""
    if label == "maze" and path in MAZE:
        return MAZE[path][0]
    if label == "maze" and path == "/":
        return page("迷宫", "<p>请进</p>", list(MAZE))
    if label in TRAPS:
        return TRAPS[label](path) or NOT_FOUND
    found = the_site().pages.get((label, path.partition("?")[0]))
    return found or NOT_FOUND


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what went wrong, unless the crawler hung up: it does so on what misbehaves, and when it ends."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serve(port: int = 0, answering: Callable[[str, str], Page] = answer) -> Iterator[MockSite]:
    """Serve until left; port 0 takes any free one. `answering` says what a path of a host (by its label) gets."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            label = self.headers.get("Host", "").partition(".")[0]
            site.requests[label, self.path] += 1
            sent = answering(label, self.path)
            self.send_response(sent.status)
            self.send_header("Content-Type", sent.media_type)
            if sent.announced is not None or sent.tail is None:
                self.send_header("Content-Length", str(len(sent.body) if sent.announced is None else sent.announced))
            for name, value in sent.headers:
                self.send_header(name, value)
            self.end_headers()
            self.close_connection |= sent.announced is not None or sent.tail is not None
            try:
                self.wfile.write(sent.body)
                for piece in sent.tail() if sent.tail else ():
                    self.wfile.write(piece)
            except (BrokenPipeError, ConnectionResetError):
                # The crawler hung up on something too large or too slow, which is what it should do.
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
            """Stay quiet."""

    server = _Server(("127.0.0.1", port), Handler)
    site = MockSite(server.server_address[1])
    answering("", "/")  # whatever is made at the first question is made now
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


__all__ = ["HOSTS", "MockSite", "answer", "serve"]
