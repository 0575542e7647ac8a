"""The readable text of a page: its main text, or all that is visible where the main text cannot be told apart."""

from dataclasses import dataclass
from typing import Any

import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

LONGEST_PAGE = 8_000_000
"""Characters; what follows is cut off."""
DEEPEST = 512
"""Levels of nesting. Telling the main text apart takes time that grows with the square of the depth: measured, seven
minutes at 100,000 levels, 20 ms at 1,000."""
TAGS_WITHOUT_DOUBT = 2000
KEPT_ENOUGH = 0.5
FEWEST_DROPPED = 400
"""Characters that may be dropped as navigation without asking for a second opinion."""


@dataclass(frozen=True, slots=True)
class PageText:
    """What a person reads on a page."""

    title: str
    text: str


def readable(html: str) -> PageText:
    """Title and readable text of a page, one block a line. Never raises; time is bounded by the limits above."""
    html = html[:LONGEST_PAGE]
    tree = HTMLTree.parse(html)
    if tree is None or tree.body is None:
        return PageText(title="", text="")
    title = " ".join((tree.title or "").split())
    if html.count("<") > TAGS_WITHOUT_DOUBT and is_deeper_than(tree, DEEPEST):
        return PageText(title=title, text=tree.body.text or "")
    visible = extract_plain_text(tree, alt_texts=False, list_bullets=False)
    main = extract_plain_text(tree, main_content=True, comments=False, alt_texts=False, list_bullets=False)
    if len(visible) - len(main) > max(FEWEST_DROPPED, (1 - KEPT_ENOUGH) * len(visible)):
        second = trafilatura.extract(html, include_comments=False, favor_recall=True) or ""
        main = max(main, second, key=len)
    return PageText(title=title, text=main if len(main) >= KEPT_ENOUGH * len(visible) else visible)


def is_deeper_than(tree: HTMLTree, limit: int) -> bool:
    """Whether any element is nested more than `limit` levels deep. Walks without recursion, and stops at the first."""
    node: Any = tree.body
    depth = 0
    while node is not None:
        if (child := node.first_element_child) is not None:
            node, depth = child, depth + 1
            if depth > limit:
                return True
            continue
        while depth and node.next_element_sibling is None:
            node, depth = node.parent, depth - 1
        node = node.next_element_sibling if depth else None
    return False
