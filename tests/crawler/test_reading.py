"""Pages as a confined process reads them for the crawler."""

import sys
from collections.abc import Iterator

import pytest

from config.loading import load_settings
from crawler.outcomes import Judgement
from crawler.reading import confined, read_page
from domain.captures import FetchOutcome
from matcher.confinement.workers import Workers
from tests.matcher.hostile.pages import PAGES, STORY, attributes, page

URL = "http://site.example/a/"


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    settings = load_settings().matcher
    limits = settings.confinement.model_copy(update={"processes": 1})
    made = Workers((sys.executable, "-P", "-m", "monitor.reading"), settings.model_dump_json().encode(), limits)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (page("".join(f"<a href='/{n}'>第{n}章 海边的灯</a> " for n in range(120)) + "<p>短短一行。</p>"), ""),
        (page(f"<a href='../b?x=1'>b</a><img src='c.png'><p>{STORY}</p>"), ""),
        (page("<h1>页面不存在</h1>").decode().encode("gb18030"), "gbk"),
        (page("<input type=password>请登录"), "punycode"),
        *((PAGES[name].make(), "") for name in ("noise", "markup of zeros", "100,000 wrongly nested links")),
        (b"", ""),
    ],
)
def test_a_confined_process_reads_a_page_as_this_one_does(workers: Workers, body: bytes, charset: str) -> None:
    assert confined(workers, 60)(URL, body, charset) == read_page(URL, body, charset)


def test_a_page_that_takes_too_long_is_content_whose_links_are_unknown(workers: Workers) -> None:
    facts = confined(workers, 1)(URL, attributes(200_000), "utf-8")
    assert facts.judgement == Judgement(outcome=FetchOutcome.CONTENT, reason="links not read: reading_late")
    assert (facts.title, facts.pages, facts.images) == ("", (), ())
