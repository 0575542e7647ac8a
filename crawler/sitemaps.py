"""Sitemaps (sitemaps.org protocol 0.9): the addresses a site lists for crawlers."""

import gzip
import io
import zlib

from lxml import etree

from crawler.urls import resolve

# The protocol allows 50,000 addresses a file.
MAX_LOCATIONS = 50_000


def is_sitemap(body: bytes) -> bool:
    """Whether decoded bytes are a sitemap or an index of sitemaps."""
    head = body[:1000].lstrip(b"\xef\xbb\xbf \r\n\t")
    return head.startswith((b"<?xml", b"<urlset", b"<sitemapindex", b"<!--")) and (
        b"<urlset" in head or b"<sitemapindex" in head
    )


def unzipped(body: bytes, limit: int) -> bytes:
    """What a `.xml.gz` file holds, up to `limit` bytes; the bytes themselves when they are no gzip file."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        with gzip.open(io.BytesIO(body)) as file:
            return file.read(limit)
    except (OSError, EOFError, zlib.error):
        return body


def locations(url: str, body: bytes) -> list[str]:
    """The addresses in a sitemap or sitemap index, in order, each once; as many as a broken file gives."""
    found: dict[str, None] = {}
    parser = etree.XMLPullParser(
        events=("end",), recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    parser.feed(body)
    for _, element in parser.read_events():
        if not isinstance(element, etree._Element) or not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2]
        if name == "loc" and (address := resolve(url, element.text or "")):
            found[address] = None
        element.clear()
        if len(found) == MAX_LOCATIONS:
            break
    return list(found)
