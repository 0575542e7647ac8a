"""Copied texts that no link leads to: only a sitemap, a feed or a search names them."""

import gzip
from collections.abc import Mapping
from html import escape
from urllib.parse import unquote_to_bytes

from domain.works import WorkType
from tests.mocknet.forms.texts import DECOYS, altered
from tests.mocknet.innocents import Piece, other_pieces, quoting_reviews
from tests.mocknet.world import SiteBuilder, paragraphs
from tests.mocksite.alterations import Page

Hit = tuple[str, str]
"""Address and title."""


def sitemap_only(site: SiteBuilder) -> None:
    """In the sitemap: an index of packed files."""
    _orphans(site, "sitemap_only", "/archive-s")


def feed_only(site: SiteBuilder) -> None:
    """In the feed of new pages: RSS on some sites, Atom on others."""
    _orphans(site, "feed_only", "/fresh")


def site_search(site: SiteBuilder) -> None:
    """Found by the site's own search, by title or alias."""
    hits = _orphans(site, "site_search", "/hidden")
    offer_search(site, hits, "/search")
    site.page("/search.html", "站内搜索", '<form action="/search"><input name="wd"><button>搜索</button></form>')


def search_engine(site: SiteBuilder) -> None:
    """Named by nothing but the search engines (see `legitimate.engine`)."""
    for path, title in _orphans(site, "search_engine", "/deep"):
        site.network.orphans.append((site.described.name, site.url(path), title))


def offer_search(site: SiteBuilder, hits: list[Hit], path: str) -> None:
    """Result pages for `?wd=` by part of the title."""
    describe_search(site, f"{site.url(path)}?wd={{searchTerms}}")

    def answer(asked: str, query: Mapping[str, str]) -> Page | None:
        if asked != path:
            return None
        wanted = asked_for(query)
        found = [hit for hit in hits if wanted and wanted in hit[1]]
        rows = "".join(f'<li class="result"><a href="{a}">{escape(t)}</a></li>' for a, t in found)
        return results_page(site, wanted, len(found), f"<ul>{rows}</ul>")

    site.answer(answer)


def results_page(site: SiteBuilder, wanted: str, count: int, rows: str) -> Page:
    """What a search answers, be it that there is nothing."""
    body = (
        f"<html><head><meta charset=utf-8><title>{escape(wanted)} 搜索</title></head><body>"
        f"<h1>{site.described.name}</h1><p>关键词 {escape(wanted)} 共 {count} 条结果</p>"
        f"{rows}<p><a href='/'>返回首页</a></p></body></html>"
    )
    return Page(body.encode())


def describe_search(site: SiteBuilder, template: str) -> None:
    """An OpenSearch 1.1 description of a search, which every page names."""
    described = (
        '<?xml version="1.0" encoding="UTF-8"?><OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">'
        f"<ShortName>{escape(site.described.name)}</ShortName>"
        f'<Url type="text/html" template="{escape(template)}"/></OpenSearchDescription>'
    )
    kind = "application/opensearchdescription+xml"
    site.file("/opensearch.xml", described.encode(), kind)
    site.head += f'<link rel="search" type="{kind}" href="/opensearch.xml">'


def asked_for(query: Mapping[str, str]) -> str:
    """What a search is for, in whichever charset it was spelt."""
    raw = unquote_to_bytes(query.get("wd", "").replace("+", " "))
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def write_sitemaps(site: SiteBuilder) -> None:
    """An index that names two packed sitemaps."""
    halves = (site.sitemap[::2], site.sitemap[1::2])
    for n, paths in enumerate(halves):
        rows = "".join(f"<url><loc>{site.url(path)}</loc></url>" for path in paths)
        body = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SITEMAPS}">{rows}</urlset>'
        site.file(f"/sitemap-{n}.xml.gz", gzip.compress(body.encode(), mtime=0), "application/gzip")
    rows = "".join(f"<sitemap><loc>{site.url(f'/sitemap-{n}.xml.gz')}</loc></sitemap>" for n in range(2))
    index = f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="{SITEMAPS}">{rows}</sitemapindex>'
    site.file("/sitemap.xml", index.encode(), "application/xml")


def write_feed(site: SiteBuilder) -> None:
    """RSS 2.0 or Atom, by the site's number."""
    name, title = (
        ("rss.xml", "application/rss+xml") if site.described.number % 2 else ("atom.xml", "application/atom+xml")
    )
    rows = [(site.url(path), escape(words)) for path, words in site.feed]
    if name == "rss.xml":
        items = "".join(f"<item><title>{words}</title><link>{address}</link></item>" for address, words in rows)
        body = f'<rss version="2.0"><channel><title>{escape(site.described.name)}</title>{items}</channel></rss>'
    else:
        items = "".join(f'<entry><title>{words}</title><link href="{address}"/></entry>' for address, words in rows)
        body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(site.described.name)}</title>{items}</feed>'
    site.file(f"/{name}", b'<?xml version="1.0" encoding="UTF-8"?>\n' + body.encode(), title)


def _orphans(site: SiteBuilder, form: str, folder: str) -> list[Hit]:
    """Pages that are on no list: copies, other pieces and reviews."""
    hits: list[Hit] = []
    for n, work in enumerate(site.works(WorkType.TEXT)):
        path, title = f"{folder}/{n}.html", f"{work.title} 全文阅读"
        sample = site.page(path, title, paragraphs(altered(site, work)), shown=False)
        site.copy(form, work, [site.url(path)], sample)
        hits.append((path, title))
    for n, piece in enumerate(_innocent(site)):
        path = f"{folder}/x{n}.html"
        sample = site.page(path, piece.title, paragraphs(piece.text), shown=False)
        site.decoy(form, path, sample=sample)
        hits.append((path, piece.title))
    if form == "sitemap_only":
        site.sitemap += [path for path, _ in hits]
    elif form == "feed_only":
        site.feed += hits
        kind, name = ("rss", "/rss.xml") if site.described.number % 2 else ("atom", "/atom.xml")
        site.head += f'<link rel="alternate" type="application/{kind}+xml" href="{name}">'
    return hits


def _innocent(site: SiteBuilder) -> list[Piece]:
    first = site.described.number
    both = [*other_pieces(), *quoting_reviews()]
    return [both[(first + 3 * n) % len(both)] for n in range(DECOYS)]


SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
