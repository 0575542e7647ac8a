"""Pages that only a script can show, in the real browser: what is found, what it may cost, and what is not drawn."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from config.loading import load_settings
from config.settings import RenderingSettings
from crawler.errors import RenderingError, StoppedError
from crawler.guard import Guard
from crawler.rendering.browser import Renderer
from crawler.rendering.deciding import INSTALL, browser_program
from crawler.rendering.memory import browser_memory
from crawler.rendering.proxy import GuardProxy
from domain.captures import FetchOutcome
from evidence.exchange import decoded_body, from_warc
from evidence.vault import FolderVault
from store.findings import FindingStore
from store.rendering import RenderingStore
from tests.crawler import crawl
from tests.crawler.site import Answer, Site, html, raw, serving
from tests.crawler.test_crawl import prose

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("browser")]
DEFAULTS = load_settings().crawler.rendering
STORY = prose(7, 2000)
SHELL = "<div id='app'></div><script src='/app.js'></script>"


@pytest.fixture(autouse=True)
def _needs_chromium() -> None:
    if browser_program() is None:
        pytest.skip(f"needs Chromium: {INSTALL}")


def changed(**values: Any) -> dict[str, Any]:
    """Settings of a crawl with other values for drawing."""
    return {"rendering": DEFAULTS.model_dump() | {"timeout_seconds": 15.0, "quiet_seconds": 2.0} | values}


def script(body: str) -> bytes:
    return raw(body.encode(), headers="Content-Type: text/javascript; charset=utf-8\r\n")


def application(site: Site) -> dict[str, Answer]:
    """A shop front and two chapters that one script writes from what it fetches."""
    app = """fetch('/api' + location.pathname).then(a => a.json()).then(d => {
      document.title = d.title; document.getElementById('app').innerHTML = d.body; });"""
    pages = {
        "/": {"title": "书城", "body": "<a href='/c/1'>第一章</a> <a href='/c/2'>第二章</a> <p>今日推荐</p>"},
        "/c/1": {"title": "第一章", "body": f"<h1>第一章</h1><p>{STORY}</p><img src='/p.png'>"},
        "/c/2": {"title": "第二章", "body": f"<h1>第二章</h1><p>{prose(8, 900)}</p>"},
    }
    routes: dict[str, Answer] = {path: html(SHELL) for path in pages}
    routes["/app.js"] = script(app)
    for path, value in pages.items():
        routes[f"/api{path}"] = raw(json.dumps(value).encode(), headers="Content-Type: application/json\r\n")
    return routes


def test_a_copy_that_a_script_writes_is_found_with_evidence_of_both(tmp_path: Path) -> None:
    with serving(application) as site:
        job = crawl.job_file(tmp_path, [site.url("/")], works={"灯": STORY}, settings=changed())
        errors = crawl.run(job)
        found = crawl.captured(tmp_path)
        assert site.asked["/p.png"] == 1  # by the crawl, which compares it; the browser fetches no picture
        assert site.asked["/c/1"] == 2
    assert "Traceback" not in errors
    chapter = found[site.url("/c/1")]
    assert (chapter.outcome, chapter.title) == (FetchOutcome.CONTENT, "第一章")
    assert found[site.url("/c/2")].outcome is FetchOutcome.CONTENT
    assert STORY[:200] in chapter.text.replace(" ", "")
    with crawl.records(tmp_path) as database:
        (finding,) = FindingStore(database).export()
        experience = RenderingStore(database).of("site.localhost")
    assert (finding.url, finding.evidence) == (site.url("/c/1"), chapter.record_digest)
    assert experience
    assert (experience.drawn, experience.gained) == (3, 3)
    assert chapter.record_digest
    exchange = from_warc(FolderVault(tmp_path / "evidence").read(chapter.record_digest))
    assert b"/app.js" in decoded_body(exchange, 10_000)
    assert STORY[:50] in exchange.drawn.decode()
    assert chapter.payload_size == len(exchange.drawn)


def test_a_page_that_needs_no_browser_never_starts_one(tmp_path: Path) -> None:
    routes = {
        "/": html(f"<a href='/a'>x</a><p>{prose(1, 300)}</p><script src='/x.js'></script>"),
        "/a": html("<p>短文</p>"),
    }
    routes |= {"/x.js": script("1"), "/404": html(SHELL, status="403 Forbidden")}
    with serving(routes) as site:
        process = crawl.start(crawl.job_file(tmp_path, [site.url("/"), site.url("/404")], settings=changed()))
        seen: set[str] = set()
        while process.poll() is None:
            seen |= {child.name() for child in _children(process.pid)}
            time.sleep(0.02)
        process.communicate()
        assert process.returncode == 0
    assert not {name for name in seen if "chrom" in name or "node" in name}, seen


def _children(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


def test_what_a_browser_cannot_show_stays_unknown_and_walls_are_not_tried(tmp_path: Path) -> None:
    reloads = "setTimeout(() => { document.cookie = 'ok=1'; location.reload(); }, 50)"
    routes: dict[str, Answer] = {
        "/": html("<a href='/loop'>a</a><a href='/void'>b</a><a href='/wall'>c</a><a href='/later'>d</a><p>目录页</p>"),
        "/loop": html("<div id='app'></div><script>while (true) {}</script>"),
        "/void": html("<div id='app'></div><script>1</script>"),
        "/wall": html(f"<script>{reloads}</script>"),
        "/later": html("<div id='app'></div><script src='/guard.js'></script>"),
        "/guard.js": script(f"document.getElementById('app').textContent = '请完成安全验证'; {reloads}"),
    }
    with serving(routes) as site:
        crawl.run(crawl.job_file(tmp_path, [site.url("/")], settings=changed(timeout_seconds=4.0)))
        found = crawl.captured(tmp_path)
        assert site.asked["/wall"] == 1
        assert site.asked["/later"] == 2  # it was drawn once, and its second load was not let out
    assert found[site.url("/loop")].outcome is FetchOutcome.UNKNOWN
    assert "not drawn within 4 seconds" in found[site.url("/loop")].reason
    assert found[site.url("/void")].outcome is FetchOutcome.UNKNOWN
    assert found[site.url("/wall")].outcome is FetchOutcome.BLOCKED
    assert found[site.url("/later")].outcome is FetchOutcome.BLOCKED


def test_without_a_browser_it_is_said_once_and_the_rest_works(tmp_path: Path) -> None:
    routes: dict[str, Answer] = {f"/{n}": html(SHELL) for n in range(3)}
    routes["/app.js"] = script("1")
    routes["/"] = html("".join(f"<a href='/{n}'>{n}</a>" for n in range(3)) + f"<p>{prose(3, 300)}</p>")
    with serving(routes) as site:
        errors = crawl.run(crawl.job_file(tmp_path, [site.url("/")], settings=changed(program="no-such-browser")))
        found = crawl.captured(tmp_path)
    assert errors.count("apt-get install chromium") == 1
    assert {found[site.url(f"/{n}")].outcome for n in range(3)} == {FetchOutcome.UNKNOWN}
    assert found[site.url("/")].outcome is FetchOutcome.CONTENT


def test_a_site_that_gains_nothing_is_no_longer_drawn(tmp_path: Path) -> None:
    routes: dict[str, Answer] = {f"/{n}": html(SHELL) for n in range(10)}
    routes["/app.js"] = script("1")
    routes["/"] = html("".join(f"<a href='/{n}'>{n}</a>" for n in range(10)) + "<p>目录</p>")
    site_settings = {"concurrency": 1}
    with serving(routes) as site:
        crawl.run(crawl.job_file(tmp_path, [site.url("/")], site=site_settings, settings=changed(pages_at_once=1)))
        drawn = site.asked["/app.js"]
    assert drawn in {6, 7}  # the seventh may have been let in before the sixth was recorded
    with crawl.records(tmp_path) as database:
        experience = RenderingStore(database).of("site.localhost")
    assert experience
    assert (experience.drawn, experience.gained) == (drawn, 0)


def test_a_stop_ends_drawing_at_once_and_leaves_no_browser(tmp_path: Path) -> None:
    routes: dict[str, Answer] = {"/": html("<div id='app'></div><script>while (true) {}</script>")}
    with serving(routes) as site:
        process = crawl.start(crawl.job_file(tmp_path, [site.url("/")], settings=changed(timeout_seconds=60.0)))
        children = _until_browser(process.pid)
        time.sleep(1.0)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert process.returncode == 0
        assert time.monotonic() - began < 20
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


def test_a_killed_crawl_leaves_no_browser(tmp_path: Path) -> None:
    routes: dict[str, Answer] = {"/": html("<div id='app'></div><script>while (true) {}</script>")}
    with serving(routes) as site:
        process = crawl.start(crawl.job_file(tmp_path, [site.url("/")], settings=changed(timeout_seconds=60.0)))
        children = _until_browser(process.pid)
        process.kill()
        process.communicate(timeout=60)
    _, alive = psutil.wait_procs(children, timeout=30)
    assert alive == []


def _until_browser(pid: int) -> list[psutil.Process]:
    for _ in range(600):
        children = _children(pid)
        if any("chrom" in child.name() for child in children if child.is_running()):
            return children
        time.sleep(0.1)
    raise AssertionError("no browser was started")


@asynccontextmanager
async def renderer(**values: Any) -> AsyncIterator[Renderer]:
    settings = RenderingSettings.model_validate(changed(**values)["rendering"])
    guard = Guard(allow_loopback=True, hosts=("site.localhost",))
    proxy = GuardProxy(guard, max_connections=80, max_bytes=settings.max_bytes, seconds=60.0)
    path = browser_program()
    assert path
    made = Renderer(path, proxy, settings, user_agent="piracy-monitor-test")
    try:
        yield made
    finally:
        await made.close()


def test_the_browser_is_replaced_after_so_many_pages_and_when_it_holds_too_much() -> None:
    async def draw(site: Site, **values: Any) -> tuple[int, int]:
        async with renderer(**values) as made:
            for _ in range(5):
                assert "here" in await made.draw(site.url("/"))
            return made.started, browser_memory()

    with serving({"/": html("<p>here</p>")}) as site:
        started, held = asyncio.run(draw(site, recycle_after=2))
        assert started == 3
        assert held > 20_000_000
        assert asyncio.run(draw(site))[0] == 1
    assert browser_memory() == 0


def test_a_page_is_cut_counted_and_cannot_reach_our_reading_of_it() -> None:
    tricks = """
      Object.defineProperty(Element.prototype, 'outerHTML', {get: () => 'forged'});
      String.prototype.slice = () => 'forged';
      document.body.innerHTML += '<p>' + 'long '.repeat(400000) + '</p>';
      for (let n = 0; n < 100; n++) fetch('/n/' + n);
    """
    with serving({"/": html(f"<p>here</p><script>{tricks}</script>")}) as site:

        async def draw() -> str:
            async with renderer(max_characters=100_000, max_requests=20) as made:
                return await made.draw(site.url("/"))

        document = asyncio.run(draw())
        assert sum(count for path, count in site.asked.items() if path.startswith("/n/")) == 19
    assert "here" in document
    assert "forged" not in document[:90]
    assert 100_000 <= len(document) < 100_100


def test_pages_share_nothing_and_nothing_is_kept() -> None:
    keeps = "x.textContent = document.cookie + localStorage.a; document.cookie = 'a=1'; localStorage.a = 1"
    body = f"<p id=x></p><script>{keeps}</script>"
    with serving({"/": html(body)}) as site:

        async def draw() -> list[str]:
            async with renderer() as made:
                return [await made.draw(site.url("/")) for _ in range(2)]

        first, second = asyncio.run(draw())
    assert first == second
    assert "undefined</p>" in first


def test_what_is_asked_for_after_the_end_is_refused_and_errors_have_words() -> None:
    async def run() -> None:
        async with renderer() as made:
            with pytest.raises(RenderingError, match="ERR_"):
                await made.draw("http://elsewhere.example/")
            await made.close()
            with pytest.raises(StoppedError):
                await made.draw("http://site.localhost/")

    asyncio.run(run())
