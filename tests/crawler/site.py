"""A small web server on loopback whose every byte a test decides. Runs in a thread; counts what was asked."""

import asyncio
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

Stream = Callable[[asyncio.StreamWriter], Awaitable[None]]
Answer = bytes | Stream | Callable[[int], bytes]


@dataclass
class Site:
    """A running server; `asked` counts requests by path."""

    port: int
    asked: Counter[str] = field(default_factory=Counter)

    def url(self, path: str, host: str = "site.localhost") -> str:
        return f"http://{host}:{self.port}{path}"


def html(body: str, *, title: str = "", status: str = "200 OK", headers: str = "") -> bytes:
    """A whole HTML answer."""
    document = f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()
    return raw(document, status=status, headers=f"Content-Type: text/html; charset=utf-8\r\n{headers}")


def raw(body: bytes, *, status: str = "200 OK", headers: str = "") -> bytes:
    """A whole answer of any kind."""
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body


def redirect(target: str) -> bytes:
    """A redirect to `target`."""
    return raw(b"", status="302 Found", headers=f"Location: {target}\r\n")


@contextmanager
def serving(routes: Mapping[str, Answer] | Callable[["Site"], Mapping[str, Answer]]) -> Iterator[Site]:
    """Serve `routes` (or what they are for the site's port) until the block ends; other paths are 404."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    site = Site(port=0)
    table: dict[str, Answer] = {}

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                path = line.split()[1].decode("latin-1")
                while (await reader.readline()).strip():
                    pass
                site.asked[path] += 1
                answer = table.get(path, raw(b"", status="404 Not Found"))
                if asyncio.iscoroutinefunction(answer):
                    await answer(writer)
                    break
                writer.write(answer if isinstance(answer, bytes) else answer(site.asked[path]))  # type: ignore[arg-type]  # streams were served above
                await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = asyncio.run_coroutine_threadsafe(asyncio.start_server(handle, "127.0.0.1", 0), loop).result()
    site.port = server.sockets[0].getsockname()[1]
    table.update(routes(site) if callable(routes) else routes)
    try:
        yield site
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    mine = asyncio.current_task()
    others = [task for task in asyncio.all_tasks() if task is not mine]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
