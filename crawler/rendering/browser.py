"""Draws pages in Chromium, a few at a time, each in a context of its own and within bounds of time, requests and size.

The browser is started by the first page that needs it. It is replaced after so many pages, when it holds too much
memory and when it does not let go of a page.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass

from playwright.async_api import Browser, BrowserContext, Error, Page, Playwright, Route, async_playwright

from config.settings import RenderingSettings
from crawler.errors import NotWorthwhileError, RenderingError, StoppedError
from crawler.rendering import chromium
from crawler.rendering.deciding import MayDraw, always
from crawler.rendering.memory import browser_memory
from crawler.rendering.proxy import GuardProxy
from crawler.urls import host_of

logger = logging.getLogger(__name__)

# A page is drawn for its words and links; what only eyes and ears need is not fetched.
NOT_FETCHED = frozenset({"image", "media", "font", "texttrack", "manifest", "ping"})
CLOSING_SECONDS = 5.0
# Read in a world of its own, which the page's scripts cannot reach, and cut there: no page can flood this process.
READ = "(n => { const all = document.documentElement.outerHTML; return all.slice(0, n); })"


@dataclass(slots=True, eq=False)
class _Running:
    """One browser, and what it did."""

    browser: Browser
    drawn: int = 0
    active: int = 0
    retired: bool = False


@dataclass(slots=True, eq=False)
class _Visit:
    """One page being drawn."""

    requests: int = 0
    navigations: int = 0


class Renderer:
    """Draws pages. Everything runs on one event loop; `close` ends whatever is left."""

    def __init__(
        self,
        program: str,
        proxy: GuardProxy,
        settings: RenderingSettings,
        *,
        user_agent: str,
        may_draw: MayDraw = always,
    ) -> None:
        self._program = program
        self._proxy = proxy
        self._may_draw = may_draw
        self._settings = settings
        self._user_agent = user_agent
        self._places = asyncio.Semaphore(settings.pages_at_once)
        self._starting = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._running: _Running | None = None
        self._under_way: set[asyncio.Task[str]] = set()
        self._closed = False
        self.started = 0
        """Browsers started so far."""

    async def draw(self, url: str) -> str:
        """The document at `url` as a browser shows it, in HTML.

        Raises `NotWorthwhileError` when pages of its host have turned out to gain nothing by it, `RenderingError` when
        it cannot be drawn in time, `StoppedError` once `close` was called.
        """
        if self._closed:
            raise StoppedError("the crawl is ending")
        task = asyncio.get_running_loop().create_task(self._draw(url))
        self._under_way.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            raise StoppedError("the crawl is ending") from None
        finally:
            self._under_way.discard(task)

    async def close(self) -> None:
        """End every page and the browser. Safe to repeat; what is asked for afterwards is refused."""
        self._closed = True
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        running, self._running = self._running, None
        if running is not None:
            await _end(running.browser)
        playwright, self._playwright = self._playwright, None
        if playwright is not None:
            await playwright.stop()
            await self._proxy.close()

    async def _draw(self, url: str) -> str:
        async with self._places:
            # Many pages of a site may have waited here until the first ones were done.
            if not await asyncio.to_thread(self._may_draw, host_of(url)):
                raise NotWorthwhileError("pages of this site show no more in a browser")
            running = await self._ready()
            running.active += 1
            try:
                async with asyncio.timeout(self._settings.timeout_seconds):
                    return await self._visit(running, url)
            except TimeoutError:
                raise RenderingError(f"not drawn within {self._settings.timeout_seconds:g} seconds") from None
            except Error as error:
                raise RenderingError(error.message.splitlines()[0][:200]) from None
            finally:
                running.active -= 1
                running.drawn += 1
                await self._perhaps_retire(running)

    async def _visit(self, running: _Running, url: str) -> str:
        context = await running.browser.new_context(
            user_agent=self._user_agent,
            locale="zh-CN",
            service_workers="block",
            accept_downloads=False,
            ignore_https_errors=True,  # what is there is to be seen, whatever its certificate says
        )
        try:
            page = await context.new_page()
            visit = _Visit()
            await context.route("**/*", lambda route: self._pass(route, page, visit))
            context.on("page", _close_popup)
            await page.goto(url, wait_until="domcontentloaded")
            with suppress(Error):  # some pages never fall quiet; what they show by then is read
                await page.wait_for_load_state("networkidle", timeout=self._settings.quiet_seconds * 1000)
            return await self._document(context, page)
        finally:
            await self._let_go(running, context)

    async def _pass(self, route: Route, page: Page, visit: _Visit) -> None:
        request = route.request
        visit.requests += 1
        with suppress(Error):  # the page may be gone by now, or the request be of a window that is being closed
            leaves = request.is_navigation_request() and request.frame == page.main_frame
            visit.navigations += leaves
            refused = request.resource_type in NOT_FETCHED or visit.requests > self._settings.max_requests
            if visit.navigations > 1:
                # A page that loads itself again once a script has run is a check of browsers: we do not pass it. With
                # this answer the browser stays where it is.
                await route.fulfill(status=204)
            else:
                await (route.abort() if refused else route.continue_())

    async def _document(self, context: BrowserContext, page: Page) -> str:
        session = await context.new_cdp_session(page)
        tree = await session.send("Page.getFrameTree")
        world = await session.send("Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"]})
        told = await session.send(
            "Runtime.evaluate",
            {"expression": f"{READ}({self._settings.max_characters})", "contextId": world["executionContextId"]},
        )
        return f"<!DOCTYPE html>{told['result'].get('value', '')}"

    async def _let_go(self, running: _Running, context: BrowserContext) -> None:
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                await context.close()
        except (TimeoutError, Error):
            running.retired = True

    async def _ready(self) -> _Running:
        async with self._starting:
            if self._playwright is None:
                await self._proxy.start()
                self._playwright = await async_playwright().start()
            if self._running is None or not self._running.browser.is_connected():
                heap = self._settings.memory_bytes // (2 * self._settings.pages_at_once)
                try:
                    browser = await chromium.launch(self._playwright, self._program, self._proxy, heap_bytes=heap)
                except Error as error:
                    raise RenderingError(f"the browser does not start: {error.message.splitlines()[0][:200]}") from None
                self._running = _Running(browser=browser)
                self.started += 1
            return self._running

    async def _perhaps_retire(self, running: _Running) -> None:
        """Replace a browser that did enough or holds too much, once its last page is done."""
        full = running.drawn >= self._settings.recycle_after or browser_memory() > self._settings.memory_bytes
        if (full or running.retired) and self._running is running:
            self._running = None  # the next page starts another
            running.retired = True
        if running.retired and running.active == 0:
            await _end(running.browser)


async def _close_popup(page: Page) -> None:
    if await page.opener() is not None:
        with suppress(Error):
            await page.close()


async def _end(browser: Browser) -> None:
    with suppress(Error, TimeoutError):
        async with asyncio.timeout(CLOSING_SECONDS):
            await browser.close()
