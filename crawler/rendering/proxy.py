"""The only way out of the browser: an HTTP proxy on loopback that judges every address before it connects to it.

The browser resolves nothing itself. A name is resolved here once a connection, every address it has is judged by the
crawl guard, and the connection is made to the very address that was judged: it cannot point elsewhere a moment later.
"""

import asyncio
import base64
import logging
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from ada_url import URL

from crawler.guard import Guard
from domain.errors import GuardRefusalError
from domain.hosts import is_localhost

logger = logging.getLogger(__name__)

MAX_HEAD = 65_536
CHUNK = 65_536
HEAD_SECONDS = 10.0
CONNECT_SECONDS = 10.0
REMEMBERED = 1_000
# Addresses of one name that are tried in turn.
TRIED = 3
# Of a hop, not of the document (RFC 9110); the answer ends with the connection.
DROPPED = frozenset({b"connection", b"proxy-connection", b"proxy-authorization", b"keep-alive", b"te", b"upgrade"})

Resolve = Callable[[str, int], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One request to the proxy. `head` is what goes on to the server; empty for a tunnel."""

    host: str
    port: int
    head: bytes = b""
    length: int = 0


class _RefusedError(Exception):
    """What was asked for is not done; `status` says so to the browser."""

    def __init__(self, status: str, why: str, headers: str = "") -> None:
        super().__init__(why)
        self.status, self.headers = status, headers


class GuardProxy:
    """Serves one browser from `start` to `close`. Whoever does not know its password is sent away."""

    def __init__(
        self, guard: Guard, *, max_connections: int, max_bytes: int, seconds: float, resolve: Resolve | None = None
    ) -> None:
        self._guard = guard
        self._places = asyncio.Semaphore(max_connections)
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._resolve = resolve or _system_resolve
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self.username, self.password = "browser", secrets.token_urlsafe(24)
        self.refused: deque[str] = deque(maxlen=REMEMBERED)
        """What was refused and why, newest last."""

    @property
    def address(self) -> str:
        """Where the browser finds it."""
        if self._server is None:
            raise RuntimeError("the proxy is not started")
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=MAX_HEAD)

    async def close(self) -> None:
        """Stop listening and end every connection."""
        if self._server is not None:
            self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._within_bounds(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _within_bounds(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with self._places, asyncio.timeout(self._seconds):
                await self._serve(reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            logger.debug("A connection of the browser ended: %s", error)
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = self._asked(await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_SECONDS))
            far_reader, far_writer = await self._connect(asked)
        except _RefusedError as refusal:
            head = f"HTTP/1.1 {refusal.status}\r\n{refusal.headers}Content-Length: 0\r\nConnection: close\r\n\r\n"
            writer.write(head.encode("latin-1"))
            await writer.drain()
            return
        try:
            if asked.head:
                far_writer.write(asked.head + await reader.readexactly(asked.length))
                writer.write(_last_answer(await _final_head(far_reader)))
                # What else the browser says on this connection is for nobody; that it hangs up is heard.
                await _first_of(self._pipe(far_reader, writer), reader.read(1))
            else:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await _first_of(self._pipe(reader, far_writer), self._pipe(far_reader, writer))
        finally:
            far_writer.close()

    def _asked(self, head: bytes) -> _Asked:
        request_line, *lines = head[:-4].split(b"\r\n")
        fields = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(b":") for line in lines)]
        self._authorise(dict(fields).get(b"proxy-authorization", b""))
        method, _, rest = request_line.partition(b" ")
        target = rest.rpartition(b" ")[0].decode("latin-1")
        url = f"https://{target}/" if method == b"CONNECT" else target
        try:
            self._guard.check_url(url)
            parsed = URL(url)
        except (GuardRefusalError, ValueError) as refusal:
            raise self._refusal(url, str(refusal)) from None
        host = parsed.hostname.rstrip(".").lower().strip("[]")
        port = int(parsed.port or (443 if parsed.protocol == "https:" else 80))
        if method == b"CONNECT":
            return _Asked(host=host, port=port)
        if parsed.protocol != "http:":
            raise self._refusal(url, "what is enciphered goes through a tunnel")
        return _forwarded(method, parsed, lines, host=host, port=port, length=_length(dict(fields)))

    def _authorise(self, given: bytes) -> None:
        wanted = b"Basic " + base64.b64encode(f"{self.username}:{self.password}".encode())
        if not secrets.compare_digest(given, wanted):
            raise _RefusedError(
                "407 Proxy Authentication Required", "no password", 'Proxy-Authenticate: Basic realm="guard"\r\n'
            )

    async def _connect(self, asked: _Asked) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        for address in (await self._judged(asked.host, asked.port))[:TRIED]:
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(CONNECT_SECONDS):
                    return await asyncio.open_connection(address, asked.port)
        raise _RefusedError("502 Bad Gateway", "nothing answers there")

    async def _judged(self, host: str, port: int) -> list[str]:
        """The addresses of a host, each of which may be contacted; one out of bounds refuses them all."""
        try:
            addresses = await self._resolve(host, port)
        except OSError:
            raise _RefusedError("502 Bad Gateway", "the name has no address") from None
        try:
            for address in addresses:
                self._guard.check_address(address)
        except GuardRefusalError as refusal:
            raise self._refusal(host, refusal.problem) from None
        return addresses

    def _refusal(self, what: str, why: str) -> _RefusedError:
        self.refused.append(f"{what[:200]}: {why[:200]}")
        return _RefusedError("403 Forbidden", why)

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left = self._max_bytes
        while left > 0 and (data := await reader.read(min(CHUNK, left))):
            left -= len(data)
            writer.write(data)
            await writer.drain()


async def _first_of(*ways: Coroutine[Any, Any, Any]) -> None:
    """Until one side ends: a connection half open is of no use to anybody."""
    tasks = [asyncio.ensure_future(way) for way in ways]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _final_head(reader: asyncio.StreamReader) -> bytes:
    """The head of the answer, without interim ones (RFC 9110, 15.2)."""
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.split(b" ", 2)[1:2][0].startswith(b"1"):
            return head


def _last_answer(head: bytes) -> bytes:
    """A head that tells the browser not to ask for more on this connection, whatever the server offers."""
    lines = [line for line in head[:-4].split(b"\r\n") if line.partition(b":")[0].strip().lower() not in DROPPED]
    return b"\r\n".join([*lines, b"Connection: close", b"", b""])


async def _system_resolve(host: str, port: int) -> list[str]:
    """The addresses of a name by the system's resolver; a literal is itself, and `.localhost` loopback (RFC 6761)."""
    if is_localhost(host):
        return ["127.0.0.1"]
    with suppress(ValueError):
        return [str(ip_address(host))]
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _length(fields: dict[bytes, bytes]) -> int:
    given = fields.get(b"content-length", b"0")
    if b"transfer-encoding" in fields or not given.isdigit() or int(given) > MAX_HEAD * 16:
        raise _RefusedError("413 Content Too Large", "a body larger than forms send")
    return int(given)


def _forwarded(method: bytes, url: URL, lines: list[bytes], *, host: str, port: int, length: int) -> _Asked:
    path = f"{url.pathname}{url.search}".encode("latin-1")
    kept = [line for line in lines if line.partition(b":")[0].strip().lower() not in DROPPED]
    head = b"\r\n".join([method + b" " + path + b" HTTP/1.1", *kept, b"Connection: close", b"", b""])
    return _Asked(host=host, port=port, head=head, length=length)
