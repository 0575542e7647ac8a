import time
from pathlib import Path

from crawler.pace import Pace
from domain.captures import FetchOutcome
from tests.crawler import crawl
from tests.crawler.site import Answer, html, raw, serving


def test_trouble_doubles_the_delay_and_good_answers_ease_it() -> None:
    pace = Pace({"a": 2.0}, longest=60.0)
    delays = []
    for _ in range(4):
        pace.trouble("a", 0.0, None)
        delays.append(pace.delay("a"))
    assert delays == [4.0, 8.0, 10.0, 10.0]
    pace.fine("a")
    assert pace.delay("a") == 7.0
    for _ in range(20):
        pace.fine("a")
    assert pace.delay("a") == 2.0


def test_a_site_without_delay_gets_one_and_loses_it_again() -> None:
    pace = Pace({"a": 0.0}, longest=60.0)
    pace.trouble("a", 0.0, None)
    assert pace.delay("a") == 1.0
    for _ in range(50):
        pace.fine("a")
    assert pace.delay("a") == 0.0
    assert pace.delay("b") == 0.0


def test_a_profile_slower_than_the_bound_is_never_made_faster() -> None:
    pace = Pace({"a": 30.0}, longest=60.0)
    pace.trouble("a", 0.0, None)
    assert pace.delay("a") == 30.0


def test_a_wait_that_was_asked_for_holds_for_the_whole_site_within_the_bound() -> None:
    pace = Pace({"a": 0.0}, longest=60.0)
    pace.trouble("a", 100.0, 20.0)
    pace.trouble("a", 101.0, 5.0)
    assert pace.is_paused("a", 119.9)
    assert not pace.is_paused("a", 120.0)
    assert not pace.is_paused("b", 100.0)
    pace.trouble("a", 200.0, 1e9)
    assert not pace.is_paused("a", 260.0)


def test_a_retry_after_holds_every_address_of_the_site(tmp_path: Path) -> None:
    told: list[float] = []
    asked: list[float] = []

    def busy(tries: int) -> bytes:
        if tries == 1:
            told.append(time.monotonic())
            return raw(b"", status="503 Busy", headers="Retry-After: 3\r\n")
        return html("<p>now</p>")

    def other(_tries: int) -> bytes:
        asked.append(time.monotonic())
        return html("<p>other</p>")

    names = [f"/{n}" for n in range(10)]
    index = html('<a href="/busy">x</a>' + "".join(f'<a href="{name}">x</a>' for name in names))
    routes: dict[str, Answer] = {"/": index, "/busy": busy, **dict.fromkeys(names, other)}
    with serving(routes) as site:
        crawl.run(crawl.job_file(tmp_path, [site.url("/")], site={"concurrency": 1}))
        found = crawl.captured(tmp_path)
    assert {capture.outcome for capture in found.values()} == {FetchOutcome.CONTENT}
    # One fetch may have been on its way already when the site asked for the wait.
    assert sum(moment < told[0] + 3.0 for moment in asked) <= 1
