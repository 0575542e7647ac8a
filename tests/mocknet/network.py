"""The network for a port: every site built by its description."""

from collections.abc import Callable, Mapping
from dataclasses import asdict

from tests.mocknet.description import Operator, read_description
from tests.mocknet.forms import films, leads, legitimate, media, reach, sources, texts
from tests.mocknet.forms.walls import build_walls
from tests.mocknet.media.pictures import favicon
from tests.mocknet.quirks import QUIRKS
from tests.mocknet.world import ON_A_LIST, Network, SiteBuilder
from tests.mocksite.alterations import Page

Way = Callable[[SiteBuilder], None]
WAYS: Mapping[str, Way] = {
    way.__name__: way
    for way in (
        *(texts.chapter, texts.chapter_parts, texts.text_file, texts.framed_text, texts.scripted_text),
        *(texts.forum_post, reach.sitemap_only, reach.feed_only, reach.site_search, reach.search_engine),
        *(films.player_json, films.api_film, films.hls, films.dash, films.direct_film, films.framed_player),
        *(media.picture, media.direct_music, media.package),
        *(leads.netdisk, leads.magnet, leads.torrent, leads.ed2k, leads.qr, leads.title),
        *(sources.source_list, sources.share),
        *(legitimate.official_texts, legitimate.official_media, legitimate.official_pictures, legitimate.trailers),
        *(legitimate.shop_texts, legitimate.shop_items, legitimate.catalogue_pages, legitimate.reviews),
        *(legitimate.talk, legitimate.documentation, legitimate.free_texts, legitimate.engine),
    )
}


def build(port: int) -> Network:
    """The network as a server on `port` sends it; the same every time."""
    described = read_description()
    network = Network(described=described, port=port)
    for site in described.sites:
        _fill(SiteBuilder(network, site))
        network.truth.sites[f"{site.host}.localhost"] = site.form
    for operator in described.operators:
        network.share(operator, f"/static/{operator.template}.css", b"body { margin: 0 auto }\n", "text/css")
        network.truth.operators[operator.name] = _shared(network, operator)
    return network


def _fill(site: SiteBuilder) -> None:
    for way in site.described.ways:
        WAYS[way](site)
    build_walls(site)
    for quirk in site.described.quirks:
        QUIRKS[quirk](site)
    if site.sitemap:
        reach.write_sitemaps(site)
    if site.feed:
        reach.write_feed(site)
    _open(site)


def _open(site: SiteBuilder) -> None:
    """The pages that every site has: home, lists, about, robots.txt, favicon."""
    lists = [site.shown[n : n + ON_A_LIST] for n in range(0, len(site.shown), ON_A_LIST)]
    turns = "".join(f'<a href="/list/{n}.html">{n}</a> ' for n in range(1, len(lists) + 1))
    for n, shown in enumerate(lists, start=1):
        rows = "".join(f'<li><a href="{path}">{words}</a></li>' for path, words in shown)
        inner = f"<ul>{rows}</ul><p>{turns}</p>"
        site.page(f"/list/{n}.html", f"全部 第{n}页", inner, shown=False)
        if n == 1:
            site.page("/", site.described.name, inner, shown=False)
    site.page("/about.html", "关于本站", "<p>本站内容由网友提供,如有问题请来信。</p>", shown=False)
    closed = "/vip/" if "robots" in site.described.quirks else "/admin/"
    named = f"Sitemap: {site.url('/sitemap.xml')}\n" if site.sitemap else ""
    site.network.put(
        site.label, "/robots.txt", Page(f"User-agent: *\nDisallow: {closed}\n{named}".encode(), "text/plain")
    )
    site.network.put(site.label, "/favicon.ico", Page(favicon(site.operator.favicon), "image/png"))


def _shared(network: Network, operator: Operator) -> dict[str, object]:
    """What the sites of an operator share, and which they are."""
    own = [f"{site.host}.localhost" for site in network.described.sites if site.operator == operator]
    traits = {k: v for k, v in asdict(operator).items() if k not in {"name", "cdn"} and v}
    return {"sites": own, "cdn": f"{operator.cdn}.localhost", **traits}
