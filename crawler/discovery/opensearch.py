"""OpenSearch 1.1 descriptions: where a search is asked."""

from crawler.discovery.documents import elements

MOST = 10
TERMS = ("{searchTerms}", "{searchTerms?}")


def templates_in(text: str) -> tuple[str, ...]:
    """Templates of searches that answer with a page, `{title}` where the title goes; none in any other document.

    Optional parameters are left empty, and a required one that is not known here rules its template out.
    """
    if "<OpenSearchDescription" not in text[:4_096]:
        return ()
    found: dict[str, None] = {}
    for name, element in elements(text):
        if name == "Url" and element.get("type", "") in {"text/html", "application/xhtml+xml"}:
            template = _template(element.get("template", ""))
            if template:
                found[template] = None
    return tuple(found)[:MOST]


def _template(given: str) -> str:
    for term in TERMS:
        given = given.replace(term, "\ue000")
    known = {"{startPage}": "1", "{startIndex}": "1", "{count}": "20", "{inputEncoding}": "UTF-8"}
    for parameter, value in known.items():
        given = given.replace(parameter, value)
    while (start := given.find("{")) >= 0 and (end := given.find("?}", start)) > start:
        given = given[:start] + given[end + 2 :]
    return given.replace("\ue000", "{title}", 1) if "\ue000" in given and "{" not in given else ""
