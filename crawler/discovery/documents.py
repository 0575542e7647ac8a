"""XML and JSON that strangers made, read within bounds."""

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

COMMENTS = re.compile(r"^\s*//[^\n]*$|/\*.*?\*/", re.MULTILINE | re.DOTALL)
MOST_ELEMENTS = 200_000


def elements(text: str) -> Iterator[tuple[str, etree._Element]]:
    """The elements of an XML document as each ends, with its name without namespace; as many as a broken one gives.

    Entities are not expanded, and nothing is loaded. What was looked at may be cleared by the caller.
    """
    parser = etree.XMLPullParser(
        events=("end",), recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    declared = re.sub(r"^\ufeff?\s*<\?xml[^>]{0,200}\?>", "", text)
    parser.feed(declared.encode("utf-8", errors="replace"))
    for number, (_, element) in enumerate(parser.read_events()):
        if number == MOST_ELEMENTS:
            return
        if isinstance(element, etree._Element) and isinstance(element.tag, str):
            yield element.tag.rpartition("}")[2], element


def json_in(text: str) -> Any:
    """The value of a JSON document, comments left out as lists of sources have them; None when it is none."""
    for attempt in (text, COMMENTS.sub("", text)):
        try:
            return json.loads(attempt.lstrip("\ufeff"), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def children(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The elements directly in another, with their names."""
    for child in element:
        if isinstance(child.tag, str):
            yield child.tag.rpartition("}")[2], child


def text_of(element: etree._Element) -> str:
    """All text in an element."""
    return "".join(str(part) for part in element.itertext())
