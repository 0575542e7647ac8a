"""Serves the network on loopback: one server, its hosts told apart by name (RFC 6761 has `.localhost` be this machine).

Unlike the demonstration's site it answers for ranges and conditional requests, as hosts of media do.
"""

import hashlib
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.mocknet.network import build
from tests.mocknet.world import Network
from tests.mocksite.alterations import Page

NOT_FOUND = Page(b"not found", status=404)
RANGE = re.compile(r"bytes=(\d*)-(\d*)")
CHANGED = "Tue, 24 Nov 2026 12:00:00 GMT"


@dataclass(kw_only=True)
class MockNetwork:
    """The running network."""

    network: Network
    requests: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each path of each host (by its label) was asked for."""


def answer(network: Network, label: str, address: str) -> Page:
    """What a host sends for a path with its query."""
    if found := network.pages.get((label, address)):
        return _made_up(network, label, address) or found
    return _made_up(network, label, address) or network.pages.get((label, address.partition("?")[0])) or NOT_FOUND


def _made_up(network: Network, label: str, address: str) -> Page | None:
    path, _, asked = address.partition("?")
    query = dict(part.partition("=")[::2] for part in asked.split("&") if part)
    answers = (answer(path, query) for answer in network.answers.get(label, ()))
    return next((page for page in answers if page is not None), None)


def part_of(page: Page, tags: str, asked: str) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Status, body and headers for a page: all of it, a range, or that it is as it was under one of `tags`."""
    if page.status != 200:
        return page.status, page.body, []
    tag = f'"{hashlib.md5(page.body, usedforsecurity=False).hexdigest()}"'
    headers = [("ETag", tag), ("Last-Modified", CHANGED), ("Accept-Ranges", "bytes")]
    if tag in tags:
        return 304, b"", headers
    span = RANGE.fullmatch(asked)
    if not span or not (span[1] or span[2]):
        return 200, page.body, headers
    size = len(page.body)
    first = int(span[1]) if span[1] else max(0, size - int(span[2]))
    last = min(size - 1, int(span[2]) if span[1] and span[2] else size - 1)
    if first > last:
        return 416, b"", [("Content-Range", f"bytes */{size}")]
    return 206, page.body[first : last + 1], [*headers, ("Content-Range", f"bytes {first}-{last}/{size}")]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    running: MockNetwork

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what went wrong, unless the crawler hung up, as it does on what it has seen enough of."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        label = self.headers.get("Host", "").partition(".")[0]
        running = self.server.running
        running.requests[label, self.path] += 1
        page = answer(running.network, label, self.path)
        status, body, headers = part_of(page, self.headers.get("If-None-Match", ""), self.headers.get("Range", ""))
        self.send_response(status)
        self.send_header("Content-Type", page.media_type)
        for name, value in (*page.headers, *headers):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Stay quiet."""


@contextmanager
def serve(port: int = 0) -> Iterator[MockNetwork]:
    """Serve until left; port 0 takes any free one."""
    server = _Server(("127.0.0.1", port), _Handler)
    server.running = MockNetwork(network=build(server.server_address[1]))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.running
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
