"""Feeds, interfaces, lists of sources, searches: read from text alone."""

import json
from datetime import date

import pytest

from crawler.discovery.addresses import next_numbered, search_address, titles_to_search
from crawler.discovery.listing import may_list, read_listing
from crawler.discovery.maccms import first_address
from crawler.discovery.opensearch import templates_in
from crawler.discovery.results import results_in
from crawler.pages import HtmlPage
from crawler.scope import PAGE, SEARCH, Scope
from domain.campaigns import SiteProfile
from domain.ids import WorkId
from domain.leads import LeadKind
from domain.works import Work, WorkType
from store.frontier import FrontierEntry

TODAY = date(2026, 11, 22)
API = "http://films.example/api.php/provide/vod/"
M3U8 = "https://cdn.example/{}/index.m3u8"

RSS = """<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel><title>新书</title><link>http://a.example/</link>
<item><title>灯塔 全集</title><link>/post/1</link><description><![CDATA[<p>网盘 https://pan.quark.cn/s/8c1f0a7b93de
提取码：Rt5K</p>]]></description><enclosure url="/f/1.torrent" type="application/x-bittorrent"/></item>
<item><title>二</title><guid>http://a.example/post/2</guid></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>一</title><link rel="alternate" href="/e/1"/>
<link rel="self" href="/self"/></entry><entry><link href="http://a.example/e/2"/></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<item><title>x</title><link>http://a.example/r/1</link></item></rdf:RDF>"""
FILM = {
    "vod_id": 7,
    "vod_name": "海边的灯",
    "vod_play_url": "$$$".join("#".join(f"第{n}集${M3U8.format(f'{s}{n}')}" for n in (1, 2, 3)) for s in "ab"),
}
DETAIL = {"code": 1, "page": "1", "pagecount": 3, "list": [FILM]}
LIST = {"code": 1, "page": 3, "pagecount": 3, "list": [{"vod_id": n, "vod_name": "x"} for n in range(1, 31)]}
XML = f"""<?xml version="1.0" encoding="utf-8"?><rss version="5.1"><list page="1" pagecount="2" recordcount="21">
<video><id>7</id><name><![CDATA[海边的灯]]></name><dl><dd flag="m3u8"><![CDATA[第1集${M3U8.format("x")}#第2集$https://v.qq.com/x/1.m3u8]]>
</dd></dl></video></list></rss>"""


def pages_of(url: str, text: str) -> tuple[str, ...]:
    found = read_listing(url, text.encode(), "utf-8")
    assert found is not None
    assert may_list(text.encode())
    return found.pages


def targets_of(url: str, text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    found = read_listing(url, text.encode(), "utf-8")
    assert found is not None
    return [(each.kind.value, each.target, each.names) for each in found.hints.hidden]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RSS, ("http://a.example/post/1", "http://a.example/post/2")),
        (ATOM, ("http://a.example/e/1", "http://a.example/e/2")),
        (RDF, ("http://a.example/r/1",)),
        (RSS[: len(RSS) - 40], ("http://a.example/post/1",)),
        (RSS.replace("<rss ", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><rss "), None),
    ],
)
def test_entries_of_feeds(text: str, expected: tuple[str, ...] | None) -> None:
    pages = pages_of("http://a.example/feed", text)
    assert pages == (expected or ("http://a.example/post/1", "http://a.example/post/2"))


def test_what_entries_hide() -> None:
    assert targets_of("http://a.example/feed", RSS) == [
        ("netdisk", "https://pan.quark.cn/s/8c1f0a7b93de", ()),
        ("torrent", "http://a.example/f/1.torrent", ()),
    ]


def test_an_interface_tells_its_films_and_its_next_page() -> None:
    url = first_address(API, 24)
    assert url == f"{API}?ac=detail&pg=1&h=24"
    assert pages_of(url, json.dumps(DETAIL)) == (f"{API}?ac=detail&h=24&pg=2",)
    episodes = [M3U8.format(name) for name in ("a1", "a3", "b1", "b3")]
    assert targets_of(url, json.dumps(DETAIL)) == [("stream", each, ("海边的灯",)) for each in episodes]


def test_an_interface_in_xml() -> None:
    assert pages_of(f"{API}at/xml/?ac=videolist", XML) == (f"{API}at/xml/?ac=videolist&pg=2",)
    assert targets_of(API, XML) == [("stream", M3U8.format("x"), ("海边的灯",))]


def test_entries_without_details_are_asked_for_by_their_ids() -> None:
    first, second = pages_of(f"{API}?ac=list&pg=3", json.dumps(LIST))
    assert first == f"{API}?ac=detail&ids=" + "%2C".join(map(str, range(1, 21))) + "&pg=1"
    assert second.startswith(f"{API}?ac=detail&ids=21%2C22")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '// 列表\n{"sites":[{"key":"a","name":"片库","type":1,"api":"http://vod.example/api.php/provide/vod/"},'
            '{"key":"b","api":"csp_Demo"}],"lives":[]}',
            [("sources", "http://vod.example/api.php/provide/vod/", ())],
        ),
        (
            '[{"bookSourceName":"书","bookSourceUrl":"https://book.example/#备注"},{"bookSourceUrl":7}]',
            [("sources", "https://book.example/", ())],
        ),
    ],
)
def test_lists_of_sources_are_leads_only(text: str, expected: list[tuple[str, str, tuple[str, ...]]]) -> None:
    assert targets_of("http://list.example/a.json", text) == expected
    assert pages_of("http://list.example/a.json", text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[" * 100_000,
        '{"sites":',
        '{"list":[{"vod_id":1}]}',
        '{"sites":[{"name":"x"}]}',
        "<rss></rss>",
        "<rss" + "<a>" * 50_000,
        "<html><body><list page='1'></body></html>",
        "<feed></feed>",
        '{"pagecount":"x","list":{}}',
    ],
)
def test_other_documents_are_no_listings(text: str) -> None:
    assert read_listing("http://a.example/", text.encode(), "") is None


def test_opensearch() -> None:
    text = """<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
    <Url type="text/html" template="http://s.example/?q={searchTerms}&amp;p={startPage?}&amp;l={language?}"/>
    <Url type="text/html" template="http://s.example/{custom}?q={searchTerms}"/>
    <Url type="application/rss+xml" template="http://s.example/rss?q={searchTerms}"/></OpenSearchDescription>"""
    assert templates_in(text) == ("http://s.example/?q={title}&p=&l=",)
    found = read_listing("http://s.example/os.xml", text.encode(), "")
    assert found is not None
    assert found.searches == templates_in(text)
    assert templates_in(text.replace("OpenSearchDescription", "Other")) == ()


def test_titles_are_asked_for_hot_works_first() -> None:
    works = [
        Work(work_id=WorkId("1"), title="冷", type=WorkType.TEXT, owner="a", aliases=("冷的别名",)),
        Work(work_id=WorkId("2"), title="热", type=WorkType.TEXT, owner="a", hot_from=date(2026, 11, 1)),
        Work(work_id=WorkId("3"), title="古", type=WorkType.TEXT, owner="a", public_domain_since=date(1900, 1, 1)),
    ]
    assert list(titles_to_search(works, TODAY)) == ["热", "冷", "冷的别名"]
    assert search_address("http://a.example/s?k={title}", "灯塔 &", "gbk") == "http://a.example/s?k=%B5%C6%CB%FE%20%26"


def test_numbered_pages() -> None:
    template = "http://a.example/list/{page}.html"
    assert next_numbered(template, "http://a.example/list/9.html") == "http://a.example/list/10.html"
    assert next_numbered(template, "http://a.example/list/x.html") is None
    assert next_numbered(template, "http://a.example/list/2000.html") is None
    assert next_numbered("http://a.example/?page={page}", "http://a.example/?page=1") == "http://a.example/?page=2"


def test_results_of_a_search_are_chosen_by_selector() -> None:
    page = HtmlPage(
        "http://s.example/?q=x",
        "<div class=r><h3><a href='http://b.example/1'>海边<em>的灯</em> 全集</a></h3></div>"
        "<div class=r><h3>没有链接</h3></div><div class=ad><a href='http://ad.example/'>广告</a></div>",
    )
    (found,) = results_in(page, "div.r h3")
    assert (found.kind, found.target, found.names) == (LeadKind.PAGE, "http://b.example/1", ("海边的灯 全集",))


SITE = SiteProfile(
    name="films",
    hosts=("films.example",),
    start_urls=("http://films.example/",),
    allow=("/vod/",),
    feeds=("http://films.example/rss",),
    apis=(API,),
    numbered=("http://films.example/vod/{page}.html",),
    searches=("http://films.example/search?k={title}",),
    results="li",
    max_searches=2,
)
SCOPE = Scope([SITE], max_url_length=200, today=TODAY, titles=["海边的灯", "守灯人", "第三"])


def entry(url: str, kind: str = PAGE) -> FrontierEntry:
    return FrontierEntry(url_key="k", url=url, kind=kind, host="films.example", site="films", depth=2)


def test_a_profile_says_where_to_start() -> None:
    seeds = {(seed.url, seed.kind, seed.depth) for seed in SCOPE.seeds()}
    assert seeds == {
        ("http://films.example/", PAGE, 0),
        ("http://films.example/rss", PAGE, 0),
        (f"{API}?ac=detail&pg=1", PAGE, 0),
        ("http://films.example/vod/1.html", PAGE, 0),
        ("http://films.example/search?k=%E6%B5%B7%E8%BE%B9%E7%9A%84%E7%81%AF", SEARCH, 0),
        ("http://films.example/search?k=%E5%AE%88%E7%81%AF%E4%BA%BA", SEARCH, 0),
    }


def test_what_is_listed_is_as_near_as_the_list() -> None:
    urls = [
        f"{API}?ac=detail&pg=2",
        "http://films.example/vod/7",
        "http://films.example/other",
        "http://x.example/vod/",
    ]
    found = SCOPE.listed(urls, entry(f"{API}?ac=detail&pg=1"))
    assert [(each.url, each.depth) for each in found] == [(urls[0], 2), (urls[1], 2)]
    assert [each.url for each in SCOPE.next_numbered(entry("http://films.example/vod/4.html"))] == [
        "http://films.example/vod/5.html"
    ]
    assert SCOPE.next_numbered(entry("http://films.example/vod/x")) == []
    assert SCOPE.results_of(entry("http://films.example/search?k=x", SEARCH)) == "li"
    assert SCOPE.results_of(entry("http://films.example/search?k=x")) == ""
