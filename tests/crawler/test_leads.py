"""Leads of whole crawls of a site on loopback."""

import json
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import func, select

from domain.leads import Disguise, Lead, LeadKind, Nearness
from store.leads import LeadStore
from store.sweeps import SweepStore
from store.tables import lead_sightings
from tests.crawler import crawl
from tests.crawler.leads.test_pictures import code, file_of
from tests.crawler.leads.test_torrents import bencoded
from tests.crawler.site import Answer, Site, html, raw, serving

SHARE = "https://pan.quark.cn/s/8c1f0a7b93de"
TORRENT = bencoded({"info": {"name": "白塔海峡的钟声.1080p", "length": 7, "pieces": b"\xff" * 20}})
QR = file_of(code("https://www.alipan.com/s/pQ7rT2vX9zB"))
PAGES = {
    "/": html("<a href='/post'>帖子</a><a href='/show'>图</a><a href='/t.torrent'>种子</a><a href='/shop'>正版</a>"),
    "/post": html(f"<p>白·塔·海·峡·的·钟·声 全集</p><p>{SHARE} 提取码：Rt5K</p>" * 2),
    "/show": html("<img src='/qr.png'>", title="《白塔海峡的钟声》资源"),
    "/qr.png": raw(QR, headers="Content-Type: image/png\r\n"),
    "/t.torrent": raw(TORRENT, headers="Content-Type: application/x-bittorrent\r\n"),
    "/shop": html("<p>百度网盘首页 https://pan.baidu.com/disk/home 提取码：无</p>"),
}


def leads_in(folder: Path) -> dict[LeadKind | str, Lead]:
    with crawl.records(folder) as database:
        return {lead.provider or lead.kind: lead for lead in LeadStore(database).export()}


def test_a_crawl_records_what_pages_pictures_and_torrents_hide(tmp_path: Path) -> None:
    with serving(PAGES) as site:
        job = crawl.job_file(tmp_path, [site.url("/")], works={"白塔海峡的钟声": "灯" * 200})
        crawl.run(job)
        found = leads_in(tmp_path)
        assert set(found) == {"quark", "aliyun", LeadKind.MAGNET, LeadKind.TORRENT}
        assert all(lead.site == "site" for lead in found.values())
        post = found["quark"]
        assert (post.target, post.code, post.nearness, post.works) == (
            SHARE,
            "Rt5K",
            Nearness.BESIDE,
            ("白塔海峡的钟声",),
        )
        assert post.page_url == site.url("/post")
        assert "“白塔海峡的钟声”" in post.reason.sentence("en")
        shown = found["aliyun"]
        assert (shown.disguise, shown.nearness) == (Disguise.PICTURE, Nearness.PAGE)
        assert shown.page_url == site.url("/show")
        named = found[LeadKind.MAGNET]
        assert (named.nearness, named.page_url) == (Nearness.BESIDE, site.url("/"))
        assert found[LeadKind.TORRENT].nearness is Nearness.NOWHERE


def test_sweeping_again_finds_the_same_leads_and_counts_them_again(tmp_path: Path) -> None:
    with serving(PAGES) as site:
        job = crawl.job_file(tmp_path, [site.url("/")], works={"白塔海峡的钟声": "灯" * 200})
        crawl.run(job)
        first = leads_in(tmp_path)
        with crawl.records(tmp_path) as database:
            sweeps = SweepStore(database)
            before = sweeps.latest("test")
            assert before is not None
            sweeps.end(before.sweep_id, before.state.FINISHED, crawl.NIGHT)
        crawl.run(job)
        again = leads_in(tmp_path)
        assert {lead.lead_id for lead in again.values()} == {lead.lead_id for lead in first.values()}
        with crawl.records(tmp_path) as database, database.read() as connection:
            seen = connection.execute(
                select(lead_sightings.c.sweep_id, func.count()).group_by(lead_sightings.c.sweep_id)
            ).all()
            assert [count for _, count in seen] == [4, 4]


def test_a_licensed_host_gives_no_leads_for_its_work(tmp_path: Path) -> None:
    with serving(PAGES) as site:
        works = {"白塔海峡的钟声": "灯" * 200}
        crawl.run(crawl.job_file(tmp_path, [site.url("/")], works=works, licensed=["site.localhost"]))
        found = leads_in(tmp_path)
    assert set(found) == {LeadKind.TORRENT}
    assert found[LeadKind.TORRENT].works == ()


def test_feeds_interfaces_searches_and_numbered_lists_lead_on(tmp_path: Path) -> None:
    def pages(site: Site) -> dict[str, Answer]:
        film = {"vod_id": 7, "vod_name": "白塔海峡的钟声", "vod_play_url": "正片$https://cdn.example/7/index.m3u8"}
        api = [json.dumps({"page": n, "pagecount": 2, "list": [film] if n == 2 else []}) for n in (1, 2)]
        result = (
            "<li><a href='http://elsewhere.example/b'>白塔海峡的钟声 免费</a><li><a href='http://x.example/'>别的</a>"
        )
        feed = f"<rss><item><title>x</title><link>{site.url('/from-feed')}</link></item></rss>"
        return {
            "/": html("<p>空</p>"),
            "/rss": raw(feed.encode(), headers="Content-Type: application/rss+xml\r\n"),
            "/from-feed": html("<p>来自订阅</p>"),
            "/api.php/provide/vod/?ac=detail&pg=1": raw(api[0].encode(), headers="Content-Type: application/json\r\n"),
            "/api.php/provide/vod/?ac=detail&pg=2": raw(api[1].encode(), headers="Content-Type: application/json\r\n"),
            "/list/1": html("<a href='/a'>a</a>"),
            "/list/2": html("<a href='/a'>a</a>"),
            "/list/3": html("<a href='/never'>b</a>"),
            "/a": html("<p>甲</p>"),
            f"/search?k={quote('白塔海峡的钟声')}": html(result),
        }

    with serving(pages) as site:
        profile = {
            "feeds": [site.url("/rss")],
            "apis": [site.url("/api.php/provide/vod/")],
            "numbered": [site.url("/list/{page}")],
            "searches": [site.url("/search?k={title}")],
            "results": "li",
        }
        works = {"白塔海峡的钟声": "灯" * 200}
        crawl.run(crawl.job_file(tmp_path, [site.url("/")], works=works, site=profile))
        found = leads_in(tmp_path)
        assert site.asked["/from-feed"] == 1
        assert (site.asked["/list/2"], site.asked["/list/3"]) == (1, 0)
    assert {lead.target: lead.works for lead in found.values()} == {
        "https://cdn.example/7/index.m3u8": ("白塔海峡的钟声",),
        "http://elsewhere.example/b": ("白塔海峡的钟声",),
    }
