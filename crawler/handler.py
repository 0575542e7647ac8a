"""The download handler: Scrapy's, with a bound on headers, refusals by name, and a way to end at once."""

import asyncio
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from twisted.internet.interfaces import IAddress
from twisted.web._newclient import HTTPClientParser

from crawler.errors import OutOfBoundsError, StoppedError
from crawler.resolver import GuardedResolver
from crawler.urls import host_of

# Bytes of status line and headers; browsers stop at a quarter of a megabyte.
MAX_HEADER_BYTES = 262_144


class GuardedHandler(HTTP11DownloadHandler):
    """Fetches over HTTP/1.1."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory
        self._under_way: set[asyncio.Task[Response]] = set()
        self._stopped = False
        crawler.signals.connect(self.stop, signal=STOPPING)

    async def download_request(self, request: Request) -> Response:
        """Raises `OutOfBoundsError` when the name led out of bounds, `StoppedError` when the crawl is ending."""
        if self._stopped:
            raise StoppedError("the crawl is ending")
        task = asyncio.get_running_loop().create_task(super().download_request(request))
        self._under_way.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            raise StoppedError("the crawl is ending") from None
        except CannotResolveHostError:
            if why := _refusal_of(host_of(request.url)):
                raise OutOfBoundsError(why) from None
            raise
        finally:
            self._under_way.discard(task)

    def stop(self) -> None:
        """End every fetch under way; all later ones are refused."""
        self._stopped = True
        for task in self._under_way:
            task.cancel()


STOPPING = object()
"""Signal: the crawl must end now."""


def _refusal_of(host: str) -> str:
    from twisted.internet import reactor  # noqa: PLC0415 - importing it earlier would install another reactor

    resolver: Any = reactor.nameResolver
    return resolver.refused.get(host, "") if isinstance(resolver, GuardedResolver) else ""


class _Protocol(_LenientHTTP11ClientProtocol):
    """Ends a connection whose answer is all headers."""

    _header_bytes = 0

    def request(self, request: Any) -> Any:
        """One more on this connection; what the answers before it sent counts no more."""
        self._header_bytes = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        parser = self._parser
        if isinstance(parser, HTTPClientParser) and parser.state in {"STATUS", "HEADER"}:
            self._header_bytes += len(data)
        else:
            self._header_bytes = 0
        if self._header_bytes > MAX_HEADER_BYTES + 65_536:
            transport: Any = self.transport
            transport.abortConnection()
            return
        super().dataReceived(data)  # type: ignore[no-untyped-call]  # Twisted has no types here


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> _Protocol:  # noqa: N802 - Twisted's name
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # Twisted has no types here
