"""Which short pages are parts of one text."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.chapters import joined
from domain.captures import Capture, FetchOutcome
from domain.ids import CaptureId, SweepId

SITE = "http://novels.example"


def page(path: str, found_on: str) -> Capture:
    return Capture(
        capture_id=CaptureId(path),
        sweep_id=SweepId("s"),
        url=SITE + path,
        canonical_url=SITE + path,
        host="novels.example",
        fetched_at=datetime(2026, 11, 22, tzinfo=UTC),
        outcome=FetchOutcome.CONTENT,
        found_on=SITE + found_on,
        text=path,
    )


def test_lines_that_pages_share_are_left_out() -> None:
    said = ("海边有灯。", "灯下有人。", "人在看书。")
    texts = [f"首页\n第1章({n}/3)\n{line}\n下一页" for n, line in enumerate(said, start=1)]
    pages = [replace(page(f"/b/{n}", f"/b/{n - 1}"), text=text) for n, text in enumerate(texts, start=1)]
    (found,) = joined(pages)
    assert found.text == "海边有灯。\n灯下有人。\n人在看书。"


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        # Parts of a chapter, each found on the one before it.
        (
            [("/b/1.html", "/b/"), ("/b/1_2.html", "/b/1.html"), ("/b/1_10.html", "/b/1_2.html")],
            [["/b/1.html", "/b/1_2.html", "/b/1_10.html"]],
        ),
        # The first links to all others; in order of their numbers and not of their spelling.
        ([("/b/10", "/b/2"), ("/b/2", "/b/"), ("/b/9", "/b/2")], [["/b/2", "/b/9", "/b/10"]]),
        # Another book begins, and another kind of page.
        (
            [("/b/1.html", "/b/"), ("/b/2.html", "/b/1.html"), ("/c/1.html", "/c/"), ("/b/3.txt", "/b/2.html")],
            [["/b/1.html", "/b/2.html"]],
        ),
        # Found by the link back to what comes before it.
        ([("/b/1", "/b/2"), ("/b/2", "/top")], [["/b/1", "/b/2"]]),
        # In one list: a page of quotations each, perhaps.
        ([("/quote/1", "/quotes"), ("/quote/2", "/quotes"), ("/quote/3", "/quotes")], []),
        ([("/about", "/"), ("/help", "/")], []),
        ([("/b/1.html", "/b/")], []),
        ([], []),
    ],
)
def test_pages_that_follow_one_another_are_joined(pages: list[tuple[str, str]], expected: list[list[str]]) -> None:
    given = sorted((page(*each) for each in pages), key=lambda each: each.canonical_url)
    found = list(joined(given))
    assert [[each.text for each in text.pages] for text in found] == expected
    assert all(text.url == f"{text.pages[0].canonical_url}#joined" for text in found)
