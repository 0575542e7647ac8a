"""Addresses, pages, sitemaps, traps and outcomes: everything that needs no network."""

import gzip
from datetime import date

import pytest

from crawler.outcomes import Answer, of_answer
from crawler.pages import MAX_LINKS, HtmlPage
from crawler.sitemaps import is_sitemap, locations, unzipped
from crawler.traps import trap_in
from crawler.urls import canonical, resolve, url_key
from crawler.walls.judge import of_page
from domain.captures import FetchOutcome
from domain.hosts import is_within

TODAY = date(2026, 11, 22)
BASE = "http://a.example/book/1.html"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("HTTP://A.Example:80/x/../b?z=1&a=2#part", "http://a.example/b?a=2&z=1"),
        ("http://a.example/b?utm_source=x&id=7&spm=1.2&PHPSESSID=abc", "http://a.example/b?id=7"),
        ("http://a.example/b;jsessionid=0123?id=7", "http://a.example/b?id=7"),
        ("http://a.example/b?sid=5", "http://a.example/b?sid=5"),
        ("http://a.example/b?sid=8f14e45fceea167a5a36", "http://a.example/b"),
        ("http://a.example/s?k=%B5%C6%CB%FE", "http://a.example/s?k=%B5%C6%CB%FE"),
        ("http://a.example/s?a=2&a=1", "http://a.example/s?a=2&a=1"),
        ("http://user:word@a.example./", "http://a.example/"),
        ("http://中国.example/路", "http://xn--fiqs8s.example/%E8%B7%AF"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
    ],
)
def test_canonical(given: str, expected: str) -> None:
    assert canonical(given) == expected
    assert canonical(expected) == expected


@pytest.mark.parametrize("given", ["ftp://a.example/", "javascript:void(0)", "/relative", "", "http://"])
def test_what_has_no_canonical_form(given: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical(given)


def test_keys_and_hosts() -> None:
    assert len(url_key(BASE)) == 20
    assert url_key(BASE) != url_key(BASE + "?")
    assert is_within("www.a.example", ("a.example",))
    assert not is_within("nota.example", ("a.example",))
    assert resolve(BASE, "mailto:a@b.example") is None


def test_links_and_pictures_of_a_page() -> None:
    page = HtmlPage(
        BASE,
        """<title> 海边  的灯 </title><base href="/lib/"><a href="2.html">2</a><a href="2.html#end">2</a>
        <a href="mailto:x@y.z">m</a><iframe src="//b.example/f"></iframe>
        <meta http-equiv="Refresh" content="5; URL='/next'">
        <img src="data:image/gif;base64,AAAA" data-src="lazy.jpg"><img srcset="s.jpg 1x, l.jpg 2x">
        <div style="background: url('/bg.png')"></div>""",
    )
    assert page.title == "海边 的灯"
    assert set(page.links.pages) == {
        "http://a.example/lib/2.html",
        "http://b.example/f",
        "http://a.example/next",
    }
    assert page.links.images == (
        "http://a.example/lib/lazy.jpg",
        "http://a.example/lib/l.jpg",
        "http://a.example/bg.png",
    )


def test_a_link_farm_and_a_deep_page_are_bounded() -> None:
    farm = HtmlPage(BASE, "".join(f"<a href='/{n}'>x</a>" for n in range(20_000)))
    assert len(farm.links.pages) == MAX_LINKS
    deep = HtmlPage(BASE, "<a href='/before'>x</a>" + "<div>" * 100_000 + "<a href='/in'>in</a>")
    assert deep.links.pages == ("http://a.example/before",)


def test_visible_text_leaves_scripts_out() -> None:
    assert HtmlPage(BASE, "<script>var a</script><style>b{}</style><p>看得见</p>").visible_text == "看得见"


def test_pictures_that_count_visits_are_left_out() -> None:
    page = HtmlPage(
        BASE, "<img src=/v.gif width=1 height=1px><img src=/w.gif width=0 height=0><img src=/x.gif width=1>"
    )
    assert page.links.images == ("http://a.example/x.gif",)


def test_sitemaps() -> None:
    head = b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    body = head + b"<url><loc> http://a.example/1 </loc></url><url><loc>/2</loc></url></urlset>"
    assert is_sitemap(body)
    assert locations(BASE, body) == ["http://a.example/1", "http://a.example/2"]
    assert unzipped(gzip.compress(body), 10_000) == body
    assert len(unzipped(gzip.compress(b"\0" * 1_000_000), 1_000)) == 1_000
    assert locations(BASE, body[:-9]) == ["http://a.example/1", "http://a.example/2"]
    assert not is_sitemap(b"<html><body>urlset</body></html>")


def test_entities_of_a_sitemap_are_not_expanded() -> None:
    body = (
        b'<?xml version="1.0"?><!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/hostname">]><urlset><loc>/&x;</loc></urlset>'
    )
    assert locations(BASE, body) in ([], ["http://a.example/"])


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/a/a/a/a/",
        "http://a.example/x/y/x/y/x/y/x/y/z",
        "http://a.example/calendar?month=2029-01",
        "http://a.example/calendar/2031/5",
        "http://a.example/events?year=1871&month=2",
        "http://a.example/" + "x/" * 40,
    ],
)
def test_traps(url: str) -> None:
    assert trap_in(url, TODAY)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/book/1/1/1.html",
        "http://a.example/book/2077/2031.html",
        "http://a.example/chapter-2050-10.html",
        "http://a.example/archive/2026/11/21/",
        "http://a.example/archive/2015-06",
        "http://a.example/calendar?month=2026-12",
    ],
)
def test_what_is_no_trap(url: str) -> None:
    assert trap_in(url, TODAY) == ""


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (404, FetchOutcome.REMOVED),
        (410, FetchOutcome.REMOVED),
        (401, FetchOutcome.LOGIN),
        (403, FetchOutcome.BLOCKED),
        (451, FetchOutcome.BLOCKED),
        (429, FetchOutcome.RATE_LIMITED),
        (500, FetchOutcome.ERROR),
        (418, FetchOutcome.BLOCKED),
    ],
)
def test_statuses(status: int, outcome: FetchOutcome) -> None:
    judged = of_answer(Answer(status=status))
    assert judged
    assert judged.outcome is outcome


@pytest.mark.parametrize(
    ("document", "outcome"),
    [
        ("<h1>页面不存在</h1>", FetchOutcome.SOFT_404),
        ("<title>404 Not Found</title><p>Sorry</p>", FetchOutcome.SOFT_404),
        ("<p>请输入验证码后继续访问</p>", FetchOutcome.BLOCKED),
        ("<title>Just a moment</title><p>Checking your browser before accessing</p>", FetchOutcome.BLOCKED),
        ("<h1>访问被拒绝</h1>", FetchOutcome.BLOCKED),
        ("<form>登录 <input type=password></form>", FetchOutcome.LOGIN),
        ("<form>登录 <input type=password> 验证码 <input></form>" + "正文" * 400, FetchOutcome.CONTENT),
        ("<h1>第404章 页面不存在的人</h1>" + "正文" * 400, FetchOutcome.CONTENT),
        ("<p>短文</p>", FetchOutcome.CONTENT),
        (
            "<h2><a href='/404'>404</a></h2><p>第一章</p><a href=/c><b>reCAPTCHA 验证码</b> 教程</a>",
            FetchOutcome.CONTENT,
        ),
        ("<h2><a href='/'>小站</a> 禁止访问</h2><a href='/c'>x</a>", FetchOutcome.BLOCKED),
        ("<a href='/'>首页</a> 请输入验证码 <a href='/b'>帮助</a>", FetchOutcome.BLOCKED),
        ("<p><a href='/'>首页</a></p>页面不存在", FetchOutcome.SOFT_404),
        ("<form><a href='/in'>登录</a><input type=password></form>", FetchOutcome.LOGIN),
    ],
)
def test_pages(document: str, outcome: FetchOutcome) -> None:
    assert of_page(HtmlPage(BASE, document)).judgement.outcome is outcome
