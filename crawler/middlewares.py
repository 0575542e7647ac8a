"""Downloader middlewares: the guard before every request, then robots.txt."""

import asyncio
import logging
from collections import OrderedDict
from typing import Self

from ada_url import URL
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser

from crawler.errors import OutOfBoundsError, RobotsError, RobotsUnreachableError, StoppedError
from crawler.guard import Guard
from domain.errors import GuardRefusalError

logger = logging.getLogger(__name__)

REDIRECTS = frozenset({301, 302, 303, 307, 308})


class GuardMiddleware:
    """Refuses what the guard refuses, before anything is resolved. Sees robots.txt and every step of a redirect."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings["GUARD"])

    def process_request(self, request: Request) -> None:
        """Raise `OutOfBoundsError` for an address out of bounds."""
        try:
            self._guard.check_url(request.url)
        except GuardRefusalError as refusal:
            raise OutOfBoundsError(refusal.problem) from None


class RobotsMiddleware:
    """Obeys robots.txt as RFC 9309 has it: absent (4xx) allows all, unreachable (5xx, no answer) allows nothing.

    Not Scrapy's own, which takes an error page for rules and logs a traceback for a host that does not answer.
    """

    # The RFC asks for at least five redirects and 500 KiB.
    MAX_REDIRECTS = 5
    MAX_BYTES = 512_000
    REMEMBERED = 500
    ASK_AGAIN_SECONDS = 5.0

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._obey = crawler.settings.getbool("ROBOTSTXT_OBEY")
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._rules: OrderedDict[str, asyncio.Future[ProtegoRobotParser | None]] = OrderedDict()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise `RobotsError` where the rules of the request's host say so."""
        if request.meta.get("is_robots"):
            return
        # A campaign's ground for not obeying is one against its own sites.
        if not self._obey and not request.meta["entry"].shown_by:
            return
        rules = await self._rules_of(request)
        if rules is None:
            raise RobotsUnreachableError(request.url)
        if not rules.allowed(request.url, self._agent):
            raise RobotsError("robots.txt asks not to fetch this")

    async def _rules_of(self, request: Request) -> ProtegoRobotParser | None:
        origin = URL(request.url).origin
        known = self._rules.get(origin)
        if known is None:
            known = self._rules[origin] = asyncio.get_running_loop().create_future()
            if len(self._rules) > self.REMEMBERED:
                self._rules.popitem(last=False)
            try:
                known.set_result(await self._read(f"{origin}/robots.txt", request.meta["download_slot"]))
                if known.result() is None:
                    asyncio.get_running_loop().call_later(self.ASK_AGAIN_SECONDS, self._rules.pop, origin, None)
            except OutOfBoundsError:
                known.set_result(ProtegoRobotParser(b"", self._crawler.spider))  # the page is refused just the same
            except StoppedError:
                known.cancel()
                raise
        try:
            return await asyncio.shield(known)
        except asyncio.CancelledError:
            raise StoppedError("the crawl is ending") from None

    async def _read(self, url: str, slot: str) -> ProtegoRobotParser | None:
        for _ in range(self.MAX_REDIRECTS + 1):
            answer = await self._ask(url, slot)
            if answer is None or answer.status >= 500 or answer.status == 429:
                return None
            location = answer.headers.get("Location")
            if answer.status in REDIRECTS and location:
                url = URL(location.decode("latin-1"), base=url).href
                continue
            body = answer.body if answer.status < 300 else b""
            return ProtegoRobotParser(body[: self.MAX_BYTES], self._crawler.spider)
        return ProtegoRobotParser(b"", self._crawler.spider)

    async def _ask(self, url: str, slot: str) -> Response | None:
        meta = {"is_robots": True, "download_slot": slot, "download_maxsize": 2 * self.MAX_BYTES}
        request = Request(url, meta=meta, callback=NO_CALLBACK, headers={"Accept-Encoding": "identity"})
        if self._crawler.engine is None:
            raise StoppedError("the crawl has ended")
        try:
            return await self._crawler.engine.download_async(request)
        except (StoppedError, OutOfBoundsError):
            raise
        except Exception as error:  # whatever the network throws, the rules are unreachable
            logger.info("No robots.txt at %s: %s", url, error)
            return None
