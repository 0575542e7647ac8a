"""Addresses made from templates: searches for titles, and lists in numbered pages."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from urllib.parse import quote

from crawler.urls import canonical
from domain.works import Work

MOST_NUMBERED = 2_000
TITLE, PAGE = "{title}", "{page}"
NUMBER = "9876543210"
"""Stands for a placeholder where an address is brought into its one spelling."""
LONGEST_TITLE = 60


def search_address(template: str, title: str, charset: str) -> str:
    """Where `template` asks for `title`."""
    return template.replace(TITLE, quote(title[:LONGEST_TITLE].encode(charset, errors="replace"), safe=""))


def titles_to_search(works: Iterable[Work], today: date) -> Iterator[str]:
    """Titles and aliases, each once; those of works in their hot window come first."""
    hot: dict[str, None] = {}
    others: dict[str, None] = {}
    for work in works:
        if not work.is_public_domain(today):
            names = dict.fromkeys(filter(None, (work.title, *work.aliases)))
            (hot if is_hot(work, today) else others).update(names)
    return chain(hot, (title for title in others if title not in hot))


def is_hot(work: Work, today: date) -> bool:
    """Whether a work is in the window in which it is watched closely."""
    if work.hot_from is None and work.hot_until is None:
        return False
    return (work.hot_from or date.min) <= today <= (work.hot_until or date.max)


def first_numbered(template: str) -> str:
    """The first page of a list in numbered pages."""
    return template.replace(PAGE, "1")


def next_numbered(template: str, url: str) -> str | None:
    """The page after the canonical `url` of the list; None when it is none of its pages, or the last looked at."""
    spelt = canonical(template.replace(PAGE, NUMBER)).replace(NUMBER, PAGE)
    found = re.fullmatch(re.escape(spelt).replace(re.escape(PAGE), r"(\d{1,6})"), url)
    if found is None or int(found[1]) >= MOST_NUMBERED:
        return None
    return spelt.replace(PAGE, str(int(found[1]) + 1))
