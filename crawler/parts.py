"""The parts of a stream, fetched for the lease of its playlist: within the same bounds as everything else."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.errors import StoppedError
from crawler.exchanges import location_of
from crawler.guard import Guard
from crawler.leads.playlists import is_playlist
from crawler.middlewares import REDIRECTS
from crawler.readers import Readers
from crawler.scope import FILE, Scope
from crawler.streams import parts_of
from crawler.urls import resolve
from evidence.exchange import RawExchange
from store.frontier import LeasedEntry

logger = logging.getLogger(__name__)

MOST_HOPS = 4
"""Requests for one part, redirects included."""


class PartFetcher:
    """Fetches what a playlist leads to. `request` makes the request of an entry for an address."""

    def __init__(
        self,
        *,
        engine: Callable[[], Any],
        request: Callable[[LeasedEntry, str], Request],
        exchange: Callable[[Response], RawExchange],
        guard: Guard,
        scope: Scope,
        readers: Readers | None,
        segments: int,
    ) -> None:
        self._engine = engine
        self._request = request
        self._exchange = exchange
        self._guard = guard
        self._scope = scope
        self._readers = readers
        self._segments = segments

    async def of(self, entry: LeasedEntry, exchange: RawExchange) -> tuple[RawExchange, ...]:
        """What the playlist in `exchange` leads to; nothing when it is none. Raises `StoppedError`."""
        if self._readers is None or not is_playlist(exchange.body):
            return ()

        async def fetch(url: str, start: int, length: int) -> RawExchange | None:
            return await self._part(entry, url, start, length)

        return await parts_of(exchange, self._readers, fetch, segments=self._segments)

    async def _part(self, entry: LeasedEntry, url: str, start: int, length: int) -> RawExchange | None:
        """One part; None when there is no content, or it is out of bounds."""
        # On other hosts than the site's, robots.txt is obeyed whatever the campaign's ground.
        outside = self._scope.site_of(url, FILE) is None
        request = self._request(replace(entry, shown_by=entry.payer) if outside else entry, url)
        request = request.replace(callback=NO_CALLBACK, errback=None)
        if length:
            request.headers["Range"] = f"bytes={start}-{start + length - 1}"
        for _ in range(MOST_HOPS):
            response = await self._answer(request)
            if response is None or response.status not in REDIRECTS or not location_of(response):
                return self._exchange(response) if response is not None and 200 <= response.status < 300 else None
            target = resolve(response.url, location_of(response))
            if target is None:
                return None
            request = request.replace(url=target)
        return None

    async def _answer(self, request: Request) -> Response | None:
        try:
            response: Response = await self._engine().download_async(request)
            if response.ip_address:
                self._guard.check_address(str(response.ip_address))
        except StoppedError:
            raise
        except Exception as error:  # whatever the network throws, that part is missing
            logger.info("No part of a stream at %s: %s", request.url, error)
            return None
        return response
