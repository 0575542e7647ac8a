"""Walls, notices, placeholders and what only looks like them: the corpus in `walls/`, one case a page."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.outcomes import Answer, is_image, of_move
from crawler.pages import HtmlPage
from crawler.reading import read_page
from crawler.walls.judge import of_page
from domain.captures import FetchOutcome
from tests.mocknet.network import build
from tests.mocknet.world import Network
from tests.mocksite.alterations import Page

CORPUS = Path(__file__).parent / "walls"
PAGES: list[dict[str, Any]] = [
    page for file in sorted(CORPUS.glob("*.toml")) for page in tomllib.loads(file.read_text(encoding="utf-8"))["page"]
]
KEPT = {"blocked", "login", "geo_blocked", "parked", "unknown"}


def judged(page: dict[str, Any]) -> Any:
    body = page["body"].replace("{repeat}", page.get("repeat", "") * 20)
    answer = Answer(status=page.get("status", 200), headers=tuple(page.get("headers", {}).items()))
    return of_page(HtmlPage("http://site.example/book/12.html", body), answer)


@pytest.mark.parametrize("page", PAGES, ids=[page["name"] for page in PAGES])
def test_a_page_is_what_it_is(page: dict[str, Any]) -> None:
    verdict = judged(page)
    assert verdict.judgement.outcome == page["outcome"], verdict.judgement.reason
    assert bool(verdict.judgement.reason) == (verdict.judgement.outcome is not FetchOutcome.CONTENT)
    assert bool(verdict.needs_browser) == page.get("needs_browser", False)


def test_the_corpus_is_large_and_nothing_in_it_is_removed_wrongly() -> None:
    assert len(PAGES) >= 150
    assert len({page["name"] for page in PAGES}) == len(PAGES)
    wrong = [
        p["name"] for p in PAGES if judged(p).judgement.outcome is FetchOutcome.REMOVED and p["outcome"] != "removed"
    ]
    assert wrong == []


@pytest.mark.parametrize("page", [p for p in PAGES if p["outcome"] != "removed"], ids=lambda page: str(page["name"]))
def test_no_wall_or_unknown_form_is_removed_whatever_the_status(page: dict[str, Any]) -> None:
    """Behind 404 and 410 what says that it is gone is removed; a wall, a login and what cannot be told are not."""
    for status in (404, 410):
        outcome = judged(page | {"status": status}).judgement.outcome
        if page["outcome"] in KEPT and page.get("status", 200) == 200 and page["name"] != "nothing at all":
            assert outcome == page["outcome"]


@pytest.mark.parametrize(
    ("source", "target", "outcome"),
    [
        ("http://a.example/book/12.html", "http://a.example/", FetchOutcome.SOFT_404),
        ("http://a.example/v?id=7", "https://www.a.example/index.php", FetchOutcome.SOFT_404),
        ("http://m.a.example/play/1-1", "http://a.example/", FetchOutcome.SOFT_404),
        ("http://a.example/", "https://www.a.example/", FetchOutcome.MOVED),
        ("http://a.example/zh", "http://a.example/", FetchOutcome.MOVED),
        ("http://a.example/book/12.html", "http://a.example/book/12/", FetchOutcome.MOVED),
        ("http://a.example/book/12.html", "http://b.example/", FetchOutcome.MOVED),
        ("http://a.example/book/12.html", "http://a.example/?from=12", FetchOutcome.MOVED),
    ],
)
def test_redirects(source: str, target: str, outcome: FetchOutcome) -> None:
    assert of_move(source, target).outcome is outcome


def test_the_mock_network_is_judged_as_it_is() -> None:
    """Pages that nobody wrote for these rules: walls, look-alikes, and the few that only a browser can show."""
    network = build(port=80)
    walls = {wall.url: wall.outcomes for wall in network.truth.walls}
    facts = {url: read_page(url, page.body, "", answer) for url, page, answer in _pages(network)}
    expected = {url: walls.get(url, ("content", "unknown")) for url in facts if walls.get(url) != ("robots",)}
    wrong = {url: facts[url].judgement for url, right in expected.items() if facts[url].judgement.outcome not in right}
    assert wrong == {}
    scripted = {url for url in facts if "/reader/" in url}
    drawn = {url for url, fact in facts.items() if fact.needs_browser}
    assert len(scripted) >= 10
    assert scripted <= drawn
    assert len(drawn) <= 0.15 * len(facts)


def _pages(network: Network) -> Iterator[tuple[str, Page, Answer]]:
    for (label, path), page in network.pages.items():
        is_page = page.media_type.startswith("text/html") and not 300 <= page.status < 400
        if is_page and not is_image(page.body):
            yield network.url(label, path), page, Answer(status=page.status)
