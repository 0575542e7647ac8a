"""Results of a search, by a selector: pages of other sites that a registered title stands by."""

from collections.abc import Iterator

from cssselect import HTMLTranslator
from lxml import etree

from crawler.leads.forms import Hidden
from crawler.pages import HtmlPage
from crawler.urls import resolve
from domain.leads import LONGEST_WRITTEN, LeadKind

MOST = 100


def results_in(page: HtmlPage, selector: str) -> tuple[Hidden, ...]:
    """The links that `selector` chooses, each with its text; of an element that is no link the first inside it."""
    root = page.root
    if root is None:
        return ()
    chosen: object = etree.XPath(HTMLTranslator().css_to_xpath(selector))(root)
    found: dict[str, Hidden] = {}
    for link, text in _links(chosen if isinstance(chosen, list) else []):
        address = resolve(page.base, link)
        if address and address not in found and len(found) < MOST:
            found[address] = Hidden(
                kind=LeadKind.PAGE,
                target=address,
                written=link[:LONGEST_WRITTEN],
                names=(text[:300],),
                detail=text[:300],
            )
    return tuple(found.values())


def _links(chosen: list[object]) -> Iterator[tuple[str, str]]:
    for element in chosen:
        if isinstance(element, etree._Element):
            link = next(element.iter("a"), None)
            if link is not None and link.get("href"):
                yield link.get("href", ""), " ".join("".join(str(part) for part in element.itertext()).split())
