import itertools
import re
import tomllib
import urllib.request

import pytest

from matcher.text.normalise import tokenise
from tests.mocksite.catalogue import STORIES_REGISTERED, Story, registered_pictures
from tests.mocksite.innocents import WORKS
from tests.mocksite.maze import MAZE
from tests.mocksite.server import answer, serve
from tests.mocksite.site import the_site

HAN = re.compile("[\u4e00-\u9fff]")
LONG_SENTENCE = re.compile(r"[^。.!?！？\n]{20,}")
LONGEST_SHARED = 60
"""Tokens that an innocent page may share with a story in one run: the sentences its reviews quote are shorter."""


def longest_run(first: str, second: str) -> int:
    """Length of the longest run of tokens two texts share."""
    a, b = tokenise(first).ids, tokenise(second).ids
    length = 0
    while length < a.size and _grams(a, length + 1) & _grams(b, length + 1):
        length += 1
    return length


def _grams(ids: object, length: int) -> set[bytes]:
    values: list[int] = ids.tolist()  # type: ignore[attr-defined]  # a numpy array
    return {str(values[i : i + length]).encode() for i in range(len(values) - length + 1)}


def test_there_is_enough_of_everything() -> None:
    site = the_site()
    assert len(site.infringing) >= 140
    assert len([address for address in site.innocent if not address[1].startswith("/shelf/")]) >= 120
    assert len(site.licensed) >= 5
    assert len({copy.form for copy in site.infringing}) >= 15
    assert len(registered_pictures()) == 12


def test_the_stories_are_long_and_no_sentence_stands_twice() -> None:
    assert [story.is_chinese for story in STORIES_REGISTERED].count(True) == 6
    assert len(STORIES_REGISTERED) == 10
    for story in STORIES_REGISTERED:
        counted = len(HAN.findall(story.text)) if story.is_chinese else len(story.text)
        assert counted >= 3000, story.title
        sentences = [s.strip() for s in LONG_SENTENCE.findall(story.text)]
        assert len(sentences) == len(set(sentences)), story.title


def test_each_author_has_another_piece() -> None:
    pieces = tomllib.loads((WORKS / "authors.toml").read_text(encoding="utf-8"))["page"]
    assert len(pieces) == len(STORIES_REGISTERED)
    assert min(len(piece["text"]) for piece in pieces) >= 600


def test_every_planted_address_answers_and_is_only_one_thing() -> None:
    site = the_site()
    planted = [(copy.host, copy.path) for copy in site.infringing]
    everything = [*planted, *site.innocent, *site.licensed]
    assert len(everything) == len(set(everything))
    assert {answer(*address).status for address in everything} == {200}
    assert {answer("maze", path) for path in MAZE} == {page for page, _ in MAZE.values()}


@pytest.mark.parametrize("story", STORIES_REGISTERED, ids=lambda s: s.work_id)
def test_innocent_pages_quote_at_most_a_sentence(story: Story) -> None:
    site = the_site()
    pages = [site.pages[a].body.decode() for a in site.innocent if site.pages[a].media_type.startswith("text/html")]
    assert max(longest_run(page, story.text) for page in pages) <= LONGEST_SHARED


def test_the_stories_are_strangers_to_each_other() -> None:
    for one, other in itertools.combinations(STORIES_REGISTERED, 2):
        assert longest_run(one.text, other.text) < 12


def test_the_server_tells_its_hosts_apart_and_counts() -> None:
    with serve() as site:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for label in ("library", "shop"):
            request = urllib.request.Request(f"http://127.0.0.1:{site.port}/", headers={"Host": f"{label}.localhost"})
            with opener.open(request) as reply:
                assert f"{label} 首页" in reply.read().decode()
        assert site.requests["library", "/"] == 1
