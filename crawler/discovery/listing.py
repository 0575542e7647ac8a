"""What a machine-readable document lists: addresses to fetch, searches to ask, and what it hides."""

from collections.abc import Callable
from dataclasses import dataclass

from crawler.discovery import feeds, maccms, opensearch, sources
from crawler.leads.finding import NO_HINTS, Hints
from matcher.text.decoding import decode

BEGINNINGS = (b"<", b"{", b"[", b"\xef\xbb\xbf", b"//", b"/*")
WITHIN = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One document that is made for programs."""

    pages: tuple[str, ...] = ()
    """Canonical addresses, in order, each once."""
    searches: tuple[str, ...] = ()
    """Templates of searches, with `{title}` where the title goes."""
    hints: Hints = NO_HINTS


Reader = Callable[[str, str], Listing | None]


def may_list(body: bytes) -> bool:
    """Whether bytes may be such a document: cheap, and true of many others."""
    head = body[:WITHIN].lstrip()
    marks = (b"<rss", b"<feed", b"<rdf:RDF", b"<OpenSearchDescription", b"vod_", b'"sites"', b"bookSource", b'"list"')
    return head.startswith(BEGINNINGS) and any(mark in head for mark in marks)


def read_listing(url: str, body: bytes, charset: str) -> Listing | None:
    """The listing at `url`; None when it is none of the known ones. Never raises for a bad one."""
    text = decode(body, charset)
    for read in (_maccms, _feed, _opensearch, _sources):
        if (found := read(url, text)) is not None:
            return found
    return None


def _feed(url: str, text: str) -> Listing | None:
    found = feeds.read_feed(url, text)
    return Listing(pages=found.pages, hints=found.hints) if found else None


def _maccms(url: str, text: str) -> Listing | None:
    found = maccms.read_page(url, text)
    return Listing(pages=found.pages, hints=Hints(hidden=found.hidden)) if found else None


def _opensearch(_: str, text: str) -> Listing | None:
    templates = opensearch.templates_in(text)
    return Listing(searches=templates) if templates else None


def _sources(_: str, text: str) -> Listing | None:
    hidden = sources.sources_in(text)
    return Listing(hints=Hints(hidden=hidden)) if hidden else None
