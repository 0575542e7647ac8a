"""Whole crawls of a site on loopback, each in a process of its own."""

import asyncio
import gzip
import io
import json
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest
from PIL import Image
from sqlalchemy import func, select
from warcio.archiveiterator import ArchiveIterator

from domain.captures import FetchOutcome
from domain.findings import FindingState
from evidence.vault import FolderVault
from evidence.verification import verify
from store.captures import CaptureStore
from store.database import Database
from store.findings import FindingStore
from store.sweeps import SweepStore
from store.tables import captures, frontier, sightings
from tests.crawler import crawl
from tests.crawler.site import Answer, Site, html, raw, redirect, serving
from tests.mocksite.pictures import drawing


def prose(seed: int, length: int = 900) -> str:
    """Text that is like no other seed's."""
    letters = random.Random(seed)
    return "".join(chr(0x4E00 + letters.randrange(5000)) if n % 20 else "，" for n in range(1, length))


async def drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.1)


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()


async def all_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-A: " + b"x" * 1_000 + b"\r\n")
        await writer.drain()


async def reset(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 500\r\n\r\n<p>half")
    await writer.drain()


MISBEHAVIOURS: dict[str, tuple[Answer, FetchOutcome]] = {
    "/drip": (drip, FetchOutcome.TOO_SLOW),
    "/endless": (endless, FetchOutcome.TOO_LARGE),
    "/headers": (all_headers, FetchOutcome.BROKEN),
    "/reset": (reset, FetchOutcome.CONTENT),
    "/bomb": (
        raw(gzip.compress(bytes(200_000_000)), headers="Content-Type: text/html\r\nContent-Encoding: gzip\r\n"),
        FetchOutcome.TOO_LARGE,
    ),
    "/broken-gzip": (raw(b"no gzip", headers="Content-Encoding: gzip\r\n"), FetchOutcome.BROKEN),
    "/empty": (raw(b"", headers="Content-Type: text/html\r\n"), FetchOutcome.BROKEN),
    "/binary": (raw(bytes(range(256)) * 9, headers="Content-Type: text/html\r\n"), FetchOutcome.UNSUPPORTED),
    "/film": (raw(b"x", headers="Content-Type: video/mp4\r\n"), FetchOutcome.UNSUPPORTED),
    "/loop": (redirect("/loop2"), FetchOutcome.REDIRECT_LOOP),
    "/self": (redirect("/self"), FetchOutcome.REDIRECT_LOOP),
    "/chain0": (redirect("/chain1"), FetchOutcome.REDIRECT_LOOP),
    "/private": (redirect("http://10.0.0.1/"), FetchOutcome.REFUSED),
    "/moved": (redirect("/elsewhere"), FetchOutcome.MOVED),
    "/gone": (html("", status="410 Gone"), FetchOutcome.REMOVED),
    "/limited": (html("", status="429 Too Many", headers="Retry-After: 600\r\n"), FetchOutcome.RATE_LIMITED),
    "/busy": (html("", status="503 Busy"), FetchOutcome.ERROR),
    "/hidden/x": (html(prose(1)), FetchOutcome.ROBOTS),
    "/calendar?month=2041-01": (html(prose(2)), FetchOutcome.TRAP),
    "/not-there": (html("<h1>页面不存在</h1>"), FetchOutcome.SOFT_404),
}


def test_every_misbehaviour_ends_in_its_outcome(tmp_path: Path) -> None:
    routes: dict[str, Answer] = {path: answer for path, (answer, _) in MISBEHAVIOURS.items()}
    routes |= {f"/chain{n}": redirect(f"/chain{n + 1}") for n in range(1, 20)} | {"/loop2": redirect("/loop")}
    routes |= {"/elsewhere": html(prose(3)), "/robots.txt": raw(b"User-agent: piracy-monitor\nDisallow: /hidden\n")}
    routes["/"] = html("".join(f'<a href="{path}">x</a>' for path in MISBEHAVIOURS) + "<p>" + prose(4))
    with serving(routes) as site:
        process = crawl.start(crawl.job_file(tmp_path, [site.url("/")]))
        watched, peak = psutil.Process(process.pid), 0
        while process.poll() is None:
            peak = max(peak, _memory(watched))
            time.sleep(0.05)
        _, errors = process.communicate()
        found = crawl.captured(tmp_path)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    expected = {site.url(path): outcome for path, (_, outcome) in MISBEHAVIOURS.items()}
    assert {url: found[url].outcome for url in expected} == expected
    assert found[site.url("/elsewhere")].outcome is FetchOutcome.CONTENT
    assert site.asked["/hidden/x"] == site.asked["/calendar?month=2041-01"] == 0
    assert peak < 700_000_000


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def test_a_copy_becomes_a_finding_with_evidence(tmp_path: Path) -> None:
    story = prose(7, 2000)
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(buffer, "PNG")
    routes: dict[str, Answer] = {
        "/": html(f'<a href="/copy">x</a><a href="/other">y</a><img src="/a.png"><p>{prose(8)}'),
        "/copy": raw(gzip.compress(f"<p>{story}</p>".encode("gb18030")), headers="Content-Encoding: gzip\r\n"),
        "/other": html(f'<p>{prose(9)}</p><img src="/a.png">'),
        "/a.png": raw(buffer.getvalue(), headers="Content-Type: image/png\r\n"),
    }
    with serving(routes) as site:
        crawl.run(crawl.job_file(tmp_path, [site.url("/")], works={"灯": story}))
        found = crawl.captured(tmp_path)
        assert site.asked["/a.png"] == 1
    with crawl.records(tmp_path) as database:
        (finding,) = FindingStore(database).export()
    assert (finding.url, finding.page_url, finding.state) == (site.url("/copy"), site.url("/copy"), FindingState.OPEN)
    assert found[site.url("/copy")].record_digest == finding.evidence
    assert story[:50] in found[site.url("/copy")].text
    assert found[site.url("/a.png")].found_on in {site.url("/"), site.url("/other")}
    assert not verify(tmp_path / "evidence").problems
    record = FolderVault(tmp_path / "evidence").read(finding.evidence)
    bodies = {r.rec_type: r.raw_stream.read() for r in ArchiveIterator(io.BytesIO(record))}
    assert gzip.decompress(bodies["response"]).decode("gb18030") == f"<p>{story}</p>"


def picture(colour: str) -> bytes:
    """A whole answer with a picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(buffer, "PNG")
    return raw(buffer.getvalue(), headers="Content-Type: image/png\r\n")


def test_pictures_from_elsewhere_are_fetched_but_no_pages(tmp_path: Path) -> None:
    elsewhere: dict[str, Answer] = {
        "/robots.txt": raw(b"User-agent: *\nDisallow: /denied"),
        "/red.png": picture("red"),
        "/blue.png": redirect("/moved/blue.png"),
        "/moved/blue.png": picture("blue"),
        "/denied.png": picture("green"),
        "/page": html(f'<a href="http://site.localhost/secret">x</a><img src="/inner.png"><p>{prose(2)}'),
    }
    with serving(elsewhere) as cdn:
        shown = [cdn.url(path, "cdn.localhost") for path in ("/red.png", "/blue.png", "/denied.png", "/page")]
        shown += ["http://10.0.0.1/private.png", cdn.url("/red.png", "stranger.localhost")]
        document = "".join(f'<img src="{url}">' for url in shown) + f'<a href="{shown[3]}?x">x</a><p>{prose(1)}'
        with serving({"/": html(document), "/robots.txt": raw(b"")}) as site:
            crawl.run(crawl.job_file(tmp_path, [site.url("/")], loopback_hosts=["cdn.localhost"]))
        found = crawl.captured(tmp_path)
    assert {url: capture.outcome for url, capture in found.items()} == {
        site.url("/"): FetchOutcome.CONTENT,
        shown[0]: FetchOutcome.CONTENT,
        shown[1]: FetchOutcome.MOVED,
        cdn.url("/moved/blue.png", "cdn.localhost"): FetchOutcome.CONTENT,
        shown[2]: FetchOutcome.ROBOTS,
        shown[3]: FetchOutcome.UNSUPPORTED,
        shown[4]: FetchOutcome.REFUSED,
        shown[5]: FetchOutcome.REFUSED,
    }
    assert {capture.found_on for url, capture in found.items() if url != site.url("/")} == {site.url("/")}
    assert (cdn.asked["/denied.png"], cdn.asked["/inner.png"], cdn.asked["/page?x"]) == (0, 0, 0)


def test_the_page_is_accused_of_a_picture_that_it_shows_from_elsewhere(tmp_path: Path) -> None:
    drawing(5).save(tmp_path / "drawing.png")
    answer = raw((tmp_path / "drawing.png").read_bytes(), headers="Content-Type: image/png\r\n")
    with serving({"/a.png": answer}) as cdn:
        shown = cdn.url("/a.png", "cdn.localhost")
        with serving({"/": html(f'<img src="{shown}"><p>{prose(1)}')}) as site:
            pictures = {"图": tmp_path / "drawing.png"}
            crawl.run(crawl.job_file(tmp_path, [site.url("/")], pictures=pictures, loopback_hosts=["cdn.localhost"]))
    with crawl.records(tmp_path) as database:
        (finding,) = FindingStore(database).export()
    assert (finding.url, finding.page_url, finding.host) == (shown, site.url("/"), "site.localhost")
    assert finding.state is FindingState.OPEN


def test_pictures_from_elsewhere_are_paid_by_the_page_and_obey_robots_always(tmp_path: Path) -> None:
    paths = [f"/{n}.png" for n in range(6)]
    elsewhere: dict[str, Answer] = {path: picture("red") for path in paths}
    elsewhere["/robots.txt"] = raw(b"User-agent: *\nDisallow: /0.png")
    with serving(elsewhere) as cdn:
        document = "".join(f'<img src="{cdn.url(path, "cdn.localhost")}">' for path in paths) + f"<p>{prose(1)}"
        with serving({"/": html(document), "/robots.txt": raw(b"User-agent: *\nDisallow: /")}) as site:
            ground = {"allow_loopback": True, "robots": "ignore", "robots_ground": "立案号 2026-17"}
            job = crawl.job_file(
                tmp_path, [site.url("/")], site={"max_pages": 4}, campaign=ground, loopback_hosts=["cdn.localhost"]
            )
            crawl.run(job)
        found = crawl.captured(tmp_path)
    outcomes = Counter(capture.outcome for capture in found.values())
    assert outcomes == {FetchOutcome.CONTENT: 3, FetchOutcome.ROBOTS: 1, FetchOutcome.TRAP: 3}
    assert sum(cdn.asked[path] for path in paths) == 2


def test_text_that_databases_refuse_is_recorded(tmp_path: Path, database: Database) -> None:
    story, other = prose(7, 3000), prose(8, 3000)
    hostile = f"<p>{other}</p><p>x\0y&#0;z&#xD800;</p><p>{story[:1500]}\0{story[1500:]}</p>"
    utf16 = (
        b"\xff\xfe" + f"<title>\0t</title><p>{story}\0".encode("utf-16-le") + b"\x00\xd8" + prose(9).encode("utf-16-le")
    )
    routes: dict[str, Answer] = {
        "/": html('<a href="/a%00b">x</a><a href="/utf16">y</a><a href="/plain">z</a><a href="/kind">z</a>' + prose(1)),
        "/a%00b": html(hostile, title="a&#0;c&#xDFFF;d"),
        "/utf16": raw(utf16, headers="Content-Type: text/html; charset=utf-16\r\n"),
        "/plain": raw(f"{other}\n\n\0\n\n{story}".encode(), headers="Content-Type: text/plain\r\n"),
        "/kind": raw(b"x", headers="Content-Type: video/\0\r\n"),
    }
    with serving(routes) as site:
        errors = crawl.run(crawl.job_file(tmp_path, [site.url("/")], works={"灯": story}, database=database))
    assert "Traceback" not in errors, errors
    sweep = SweepStore(database).latest("test")
    assert sweep
    found = {capture.canonical_url: capture for capture in CaptureStore(database).of_sweep(sweep.sweep_id)}
    outcomes = {url.rpartition("/")[2]: capture.outcome for url, capture in found.items()}
    assert outcomes.pop("kind") is not FetchOutcome.CONTENT
    assert outcomes == dict.fromkeys(["", "a%00b", "utf16", "plain"], FetchOutcome.CONTENT)
    matched = {finding.url: finding for finding in FindingStore(database).export()}
    assert set(matched) == set(found) - {site.url("/"), site.url("/kind")}
    for url, finding in matched.items():
        start, end = (int(place) for place in finding.comparison.spans[0].query)
        begins, ends = (int(place) for place in finding.comparison.spans[0].work)
        assert found[url].text[start : start + 20] == story[begins : begins + 20]
        assert found[url].text[end - 20 : end] == story[ends - 20 : ends]


def test_a_licensed_host_gives_no_open_finding(tmp_path: Path) -> None:
    story = prose(7, 2000)
    with serving({"/": html(f"<p>{story}</p>")}) as site:
        crawl.run(crawl.job_file(tmp_path, [site.url("/")], works={"灯": story}, licensed=["site.localhost"]))
    with crawl.records(tmp_path) as database:
        (finding,) = FindingStore(database).export()
    assert finding.state is FindingState.LICENSED


def test_retries_and_budgets(tmp_path: Path) -> None:
    def late(tries: int) -> bytes:
        return html(prose(1)) if tries > 1 else raw(b"", status="429 Wait", headers="Retry-After: 1\r\n")

    many = {f"/{n}": html(prose(n)) for n in range(20)}
    index = html('<a href="/late">x</a>' + "".join(f'<a href="{path}">x</a>' for path in many))
    routes: dict[str, Answer] = {"/": index, "/late": late, **many}
    with serving(routes) as site:
        crawl.run(crawl.job_file(tmp_path, [site.url("/")], site={"max_pages": 10}))
        found = crawl.captured(tmp_path)
    assert found[site.url("/late")].outcome is FetchOutcome.CONTENT
    assert site.asked["/late"] == 2
    assert sum(capture.outcome is FetchOutcome.CONTENT for capture in found.values()) == 10
    assert sum("budget" in capture.reason for capture in found.values()) == len(found) - 10


def test_a_connection_serves_many_pages_and_none_is_asked_for_twice(tmp_path: Path) -> None:
    pages: dict[str, Answer] = {f"/{n}": html(prose(n) * 20) for n in range(40)}
    index = html("".join(f'<a href="{path}">x</a>' for path in pages) + prose(99))
    with serving({"/": index, **pages}) as site:
        crawl.run(crawl.job_file(tmp_path, [site.url("/")], site={"concurrency": 1}))
    assert {site.asked[path] for path in pages} == {1}


def tree(site: Site) -> dict[str, Answer]:
    """Sixty pages; each is linked from several."""
    del site
    links = {n: [2 * n + 1, 2 * n + 2, (n * 7) % 60] for n in range(60)}
    pages = {
        f"/{n}": html("".join(f'<a href="/{to}">x</a>' for to in links[n] if to < 60) + f"<p>{prose(n)}</p>")
        for n in range(60)
    }
    return dict(pages)


@pytest.mark.slow
def test_killed_at_any_moment_nothing_is_lost_and_nothing_captured_twice(tmp_path: Path) -> None:
    works = {str(n): prose(n) for n in range(0, 60, 3)}
    moments = random.Random(20261122)
    with serving(tree) as site:
        job = crawl.job_file(tmp_path, [site.url("/0")], works=works)
        for _ in range(6):
            process = crawl.start(job)
            assert process.stdout
            process.stdout.readline()  # the first sign of progress
            time.sleep(moments.random() * 0.4)
            process.send_signal(signal.SIGKILL)
            process.communicate()
        crawl.run(job)
    found = crawl.captured(tmp_path)
    assert set(found) == {site.url(f"/{n}") for n in range(60)}
    assert {capture.outcome for capture in found.values()} == {FetchOutcome.CONTENT}
    with crawl.records(tmp_path) as database, database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(captures)) == 60
        assert connection.scalar(select(func.count()).where(frontier.c.state != "done")) == 0
        assert connection.scalar(select(func.count()).select_from(sightings)) == len(works)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_waits_for_no_fetch_and_gives_leases_back(tmp_path: Path, how: signal.Signals) -> None:
    slow = {f"/{n}": drip for n in range(30)}
    index = html("".join(f'<a href="{path}">x</a>' for path in slow) + prose(1))
    site_rules = {"delay_seconds": 20.0, "concurrency": 2}
    routes: dict[str, Answer] = {"/": index, "/robots.txt": raw(b""), **slow}
    with serving(routes) as site:
        job = crawl.job_file(
            tmp_path, [site.url("/")], site=site_rules, settings={"timeout_seconds": 280.0, "lease_seconds": 300.0}
        )
        process = crawl.start(job)
        while not site.asked["/robots.txt"]:
            time.sleep(0.05)
        assert _listeners(process.pid) == []
        process.send_signal(how)
        _, errors = process.communicate(timeout=140)  # half of what a fetch may take
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    with crawl.records(tmp_path) as database, database.read() as connection:
        assert connection.scalar(select(func.count()).where(frontier.c.state == "leased")) == 0
        assert connection.scalar(select(func.count()).where(frontier.c.attempts > 0)) == 0


def _listeners(pid: int) -> list[int]:
    """Ports on which a process listens: Scrapy's telnet and remote control would be here."""
    connections = psutil.Process(pid).net_connections()
    return [c.laddr.port for c in connections if c.status == psutil.CONN_LISTEN]


def test_progress_is_told(tmp_path: Path) -> None:
    with serving(tree) as site:
        process = crawl.start(crawl.job_file(tmp_path, [site.url("/0")]))
        told, errors = process.communicate(timeout=60)
    assert process.returncode == os.EX_OK, errors
    last = json.loads(told.splitlines()[-1])
    assert (last["fetched"], last["queue"]) == (60, 0)
    assert last["rate"] > 0
