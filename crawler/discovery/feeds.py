"""Feeds: RSS 0.9 to 2.0, RDF and Atom (RFC 4287). An entry is fetched; its text may hide as much as a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from lxml import etree

from crawler.discovery.documents import children, elements, text_of
from crawler.leads.finding import Hints, hints_of
from crawler.pages import HtmlPage
from crawler.urls import resolve

MOST_ENTRIES = 1_000
MOST_TEXT = 500_000
KINDS = ("<rss", "<feed", "<rdf:rdf")
BODIES = frozenset({"description", "encoded", "content", "summary"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed leads to, and what its entries hide."""

    pages: tuple[str, ...]
    hints: Hints


def read_feed(url: str, text: str) -> Feed | None:
    """The feed at `url`; None for any other document."""
    if not any(kind in text[:4_096].lower() for kind in KINDS):
        return None
    pages: dict[str, None] = {}
    told: list[str] = []
    length = 0
    for number, entry in enumerate(_entries(text)):
        if number == MOST_ENTRIES:
            break
        pages.update(dict.fromkeys(filter(None, (resolve(url, link) for link in _links(entry)))))
        if length < MOST_TEXT:
            told.append(_as_html(entry)[: MOST_TEXT - length])
            length += len(told[-1])
        entry.clear()
    if not pages and not told:
        return None
    return Feed(pages=tuple(pages), hints=hints_of(HtmlPage(url, "".join(told))))


def _entries(text: str) -> Iterator[etree._Element]:
    return (element for name, element in elements(text) if name in {"item", "entry"})


def _links(entry: etree._Element) -> Iterator[str]:
    for name, child in children(entry):
        if name == "link" and child.get("rel", "alternate") in {"alternate", "enclosure"}:
            yield child.get("href") or text_of(child)
        elif name == "guid" and child.get("isPermaLink", "true").lower() == "true" and "://" in text_of(child):
            yield text_of(child)


def _as_html(entry: etree._Element) -> str:
    """An entry as a page would show it: title, text, and links to what is enclosed."""
    pieces = []
    for name, child in children(entry):
        if name == "title":
            pieces.append(f"<h3>{escape(text_of(child))}</h3>")
        elif name in BODIES:
            pieces.append(f"<div>{text_of(child)}</div>")
        elif name == "enclosure" or (name == "link" and child.get("rel") == "enclosure"):
            pieces.append(f'<a href="{escape(child.get("url") or child.get("href") or "")}"></a>')
    return f"<section>{''.join(pieces)}</section>"
