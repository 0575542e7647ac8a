"""Page objects: what is on a fetched page, read from its text alone. Nothing here touches a network."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from crawler.urls import resolve

# Links and pictures read from one page: a link farm must not fill the frontier.
MAX_LINKS = 2_000
MAX_IMAGES = 500
# Attributes in which pages keep the address of a picture that is loaded when it is scrolled to.
LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "data-echo", "data-actualsrc")
SETS = ("srcset", "data-srcset")
CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]{1,2000})['\"]?\s*\)")
REFRESH_URL = re.compile(r"url\s*=\s*['\"]?([^'\";]{1,2000})", re.IGNORECASE)
# Sides of pictures that are there to count visits.
BEACON = frozenset({"0", "1", "0px", "1px"})
FEEDS = frozenset({"application/rss+xml", "application/atom+xml"})
INVISIBLE = frozenset({"script", "style", "noscript", "template"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Canonical addresses in the order of the page, each once."""

    pages: tuple[str, ...]
    images: tuple[str, ...]


class HtmlPage:
    """One HTML document. Time is linear in its length; what is nested over 2,048 deep (libxml2) is not read."""

    def __init__(self, url: str, text: str) -> None:
        self.url = url
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True)
        parser.feed((text or " ").encode("utf-8", errors="replace"))
        try:
            root = parser.close()
        except etree.XMLSyntaxError:
            root = etree.Element("html")  # nothing in it was markup
        self._nodes = tuple(root.iter(etree.Element)) if root is not None else ()

    @property
    def nodes(self) -> tuple[etree._Element, ...]:
        """Every element in the order of the document, the root first."""
        return self._nodes

    @property
    def root(self) -> etree._Element | None:
        """The outermost element; None when nothing was markup."""
        return self._nodes[0] if self._nodes else None

    @cached_property
    def title(self) -> str:
        """The document's title on one line, at most 500 characters."""
        node = next((node for node in self._nodes if node.tag == "title"), None)
        return " ".join(_text_of(node).split())[:500] if node is not None else ""

    @cached_property
    def base(self) -> str:
        """Where relative addresses start."""
        declared = next(self._values("base", "href"), "")
        return (resolve(self.url, declared) if declared else None) or self.url

    @cached_property
    def links(self) -> Links:
        """Where the page leads, and what it shows."""
        return Links(
            pages=self._addresses(self._page_references(), MAX_LINKS),
            images=self._addresses(self._image_references(), MAX_IMAGES),
        )

    @cached_property
    def visible_text(self) -> str:
        """The text a reader sees, roughly: for telling refusals from content, not for matching."""
        return _words(self._visible(self._nodes, frozenset()))

    @cached_property
    def own_words(self) -> str:
        """The visible text without that of links, which speaks of other pages."""
        return _words(self._visible(self._nodes, self._in_links))

    @cached_property
    def asks_for_password(self) -> bool:
        """Whether there is a password field."""
        return any(value.lower() == "password" for value in self._values("input", "type"))

    @cached_property
    def headings(self) -> str:
        """The text of the first main headings, without that of links."""
        nodes = [node for node in self._nodes if node.tag in {"h1", "h2"}][:5]
        return " ".join(_words(self._visible(tuple(node.iter(etree.Element)), self._in_links))[:200] for node in nodes)

    @cached_property
    def _in_links(self) -> frozenset[etree._Element]:
        inside: set[etree._Element] = set()
        for node in self._nodes:  # parents come before what is in them
            if node.tag == "a" or node.getparent() in inside:
                inside.add(node)
        return frozenset(inside)

    @staticmethod
    def _visible(nodes: Sequence[etree._Element], left_out: frozenset[etree._Element]) -> Iterator[str]:
        for node in nodes:
            if node.tag not in INVISIBLE and node.tag != "title" and node not in left_out:
                yield node.text or ""
            if node is not nodes[0] and node.getparent() not in left_out:
                yield node.tail or ""

    def _page_references(self) -> Iterator[str]:
        for tag, attribute in (("a", "href"), ("area", "href"), ("iframe", "src"), ("frame", "src")):
            yield from self._values(tag, attribute)
        for node in self._nodes:
            if node.tag == "link" and (node.get("rel", "").lower() == "next" or _is_feed(node)):
                yield node.get("href", "")
            elif node.tag == "meta" and node.get("http-equiv", "").lower() == "refresh":
                yield from REFRESH_URL.findall(node.get("content", ""))

    def _image_references(self) -> Iterator[str]:
        for node in self._nodes:
            if node.get("width") in BEACON and node.get("height") in BEACON:
                continue
            if node.tag in {"img", "source", "amp-img"}:
                yield from _image_sources(node)
            elif node.tag == "meta" and node.get("property") == "og:image":
                yield node.get("content", "")
            if "url(" in node.get("style", ""):
                yield from CSS_URL.findall(node.get("style", ""))

    def _values(self, tag: str, attribute: str) -> Iterator[str]:
        return (node.get(attribute, "") for node in self._nodes if node.tag == tag)

    def _addresses(self, references: Iterable[str], limit: int) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for reference in references:
            if reference and (address := resolve(self.base, reference)):
                found[address] = None
                if len(found) == limit:
                    break
        return tuple(found)


def _is_feed(node: etree._Element) -> bool:
    return node.get("rel", "").lower() == "alternate" and node.get("type", "").lower() in FEEDS


def _words(parts: Iterable[str]) -> str:
    return " ".join(" ".join(parts).split())


def _image_sources(node: etree._Element) -> Iterator[str]:
    for name in (*LAZY, "src"):
        value = node.get(name, "")
        if value and not value.startswith("data:"):
            yield value
    for name in SETS:
        if largest := _largest(node.get(name, "")):
            yield largest


def _largest(srcset: str) -> str:
    """The address with the greatest width or density of a `srcset`."""
    best, best_size = "", -1.0
    for candidate in srcset.split(","):
        address, _, size = candidate.strip().partition(" ")
        number = float(size.strip()[:-1]) if re.fullmatch(r"\d{1,6}(\.\d{1,6})?[wx]", size.strip()) else 1.0
        if address and number > best_size:
            best, best_size = address, number
    return best


def _text_of(node: etree._Element) -> str:
    return "".join(part for part in node.itertext() if isinstance(part, str))
