"""Page objects: what is on a fetched page, read from its text alone. Nothing here touches a network."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from resiliparse.parse.html import HTMLTree

from crawler.urls import resolve

# Links and pictures read from one page: a link farm must not fill the frontier.
MAX_LINKS = 2_000
MAX_IMAGES = 500
# Attributes in which pages keep the address of a picture that is loaded when it is scrolled to.
LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "data-echo", "data-actualsrc")
SETS = ("srcset", "data-srcset")
CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]{1,2000})['\"]?\s*\)")
REFRESH_URL = re.compile(r"url\s*=\s*['\"]?([^'\";]{1,2000})", re.IGNORECASE)
INVISIBLE = ("script", "style", "noscript", "template")


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Canonical addresses in the order of the page, each once."""

    pages: tuple[str, ...]
    images: tuple[str, ...]


class HtmlPage:
    """One HTML document. The parser works without recursion, so depth of nesting is no danger."""

    def __init__(self, url: str, text: str) -> None:
        self.url = url
        self._tree: Any = HTMLTree.parse(text)

    @cached_property
    def title(self) -> str:
        """The document's title on one line, at most 500 characters."""
        return " ".join((self._tree.title or "").split())[:500]

    @cached_property
    def base(self) -> str:
        """Where relative addresses start."""
        declared = next(self._values("base[href]", "href"), "")
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
        body = self._tree.body
        if body is None:
            return ""
        _ = self.links, self.asks_for_password  # read before what is invisible is taken out
        for tag in INVISIBLE:
            for node in list(body.get_elements_by_tag_name(tag)):
                node.decompose()
        return " ".join(str(body.text).split())

    @cached_property
    def asks_for_password(self) -> bool:
        """Whether there is a password field."""
        return self._tree.document.query_selector('input[type="password"]') is not None

    @cached_property
    def headings(self) -> str:
        """The text of the first main headings."""
        return " ".join(str(node.text)[:200] for node in _some(self._tree.document.query_selector_all("h1, h2"), 5))

    def _page_references(self) -> Iterator[str]:
        yield from self._values("a[href]", "href")
        yield from self._values("area[href]", "href")
        yield from self._values("iframe[src]", "src")
        yield from self._values("frame[src]", "src")
        yield from self._values('link[rel="next"][href]', "href")
        for content in self._values('meta[http-equiv="refresh" i][content]', "content"):
            if found := REFRESH_URL.search(content):
                yield found.group(1)

    def _image_references(self) -> Iterator[str]:
        for node in self._tree.document.query_selector_all("img, picture source, amp-img"):
            yield from _image_sources(node)
        yield from self._values('meta[property="og:image"][content]', "content")
        for style in self._values('[style*="url("]', "style"):
            yield from CSS_URL.findall(style)

    def _values(self, selector: str, attribute: str) -> Iterator[str]:
        for node in self._tree.document.query_selector_all(selector):
            yield node.getattr(attribute, "") or ""

    def _addresses(self, references: Iterable[str], limit: int) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for reference in references:
            if reference and (address := resolve(self.base, reference)):
                found[address] = None
                if len(found) == limit:
                    break
        return tuple(found)


def _image_sources(node: Any) -> Iterator[str]:
    for name in (*LAZY, "src"):
        value = node.getattr(name, "") or ""
        if value and not value.startswith("data:"):
            yield value
    for name in SETS:
        if largest := _largest(node.getattr(name, "") or ""):
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


def _some(nodes: Iterable[Any], limit: int) -> Iterator[Any]:
    for _, node in zip(range(limit), nodes, strict=False):
        yield node
