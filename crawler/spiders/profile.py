"""The spider: turns leased addresses into requests, and answers into fetches to be recorded."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ada_url import URL
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Headers, Response
from twisted.python.failure import Failure

from config.settings import CrawlerSettings
from crawler.errors import NotWorthwhileError, RenderingError, StoppedError
from crawler.exchanges import exchange_of, location_of, retry_after
from crawler.failures import judgement_of
from crawler.feeder import Feeder
from crawler.guard import Guard
from crawler.handler import STOPPING
from crawler.leads.media import kind_of
from crawler.middlewares import REDIRECTS
from crawler.outcomes import RETRIED, Answer, Judgement, of_answer, of_move
from crawler.pace import Pace
from crawler.parts import PartFetcher
from crawler.readers import Readers
from crawler.recorder import Fetched
from crawler.scope import FILE, IMAGE, Scope
from crawler.urls import resolve
from crawler.walls.marks import maker_in_headers
from domain.captures import FetchOutcome
from domain.errors import GuardRefusalError, UsageError
from domain.leads import LeadKind
from evidence.exchange import RawExchange
from store.frontier import LeasedEntry

if TYPE_CHECKING:  # what drives the browser takes long to load, and few crawls need it
    from crawler.rendering.browser import Renderer

ACCEPT_ENCODING = "gzip, deflate, br"
NEVER_READ = ("audio/", "video/", "font/")
# Answers of a site that has too much to do, or of what stands before it.
OVERLOADED = frozenset({429, 502, 503, 504, 522, 524})


class ProfileSpider(Spider):
    """Crawls the sites of a campaign by their profiles."""

    name = "profile"

    def __init__(
        self,
        *,
        feeder: Feeder | None = None,
        scope: Scope | None = None,
        guard: Guard | None = None,
        limits: CrawlerSettings | None = None,
        readers: Readers | None = None,
        make_renderer: "Callable[[], Renderer] | None" = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if feeder is None or scope is None or guard is None or limits is None:
            raise UsageError(
                "The spider needs a campaign and its records.", "Start it with `piracy-monitor sweep CAMPAIGN`."
            )
        self._feeder, self._scope, self._guard, self._limits = feeder, scope, guard, limits
        self._parts = PartFetcher(
            engine=lambda: self.crawler.engine,
            request=lambda entry, url: self._request(entry, url, ()),
            exchange=self._exchange,
            guard=guard,
            scope=scope,
            readers=readers,
            segments=limits.stream_segments,
        )
        self._make_renderer = make_renderer
        self._renderer: Renderer | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "ProfileSpider":
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.headers_received, signal=signals.headers_received)
        crawler.signals.connect(spider.ended, signal=signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        # Beside the addresses: while all fetches are busy, nobody asks for the next one.
        watching = asyncio.create_task(self._feeder.watch(self._abandon))
        try:
            async for entry in self._feeder.leases():
                yield self._request(entry, entry.url, ())
        finally:
            watching.cancel()
        if self._feeder.stopping:
            self._abandon()
            await self.ended()

    async def ended(self) -> None:
        """Let the browser go."""
        if self._renderer is not None:
            await self._renderer.close()

    def headers_received(self, headers: Headers, request: Request) -> None:
        """Skip the bodies that nobody will read: of files never compared, and where a redirect leads."""
        media_type = (headers.get("Content-Type") or b"").decode("latin-1").lower()
        leads_elsewhere = request.meta.get("chain") and resolve(request.url, "") != request.meta["entry"].url
        never_read = media_type.startswith(NEVER_READ) and request.meta.get("entry_kind") != FILE
        if never_read or leads_elsewhere:
            raise StopDownload(fail=False)

    async def arrived(self, response: Response) -> AsyncIterator[Request]:
        """Callback: an answer, of whatever status."""
        entry, chain = self._met(response.request)
        try:
            if response.ip_address:
                self._guard.check_address(str(response.ip_address))
        except GuardRefusalError as refusal:
            await self._judge(entry, FetchOutcome.REFUSED, refusal.problem)
            return
        if response.status in REDIRECTS and location_of(response):
            onward = await self._follow(entry, response, chain)
            if onward is not None:
                yield onward
        elif chain and resolve(response.url, "") != entry.url:
            await self._moved(entry, response.meta["first"], resolve(response.url, "") or "")
        else:
            await self._answered(entry, response)

    async def failed(self, failure: Failure) -> None:
        """Errback: there was no answer."""
        entry, _ = self._met(failure.request)  # type: ignore[attr-defined]  # Scrapy adds it
        if isinstance(failure.value, StoppedError):
            return
        judgement, final = judgement_of(failure.value or Exception("no reason given"))
        self._adjust(entry, fine=judgement.outcome is not FetchOutcome.TOO_SLOW)
        if final:
            await self._judge(entry, judgement.outcome, judgement.reason)
        else:
            await self._feeder.fail(entry, judgement)

    async def _answered(self, entry: LeasedEntry, response: Response) -> None:
        after = retry_after(response, self._feeder.clock())
        if "download_stopped" in response.flags:
            kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
            await self._judge(entry, FetchOutcome.UNSUPPORTED, f"{kind[:100]} is not compared")
            return
        self._adjust(entry, fine=response.status not in OVERLOADED, after=after)
        walled = maker_in_headers({name.lower(): value for name, value in self._exchange(response).response_headers})
        if response.status in RETRIED and not walled:  # a wall stands as long as we are robots
            judged = of_answer(Answer(status=response.status))
            if judged and self._feeder.may_retry(entry, after):
                await self._feeder.fail(entry, judged, after=after)
                return
        if "dataloss" in response.flags and self._feeder.may_retry(entry, None):
            await self._feeder.fail(entry, Judgement(outcome=FetchOutcome.BROKEN, reason="the answer broke off"))
            return
        exchange, at = self._exchange(response), self._feeder.clock()
        try:
            parts = await self._parts.of(entry, exchange) if entry.kind == FILE else ()
        except StoppedError:
            return
        fetched = Fetched(entry=entry, at=at, exchange=exchange, parts=parts)
        if await self._feeder.record(fetched) and self._make_renderer is not None and not self._feeder.stopping:
            self._renderer = self._renderer or self._make_renderer()
            await self._draw(fetched, exchange, self._renderer)

    async def _draw(self, fetched: Fetched, exchange: RawExchange, renderer: "Renderer") -> None:
        """Record a page as a browser shows it, or as it came when the browser could not."""
        try:
            drawn = await renderer.draw(exchange.url)
        except StoppedError:
            return
        except RenderingError as error:
            tried = not isinstance(error, NotWorthwhileError)
            await self._feeder.record(replace(fetched, not_drawn=str(error), drawing_failed=tried))
        else:
            await self._feeder.record(
                replace(fetched, exchange=replace(exchange, drawn=drawn.encode(errors="replace")))
            )

    def _adjust(self, entry: LeasedEntry, *, fine: bool, after: float | None = None) -> None:
        """Ask the site more slowly, or as fast as before, from the next fetch on."""
        pace: Pace = self.crawler.settings["PACE"]
        engine: Any = self.crawler.engine
        if fine:
            pace.fine(entry.site)
        else:
            pace.trouble(entry.site, time.monotonic(), after)
        if slot := engine.downloader.slots.get(entry.site):
            slot.delay = pace.delay(entry.site)

    async def _follow(self, entry: LeasedEntry, response: Response, chain: tuple[str, ...]) -> Request | None:
        """The next step of a redirect, judged by the web alone, so that a sweep ends the same in any order."""
        first = response.meta.get("first") or self._exchange(response)
        try:
            target = str(URL(location_of(response), base=response.url).href).partition("#")[0]
            self._guard.check_url(target)
        except ValueError:
            await self._judge(entry, FetchOutcome.BROKEN, "redirects to what is no address")
            return None
        except GuardRefusalError as refusal:
            await self._judge(entry, FetchOutcome.REFUSED, f"redirects out of bounds: {refusal.problem}", first)
            return None
        if target in (*chain, response.url):
            await self._judge(entry, FetchOutcome.REDIRECT_LOOP, f"comes back to {target[:500]}", first)
            return None
        if len(chain) >= self._limits.max_redirects:
            reason = f"more than {self._limits.max_redirects} redirects"
            await self._judge(entry, FetchOutcome.REDIRECT_LOOP, reason, first)
            return None
        landing = resolve(target, "")
        if landing is None or not self._scope.onward(landing, entry):
            await self._moved(entry, first, target)
            return None
        request = self._request(entry, target, (*chain, response.url))
        request.meta["first"] = first
        return request

    async def _moved(self, entry: LeasedEntry, first: RawExchange, target: str) -> None:
        judgement = of_move(entry.url, target)
        at, onward = self._feeder.clock(), resolve(target, "") or ""
        await self._feeder.record(Fetched(entry=entry, at=at, exchange=first, judgement=judgement, moved_to=onward))

    async def _judge(
        self, entry: LeasedEntry, outcome: FetchOutcome, reason: str, exchange: RawExchange | None = None
    ) -> None:
        judgement = Judgement(outcome=outcome, reason=reason)
        await self._feeder.record(Fetched(entry=entry, at=self._feeder.clock(), exchange=exchange, judgement=judgement))

    def _exchange(self, response: Response) -> RawExchange:
        if response.request is None:
            raise ValueError("an answer belongs to a request")
        return exchange_of(response.request, response, self._feeder.clock())

    def _request(self, entry: LeasedEntry, url: str, chain: tuple[str, ...]) -> Request:
        limits = self._limits
        meta = {
            "entry": entry,
            "entry_kind": entry.kind,
            "chain": chain,
            "download_slot": entry.site,
            "download_timeout": limits.file_timeout_seconds if entry.kind == FILE else limits.timeout_seconds,
            "download_maxsize": self._largest(entry.kind),
        }
        headers = {"Accept-Encoding": ACCEPT_ENCODING}
        if entry.kind == FILE and kind_of(url) is LeadKind.MEDIA:
            # The beginning of a long film says what it is. Ranges count coded bytes, so none are asked for.
            headers = {"Accept-Encoding": "identity", "Range": f"bytes=0-{limits.max_file_bytes - 1}"}
        if entry.found_on and not chain:
            headers["Referer"] = entry.found_on
        return Request(url, callback=self.arrived, errback=self.failed, meta=meta, headers=headers, dont_filter=True)

    def _largest(self, kind: str) -> int:
        limits = self._limits
        return {IMAGE: limits.max_image_bytes, FILE: limits.max_file_bytes}.get(kind, limits.max_page_bytes)

    def _met(self, request: Request | None) -> tuple[LeasedEntry, tuple[str, ...]]:
        if request is None:
            raise ValueError("an answer belongs to a request")
        engine: Any = self.crawler.engine
        engine.scheduler.arrived(request)
        entry: LeasedEntry = request.meta["entry"]
        return entry, request.meta["chain"]

    def _abandon(self) -> None:
        """End at once: drop what waits, cut off what is under way."""
        engine: Any = self.crawler.engine  # its scheduler is ours, by `crawler.settings`
        engine.scheduler.drain()
        self.crawler.signals.send_catch_log(STOPPING)
        for slot in engine.downloader.slots.values():
            slot.delay = 0.0
            slot.close()
            engine.downloader._process_queue(slot)
