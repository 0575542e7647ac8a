"""The network is what its description says: enough of every form, nothing planned twice, everything answered."""

import gzip
import re
import urllib.request
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from crawler.urls import canonical
from tests.mocknet.description import read_description
from tests.mocknet.network import WAYS, build
from tests.mocknet.server import answer, part_of, serve
from tests.mocknet.truth import Truth
from tests.mocknet.world import Network
from tests.mocksite.alterations import Page

MOST_PAGES = 2_500
PORT = 8_123
LEADS = {"netdisk", "magnet", "torrent", "ed2k", "qr", "source_list", "title"}
WALLS = {"captcha", "forbidden", "rate_limited", "login", "soft_404", "parked", "dead_share"}
ADDRESSES = ("href", "src", "data-original", "data-url", "data-src")
LAWFUL = {"official"}
"""Forms whose copies are licensed, but for a few."""


@pytest.fixture(scope="module")
def network() -> Network:
    return build(PORT)


def path_of(network: Network, url: str) -> tuple[str, str]:
    found = re.fullmatch(rf"http://([\w-]+)\.localhost:{PORT}(/.*)", url)
    assert found, url
    return found[1], found[2]


def test_there_are_sixty_sites_of_twelve_operators() -> None:
    described = read_description()
    assert (len(described.sites), len(described.operators)) == (60, 12)
    assert {site.operator for site in described.sites} == set(described.operators)
    assert {way for site in described.sites for way in site.ways} == set(WAYS)
    assert Counter(site.form for site in described.sites).keys() >= {
        *("novel", "film", "player", "gallery", "forum", "downloads", "links", "music"),
        *("netdisk", "sources", "search", "shop", "official"),
    }


def test_the_network_is_no_larger_than_a_test_can_sweep(network: Network) -> None:
    assert 1_500 < len(network.pages) <= MOST_PAGES


def test_it_is_the_same_every_time(network: Network) -> None:
    again = build(PORT)
    assert again.pages == network.pages
    assert again.truth.as_json() == network.truth.as_json()


def test_each_form_has_five_planted_cases_and_three_decoys(network: Network) -> None:
    truth = network.truth
    planted = Counter(c.form for c in truth.copies if not c.licensed or c.form in LAWFUL)
    planted += Counter(lead.form for lead in truth.leads)
    decoys = Counter(decoy.form for decoy in truth.decoys)
    assert {form: n for form, n in planted.items() if n < 5} == {}
    assert {form: decoys[form] for form in planted if decoys[form] < 3} == {}
    assert {lead.form for lead in truth.leads} == LEADS


def test_each_form_of_site_has_them_too(network: Network) -> None:
    """What is planted on search engines, netdisks and blogs is theirs to name or to hide, not to hold."""
    truth, forms = network.truth, {site.host: site.form for site in network.described.sites}
    planted = Counter(forms[site] for site in [c.site for c in truth.copies] + [lead.site for lead in truth.leads])
    decoys = Counter(forms[each.site] for each in truth.decoys)
    for form in set(forms.values()) - {"search", "netdisk", "blog", "library"}:
        assert planted[form] >= 5, form
        assert decoys[form] >= 3, form
    assert min(decoys[form] for form in ("search", "netdisk", "blog", "library")) >= 3
    assert sum(copy.form == "search_engine" for copy in truth.copies) >= 5


def test_each_wall_stands_five_times_and_has_lookalikes(network: Network) -> None:
    walls = Counter(wall.form for wall in network.truth.walls if not wall.is_decoy)
    lookalikes = Counter(wall.form for wall in network.truth.walls if wall.is_decoy)
    assert {form: walls[form] for form in WALLS if walls[form] < 5} == {}
    assert {form: lookalikes[form] for form in WALLS - {"dead_share"} if lookalikes[form] < 3} == {}
    assert lookalikes["share_alive"] >= 3


def test_every_planted_address_answers_under_its_one_spelling(network: Network) -> None:
    truth = network.truth
    urls = {url for copy in truth.copies for url in copy.urls} | {lead.page for lead in truth.leads}
    urls |= {decoy.url for decoy in truth.decoys} | {wall.url for wall in truth.walls}
    assert {url for url in urls if canonical(url) != url} == set()
    walls = {wall.url for wall in truth.walls}
    answered = {url: answer(network, *path_of(network, url)).status for url in urls}
    assert {url for url, status in answered.items() if status != 200 and url not in walls} == set()


def test_every_link_within_the_network_leads_somewhere(network: Network) -> None:
    """What pages link to and show is there, so that a miss of the crawler is its own."""
    missing = []
    for (label, path), page in network.pages.items():
        if page.status != 200 or not page.media_type.startswith("text/html"):
            continue
        root = etree.fromstring(page.body, etree.HTMLParser())
        urls = {node.get(name, "") for node in root.iter(etree.Element) for name in ADDRESSES}
        for url in urls - {""}:
            target = network.url(label, url) if url.startswith("/") else url
            if target.startswith("http://") and answer(network, *path_of(network, target)).status == 404:
                missing.append((label, path, url))
    assert missing == []


def test_pages_of_one_operator_share_what_the_truth_says(network: Network) -> None:
    for name, shared in network.truth.operators.items():
        for host in shared["sites"]:
            home = network.pages[host.partition(".")[0], "/"].body.decode(
                "gb18030" if _is_gbk(network, host) else "utf-8"
            )
            for trait in ("analytics", "icp", "ad_account"):
                assert shared.get(trait, "") in home, (name, host, trait)
            assert shared["cdn"] in home


def test_what_sitemaps_feeds_and_searches_name_is_on_no_page(network: Network) -> None:
    hidden = {"sitemap_only", "feed_only", "site_search", "search_engine"}
    paths = {path_of(network, copy.urls[0]) for copy in network.truth.copies if copy.form in hidden}
    linked = b"".join(page.body for page in network.pages.values() if page.media_type.startswith("text/html"))
    assert paths
    assert [path for _, path in paths if f'"{path}"'.encode() in linked] == []
    for copy in (copy for copy in network.truth.copies if copy.form == "sitemap_only"):
        label, path = path_of(network, copy.urls[0])
        packed = (network.pages[label, f"/sitemap-{n}.xml.gz"].body for n in range(2))
        assert any(f"{path}<".encode() in gzip.decompress(each) for each in packed)


def test_searches_find_by_title(network: Network) -> None:
    for copy in (copy for copy in network.truth.copies if copy.form == "site_search"):
        label, path = path_of(network, copy.urls[0])
        title = next(work.title for work in network.described.works if work.id == copy.work_id)
        assert path in answer(network, label, f"/search?wd={title}").body.decode()
    found = answer(network, "sousuo-a", "/s?wd=%E5%85%A8%E6%96%87%E9%98%85%E8%AF%BB").body.decode()
    assert found.count('class="result"') == 10
    assert "pn=2" in found


def test_the_interface_for_collectors_lists_details_and_filters(network: Network) -> None:
    def asked(query: str) -> str:
        return answer(network, "caiji", f"/api.php/provide/vod/{query}").body.decode()

    assert '"pagecount": 3' in asked("?ac=list")
    assert "vod_play_url" not in asked("?ac=list")
    assert asked("?ac=detail&ids=100").count("vod_play_url") == 1
    assert asked("?ac=detail&h=8").count("vod_play_url") == 2
    assert "vod_play_url" in asked("?ac=videolist&pg=3")
    assert asked("at/xml/?ac=detail").startswith("<?xml")


def test_the_truth_is_written_and_read(network: Network, tmp_path: Path) -> None:
    path = tmp_path / "truth.json"
    network.truth.write(path)
    assert Truth.read(path).as_json() == network.truth.as_json()


def test_traps_lead_on_without_end(network: Network) -> None:
    assert b"/month/2031-03" in answer(network, "shequ-a", "/month/2031-02").body
    assert b'href="/m/m/bt/0.html"' in answer(network, "cili-b", "/m/bt/0.html").body
    first, second = (answer(network, "luntan-a", "/list/1.html").body for _ in range(2))
    assert b"PHPSESSID=" in first
    assert first != second


@pytest.mark.parametrize(
    ("tags", "asked", "expected"),
    [
        ("", "", (200, b"0123456789")),
        ("", "bytes=2-4", (206, b"234")),
        ("", "bytes=7-", (206, b"789")),
        ("", "bytes=-3", (206, b"789")),
        ("", "bytes=20-", (416, b"")),
        ("", "bytes=-", (200, b"0123456789")),
        ('"781e5e245d69b566979b86e28d23f2c7"', "", (304, b"")),
    ],
)
def test_ranges_and_conditions(tags: str, asked: str, expected: tuple[int, bytes]) -> None:
    assert part_of(Page(b"0123456789"), tags, asked)[:2] == expected


def test_it_is_served_by_name() -> None:
    with serve() as running:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for label, name in (("biquge-a", "笔趣书屋"), ("yuedu", "正版阅读")):
            headers = {"Host": f"{label}.localhost"}
            request = urllib.request.Request(f"http://127.0.0.1:{running.network.port}/", headers=headers)
            with opener.open(request) as reply:
                assert name in reply.read().decode()
        assert running.requests["yuedu", "/"] == 1


def _is_gbk(network: Network, host: str) -> bool:
    return next(s.charset for s in network.described.sites if f"{s.host}.localhost" == host) == "gb18030"
