"""Copies behind what pages hide: streams, files of sound and film, packages. Whole crawls of a site on loopback."""

from pathlib import Path

import pytest

from domain.captures import FetchOutcome
from domain.findings import Finding, FindingState
from domain.works import WorkType
from evidence.exchange import exchanges_in
from evidence.vault import FolderVault
from evidence.verification import verify
from matcher.software.examples import examples as packages
from matcher.video.examples import RATE, drawn
from store.findings import FindingStore
from tests.crawler import crawl
from tests.crawler.site import Answer, Site, html, raw, serving
from tests.support.films import film_of, write_film

PACKET = 188
"""Bytes of a packet of a transport stream."""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A registered film, and the same as a transport stream."""
    drawing = film_of(drawn(1, scenes=12), RATE)
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    path.write_bytes(write_film(drawing))
    return path, write_film(drawing, form="mpegts", key_frames=2 * RATE, quality=30)


def segments(stream: bytes, count: int) -> list[bytes]:
    length = -(-len(stream) // PACKET // count) * PACKET
    return [stream[start : start + length] for start in range(0, len(stream), length)]


def found_in(folder: Path) -> list[Finding]:
    with crawl.records(folder) as database:
        return list(FindingStore(database).export())


def test_a_stream_is_sampled_joined_and_compared(tmp_path: Path, film: tuple[Path, bytes]) -> None:
    registered, stream = film
    parts = segments(stream, 24)
    media = "#EXTM3U\n" + "".join(f"#EXTINF:1.5,\nseg/{n}.ts\n" for n in range(len(parts))) + "#EXT-X-ENDLIST\n"

    def pages(site: Site) -> dict[str, Answer]:
        player = f'<script>var player_aaaa={{"encrypt":0,"url":"{site.url("/master.m3u8", "cdn.localhost")}"}}</script>'
        return {
            "/": html("<a href='/play'>播放</a>"),
            "/play": html(f"<p>海边的灯塔看守人</p>{player}"),
            "/master.m3u8": raw(b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n/v/index.m3u8\n"),
            "/v/index.m3u8": raw(media.encode(), headers="Content-Type: application/vnd.apple.mpegurl\r\n"),
            **{f"/v/seg/{n}.ts": raw(part, headers="Content-Type: video/mp2t\r\n") for n, part in enumerate(parts)},
        }

    with serving(pages) as site:
        job = crawl.job_file(
            tmp_path,
            [site.url("/")],
            films={"海边的灯塔看守人": registered},
            settings={"stream_segments": 12},
            loopback_hosts=["cdn.localhost"],
        )
        crawl.run(job)
        (finding,) = found_in(tmp_path)
        assert (finding.type, finding.work_id, finding.state) == (WorkType.VIDEO, "海边的灯塔看守人", FindingState.OPEN)
        assert (finding.page_url, finding.host) == (site.url("/play"), "site.localhost")
        assert finding.url == site.url("/master.m3u8", "cdn.localhost")
        chosen = {path for path in site.asked if path.startswith("/v/seg/")}
        assert chosen == {f"/v/seg/{n}.ts" for n in (3, 4, 5, 6, 10, 11, 12, 13, 17, 18, 19, 20)}
    vault = FolderVault(tmp_path / "evidence")
    kept = exchanges_in(vault.read(finding.evidence))
    assert [exchange.url.rsplit("/", 1)[1] for exchange in kept[:2]] == ["master.m3u8", "index.m3u8"]
    assert len(kept) == 14
    assert verify(tmp_path / "evidence").problems == ()


def test_files_that_pages_play_or_offer_are_compared(tmp_path: Path, film: tuple[Path, bytes]) -> None:
    registered, _ = film
    copy, other = packages()[1].query.data, packages()[5].query.data
    program = tmp_path / "program.zip"
    program.write_bytes(packages()[0].registered.data)
    octets = "Content-Type: application/octet-stream\r\n"
    pages: dict[str, Answer] = {
        "/": html(
            "<video src='/film.mp4'></video><a href='/get/tool.tar.xz'>海螺图像处理大师 破解版</a>"
            "<a href='/get/other.zip'>别的</a><a href='/get/lost.apk'>没有了</a><a href='/get/wall.rar'>墙</a>"
        ),
        "/film.mp4": raw(registered.read_bytes(), headers="Content-Type: video/mp4\r\n"),
        "/get/tool.tar.xz": raw(copy, headers=octets),
        "/get/other.zip": raw(other, headers=octets),
        "/get/wall.rar": html("<p>请输入验证码后继续访问</p>"),
    }
    with serving(pages) as site:
        job = crawl.job_file(
            tmp_path, [site.url("/")], films={"海边的灯塔看守人": registered}, packages={"海螺图像处理大师": program}
        )
        crawl.run(job)
        found = {finding.url: finding for finding in found_in(tmp_path)}
        assert {url: (each.type, each.page_url) for url, each in found.items()} == {
            site.url("/film.mp4"): (WorkType.VIDEO, site.url("/")),
            site.url("/get/tool.tar.xz"): (WorkType.SOFTWARE, site.url("/")),
        }
        captures = crawl.captured(tmp_path)
        outcomes = {url.rsplit("/", 1)[1]: capture.outcome for url, capture in captures.items()}
    assert outcomes["other.zip"] is FetchOutcome.CONTENT
    assert outcomes["lost.apk"] is FetchOutcome.REMOVED
    assert outcomes["wall.rar"] is FetchOutcome.BLOCKED


def test_an_encrypted_stream_and_one_out_of_bounds_are_left_alone(tmp_path: Path, film: tuple[Path, bytes]) -> None:
    registered, stream = film
    locked = '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="/key"\n#EXTINF:9,\n/all.ts\n'
    away = "#EXTM3U\n#EXTINF:9,\nhttp://169.254.169.254/latest\n#EXTINF:9,\nhttp://other.localhost:1/x.ts\n"
    pages: dict[str, Answer] = {
        "/": html("<video src='/locked.m3u8'></video><video src='/away.m3u8'></video>"),
        "/locked.m3u8": raw(locked.encode()),
        "/away.m3u8": raw(away.encode()),
        "/all.ts": raw(stream),
    }
    with serving(pages) as site:
        crawl.run(crawl.job_file(tmp_path, [site.url("/")], films={"海边的灯塔看守人": registered}))
        assert (site.asked["/key"], site.asked["/all.ts"]) == (0, 0)
        captures = crawl.captured(tmp_path)
        for name in ("/locked.m3u8", "/away.m3u8"):
            capture = captures[site.url(name)]
            assert (capture.outcome, capture.reason) == (FetchOutcome.CONTENT, "not compared: no segments")
    assert found_in(tmp_path) == []
