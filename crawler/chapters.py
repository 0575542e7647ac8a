"""Pages that are parts of one text: too short to be compared alone, joined in the order in which they lead on.

What tells them is the address (the same but for its last numbers) and where each was found: on one of those before it.
Pages that only stand in one list are left apart: many short quotations are no copy.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from domain.captures import Capture

NUMBERED = re.compile(r"(?P<before>.*?)(?P<chapter>\d{1,9})(?:[_-](?P<part>\d{1,6}))?(?P<after>(?:\.\w{1,8})?/?)")
DIGITS = re.compile(r"\d+")
LONGEST = 2_000_000
"""Characters of one joined text."""
MOST_PAGES = 2_000
MOST_LINKED = 20
"""Pages back that may link to a page: the first of a few often links to all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedText:
    """Pages that follow one another, and their text."""

    pages: tuple[Capture, ...]

    @property
    def text(self) -> str:
        """Their texts one after another, without the lines that several of them have but for numbers.

        Those are navigation, headings, adverts.
        """
        lines = [[line.strip() for line in page.text.splitlines() if line.strip()] for page in self.pages]
        shared = Counter(line for page in lines for line in {DIGITS.sub("#", line) for line in page})
        return "\n".join(line for page in lines for line in page if shared[DIGITS.sub("#", line)] == 1)

    @property
    def url(self) -> str:
        """Names the joined text: the first page, with a fragment that no page has."""
        return f"{self.pages[0].canonical_url}#joined"


def joined(pages: Iterable[Capture]) -> Iterator[JoinedText]:
    """The texts that `pages`, in order of their addresses, are parts of; what follows no other is left out."""
    for _, together in groupby(pages, key=lambda page: _place(page)[0]):
        by_ending: dict[str, list[Capture]] = {}
        for page in together:
            by_ending.setdefault(_place(page)[3], []).append(page)
        for parts in by_ending.values():
            yield from _runs(sorted(parts, key=lambda page: _place(page)[1:3]))


def _runs(pages: list[Capture]) -> Iterator[JoinedText]:
    run: list[Capture] = []
    length = 0
    for page in pages:
        if not run or not _follows(page, run) or length > LONGEST or len(run) == MOST_PAGES:
            yield from _whole(run)
            run, length = [], 0
        run.append(page)
        length += len(page.text)
    yield from _whole(run)


def _whole(run: list[Capture]) -> Iterator[JoinedText]:
    if len(run) > 1:
        yield JoinedText(pages=tuple(run))


def _follows(page: Capture, run: list[Capture]) -> bool:
    if not _place(page)[0]:
        return False  # no numbers, no order
    return (
        page.found_on in {each.canonical_url for each in run[-MOST_LINKED:]} or run[-1].found_on == page.canonical_url
    )


def _place(page: Capture) -> tuple[str, int, int, str]:
    """What comes before the last numbers of an address, these, and what comes after; empty and 0 without numbers."""
    found = NUMBERED.fullmatch(page.canonical_url)
    if found is None:
        return "", 0, 0, page.canonical_url
    return found["before"], int(found["chapter"]), int(found["part"] or 1), found["after"]
