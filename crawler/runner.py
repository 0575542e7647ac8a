"""One crawl from its seeds to an empty frontier. A process runs one: Twisted's reactor starts once."""

import asyncio
import logging
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from types import FrameType
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from config.settings import CrawlerSettings
from crawler.discovery.addresses import titles_to_search
from crawler.examination import Examiner
from crawler.feeder import Feeder, Progress
from crawler.guard import Guard
from crawler.leads.titles import TitleIndex
from crawler.pace import Pace
from crawler.readers import Readers
from crawler.reading import ReadPage, read_page
from crawler.recorder import Recorder
from crawler.rendering.deciding import MayDraw, WhereWorthwhile, WithoutBrowser, browser_program, never
from crawler.scope import Scope
from crawler.spiders.profile import ProfileSpider
from domain.campaigns import Campaign, RobotsPolicy, SiteProfile, Sweep
from evidence.vault import Vault
from matcher.engine import Engine
from store.crews import Crew
from store.database import Database
from store.frontier import Frontier
from store.holders import this_process
from store.rendering import RenderingStore
from store.works import WorkStore

if TYPE_CHECKING:
    from crawler.rendering.browser import Renderer

__all__ = ["CrawlJob", "Progress", "run_crawl"]

# Connections that the browser may hold for each page, and how many times as long as a page takes one may last: it keeps
# them for the next page of the same site.
CONNECTIONS_A_PAGE = 40
CONNECTIONS_LAST = 3


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class CrawlJob:
    """What to crawl, and where the results go."""

    sweep: Sweep
    campaign: Campaign
    sites: Sequence[SiteProfile]
    settings: CrawlerSettings
    database: Database
    vault: Vault
    engine: Engine
    read_page: ReadPage = read_page
    """Reads what sites send; by default in this process, which a hostile page can keep busy."""
    readers: Readers | None = None
    """Read what is no page: pictures for codes, torrents, feeds and lists. Without them none of that is read."""
    follow_links: bool = True
    """Whether to go beyond the start pages; redirects are followed all the same."""
    on_progress: Callable[[Progress], None] | None = None
    loopback_hosts: Sequence[str] = ()
    """Where loopback is allowed: hosts beside those of the sites that may be asked for pictures."""
    clock: Callable[[], datetime] = _now


def run_crawl(job: CrawlJob) -> None:
    """Crawl until the sweep's frontier is empty, a stop is asked for, or the budget is spent.

    SIGINT, SIGTERM and the records ask for a stop. Whatever was leased and not finished is given back.
    """
    for name, level in (("scrapy", logging.WARNING), ("scrapy.core.downloader", logging.ERROR)):
        logging.getLogger(name).setLevel(level)
    process = AsyncCrawlerProcess(scrapy_settings(job))
    guard: Guard = process.settings["GUARD"]
    scope = _scope(job)
    lease = job.settings.lease_seconds
    frontier = Frontier(job.database, job.sweep.sweep_id, holder=this_process(), lease_seconds=lease)
    browser = browser_program(job.settings.rendering.program)
    may_draw = _may_draw(job, browser)
    feeder = _feeder(job, scope, frontier, may_draw)
    process.crawl(
        ProfileSpider,
        feeder=feeder,
        scope=scope,
        guard=guard,
        limits=job.settings,
        readers=job.readers,
        make_renderer=partial(_renderer, job, browser, process.settings, may_draw) if browser else None,
    )
    with _stopping_on_signals(feeder.stop):
        process.start(install_signal_handlers=False)
    asyncio.run(feeder.release_all())


def scrapy_settings(job: CrawlJob) -> Settings:
    """Scrapy's settings for one crawl."""
    limits = job.settings
    hosts = (*(host for site in job.sites for host in site.hosts), *job.loopback_hosts)
    product = limits.user_agent
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.update(
        {
            "USER_AGENT": f"{product} (+{limits.contact})" if limits.contact else product,
            "ROBOTSTXT_USER_AGENT": product.partition("/")[0],
            "ROBOTSTXT_OBEY": job.campaign.robots is RobotsPolicy.OBEY,
            "CONCURRENT_REQUESTS": limits.concurrency,
            "CONCURRENT_REQUESTS_PER_DOMAIN": max(site.concurrency for site in job.sites),
            "DOWNLOAD_SLOTS": {
                site.name: {"concurrency": site.concurrency, "delay": site.delay_seconds} for site in job.sites
            },
            "DOWNLOAD_TIMEOUT": limits.timeout_seconds,
            "DOWNLOAD_MAXSIZE": max(limits.max_page_bytes, limits.max_image_bytes, limits.max_file_bytes),
            "PACE": Pace(_delays(job), limits.max_retry_after_seconds),
            "GUARD": Guard(allow_loopback=job.campaign.allow_loopback, hosts=hosts),
        },
        priority="cmdline",
    )
    return settings


def _scope(job: CrawlJob) -> Scope:
    today = job.sweep.started_at.date()
    most = max((site.max_searches for site in job.sites if site.searches or site.opensearch), default=0)
    titles = list(islice(titles_to_search(WorkStore(job.database).all(), today), most)) if most else []
    return Scope(job.sites, max_url_length=job.settings.max_url_length, today=today, titles=titles)


def _delays(job: CrawlJob) -> dict[str, float]:
    return {site.name: site.delay_seconds for site in job.sites}


def _may_draw(job: CrawlJob, browser: str | None) -> MayDraw:
    if not job.settings.rendering.enabled:
        return never
    return WhereWorthwhile(RenderingStore(job.database), job.clock) if browser else WithoutBrowser()


def _renderer(job: CrawlJob, browser: str, given: Settings, may_draw: MayDraw) -> "Renderer":
    from crawler.rendering.browser import Renderer  # noqa: PLC0415 - takes long to load, and few crawls need it
    from crawler.rendering.proxy import GuardProxy  # noqa: PLC0415 - the same

    settings = job.settings.rendering
    proxy = GuardProxy(
        given["GUARD"],
        max_connections=CONNECTIONS_A_PAGE * settings.pages_at_once,
        max_bytes=settings.max_bytes,
        seconds=CONNECTIONS_LAST * settings.timeout_seconds,
    )
    return Renderer(browser, proxy, settings, user_agent=given["USER_AGENT"], may_draw=may_draw)


def _feeder(job: CrawlJob, scope: Scope, frontier: Frontier, may_draw: MayDraw) -> Feeder:
    limits = job.settings
    recorder = Recorder(
        sweep_id=job.sweep.sweep_id,
        campaign=job.campaign,
        database=job.database,
        vault=job.vault,
        engine=job.engine,
        frontier=frontier,
        scope=scope,
        examiner=Examiner(
            job.engine,
            max_page_bytes=limits.max_page_bytes,
            max_image_bytes=limits.max_image_bytes,
            max_file_bytes=limits.max_file_bytes,
            read_page=job.read_page,
            readers=job.readers,
        ),
        titles=TitleIndex(WorkStore(job.database).all()),
        follow_links=job.follow_links,
        may_draw=may_draw,
    )
    return Feeder(
        sweep=job.sweep,
        campaign=job.campaign,
        settings=limits,
        database=job.database,
        frontier=frontier,
        crew=Crew(
            job.database,
            job.sweep.sweep_id,
            holder=this_process(),
            lease_seconds=limits.lease_seconds,
            delays=_delays(job),
        ),
        scope=scope,
        recorder=recorder,
        clock=job.clock,
        on_progress=job.on_progress,
    )


@contextmanager
def _stopping_on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Let SIGINT and SIGTERM end the crawl in good order; the handlers before come back afterwards."""
    loop = asyncio.get_event_loop()

    def handle(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop)

    before: dict[int, Any] = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
