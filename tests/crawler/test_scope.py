"""Which addresses are fetched, and at whose cost."""

from datetime import date

from crawler.scope import IMAGE, PAGE, Scope
from domain.campaigns import SiteProfile
from store.frontier import FrontierEntry

NOVELS = SiteProfile(
    name="novels", hosts=("novels.example",), start_urls=("http://novels.example/",), allow=("/book/",), deny=("/ads/",)
)
FILMS = SiteProfile(name="films", hosts=("films.example",), start_urls=("http://films.example/",), deny=("/secret/",))
SCOPE = Scope([NOVELS, FILMS], max_url_length=100, today=date(2026, 11, 22))
PAGE_ENTRY = FrontierEntry(
    url_key="k", url="http://novels.example/book/1", kind=PAGE, host="novels.example", site="novels", depth=2
)


def pictures(*urls: str) -> list[tuple[str, str, str]]:
    return [(entry.url, entry.site, entry.shown_by) for entry in SCOPE.pictures(urls, PAGE_ENTRY)]


def test_pictures_belong_to_the_site_of_their_host_or_else_to_that_of_the_page() -> None:
    assert pictures("http://novels.example/a.png", "http://img.films.example/b.png", "http://cdn.example/c.png") == [
        ("http://novels.example/a.png", "novels", ""),
        ("http://img.films.example/b.png", "films", ""),
        ("http://cdn.example/c.png", "novels", "novels.example"),
    ]
    (foreign,) = SCOPE.pictures(["http://cdn.example/c.png"], PAGE_ENTRY)
    assert (foreign.kind, foreign.host, foreign.payer) == (IMAGE, "cdn.example", "novels.example")
    assert (foreign.found_on, foreign.depth) == (PAGE_ENTRY.url, 2)


def test_what_a_site_denies_is_not_fetched_from_elsewhere_either() -> None:
    denied = ("http://cdn.example/ads/c.png", "http://films.example/secret/d.png", "http://cdn.example/" + "x" * 100)
    assert pictures(*denied) == []


def test_a_page_outside_is_never_taken() -> None:
    assert SCOPE.entries(["http://cdn.example/book/1"], PAGE, found_on=PAGE_ENTRY.url, depth=3) == []
    assert SCOPE.onward("http://cdn.example/book/1", PAGE_ENTRY) == []


def test_a_moved_picture_is_still_shown_by_its_page() -> None:
    (foreign,) = SCOPE.pictures(["http://cdn.example/c.png"], PAGE_ENTRY)
    (onward,) = SCOPE.onward("http://other.example/c.png", foreign)
    assert (onward.found_on, onward.shown_by, onward.site) == (PAGE_ENTRY.url, "novels.example", "novels")


def test_pages_that_matter_come_before_the_start_pages_but_only_within_the_rules() -> None:
    urls = ["http://novels.example/book/9", "http://novels.example/ads/1", "http://gone.example/book/1"]
    (raised,) = SCOPE.raised(urls)
    assert (raised.url, raised.kind, raised.site) == (urls[0], PAGE, "novels")
    assert raised.priority < min(seed.priority for seed in SCOPE.seeds())
