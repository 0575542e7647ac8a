"""Scrapy's scheduler over leased addresses: hands out a request when its site has room for one.

Waiting happens here and not in Scrapy's download slots, so that a slow site holds up no other, and a crawl that is
told to end has nothing queued deep inside. Leasing and acknowledging is the feeder's part.
"""

import time
from collections import deque
from typing import Self

from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

from crawler.pace import Pace


class SiteScheduler(BaseScheduler):
    """Queues by site, served in turn."""

    def __init__(self, concurrency: dict[str, int], pace: Pace) -> None:
        self._concurrency = concurrency
        self._pace = pace
        self._waiting: dict[str, deque[Request]] = {}
        self._busy: dict[str, set[Request]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        slots = crawler.settings.getdict("DOWNLOAD_SLOTS")
        scheduler = cls({name: slot["concurrency"] for name, slot in slots.items()}, crawler.settings["PACE"])
        crawler.signals.connect(scheduler.arrived, signal=signals.request_left_downloader)
        return scheduler

    def open(self, spider: Spider) -> None:
        """Nothing to prepare."""

    def has_pending_requests(self) -> bool:
        return bool(self._waiting)

    def enqueue_request(self, request: Request) -> bool:
        self._waiting.setdefault(_site_of(request), deque()).append(request)
        return True

    def next_request(self) -> Request | None:
        """The next request of a site with room, sites taking turns; None when there is none."""
        now = time.monotonic()
        for site in list(self._waiting):
            if self._pace.is_paused(site, now):
                continue
            busy = self._busy.setdefault(site, set())
            if len(busy) < self._concurrency.get(site, 1):
                queue = self._waiting.pop(site)
                request = queue.popleft()
                if queue:
                    self._waiting[site] = queue  # behind the others: their turn first
                busy.add(request)
                return request
        return None

    def arrived(self, request: Request) -> None:
        """Note that a request is no longer with the site; safe to repeat."""
        self._busy.get(_site_of(request), set()).discard(request)

    def drain(self) -> None:
        """Drop what waits here; its leases are the feeder's to release."""
        self._waiting.clear()


def _site_of(request: Request) -> str:
    return str(request.meta["download_slot"])
