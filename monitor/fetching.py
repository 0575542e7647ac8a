"""Web addresses for `match`: fetched once, within the bounds of any sweep, and kept nowhere."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from crawler.examination import Examiner
from crawler.runner import CrawlJob, run_crawl
from crawler.scope import IMAGE, PAGE
from crawler.urls import canonical, host_of
from domain.campaigns import Campaign, SiteProfile
from domain.captures import Capture, FetchOutcome
from domain.errors import UsageError
from evidence.exchange import from_warc
from evidence.vault import FolderVault
from matcher.engine import Engine, MatchResult
from monitor.wiring import Platform
from store.captures import CaptureStore
from store.database import Database
from store.schema import upgrade
from store.sweeps import SweepStore

NAME = "match"


def is_address(given: str) -> bool:
    """Whether an input of `match` is a web address rather than a path."""
    return given.lower().startswith(("http://", "https://"))


def match_addresses(
    platform: Platform, engine: Engine, urls: Sequence[str], *, allow_loopback: bool = False
) -> dict[str, MatchResult | str]:
    """The comparison of what each address holds, or what kept it from being fetched.

    Addresses, redirects, robots.txt and sizes are bounded as in a sweep. A process can do this once, as Scrapy runs
    once in it. Raises `UsageError` for what is no web address.
    """
    wanted = {url: _canonical(url) for url in urls}
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'records.sqlite'}")
        upgrade(database)
        vault = FolderVault(Path(folder) / "evidence")
        captures = _crawl(platform, database, vault, sorted(set(wanted.values())), allow_loopback=allow_loopback)
        limits = platform.settings.crawler
        examiner = Examiner(
            engine,
            max_page_bytes=limits.max_page_bytes,
            max_image_bytes=limits.max_image_bytes,
            read_page=platform.read_page,
        )
        results = {url: _result(captures, at, vault, examiner) for url, at in wanted.items()}
        database.close()
    return results


def _canonical(url: str) -> str:
    try:
        return canonical(url)
    except ValueError as error:
        raise UsageError(f"{url[:200]} is no web address.", "Begin it with http:// or https:// and a host.") from error


def _crawl(
    platform: Platform, database: Database, vault: FolderVault, urls: Sequence[str], *, allow_loopback: bool
) -> dict[str, Capture]:
    hosts = tuple(sorted({host_of(url) for url in urls}))
    site = SiteProfile(name=NAME, hosts=hosts, start_urls=tuple(urls))
    sweeps = SweepStore(database)
    sweep = sweeps.start(NAME, platform.clock())
    run_crawl(
        CrawlJob(
            sweep=sweep,
            campaign=Campaign(name=NAME, sites=(NAME,), allow_loopback=allow_loopback),
            sites=(site,),
            settings=platform.settings.crawler,
            database=database,
            vault=vault,
            read_page=platform.read_page,
            engine=Engine((), {}),  # what was fetched is compared afterwards, with all that the comparison says
            follow_links=False,
        )
    )
    return {capture.canonical_url: capture for capture in CaptureStore(database).of_sweep(sweep.sweep_id)}


def _result(captures: dict[str, Capture], url: str, vault: FolderVault, examiner: Examiner) -> MatchResult | str:
    capture = captures.get(url)
    passed = {url}
    while capture and capture.outcome is FetchOutcome.MOVED and capture.reason in captures.keys() - passed:
        passed.add(capture.reason)
        capture = captures[capture.reason]
    if capture is None:
        return "it was not fetched"
    if capture.outcome is not FetchOutcome.CONTENT or capture.record_digest is None:
        return f"{capture.outcome}: {capture.reason}"
    exchange = from_warc(vault.read(capture.record_digest))
    kind = IMAGE if capture.media_type.startswith("image/") else PAGE
    seen = examiner.examine(capture.canonical_url, exchange, kind=kind, only_shown=False)
    return seen.match or f"{seen.judgement.outcome}: {seen.judgement.reason or 'nothing to compare'}"
