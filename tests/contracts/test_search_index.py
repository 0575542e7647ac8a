"""What every search engine must do. Add an implementation to `index` and it is held to all of it."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import UsageError
from domain.ids import FindingId
from store.search import Document, Query, SearchIndex, Sort
from tests.support.searches import elasticsearch, embedded

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIGHT = Document(
    finding_id=FindingId("f1"),
    work_id="w1",
    work_title="海边的灯",
    owner="林晚",
    type="text",
    host="novels.example",
    url="http://novels.example/1.html",
    state="open",
    verdict="copy",
    similarity=0.93,
    found_at=NOON,
    title="第一章 守灯人 - 免费小说",
    text="夜里起了雾,守灯人把灯芯又剪了一次。He trimmed the wick again, C++ style.",
)
POSTMAN = replace(
    LIGHT,
    finding_id=FindingId("f2"),
    work_id="w2",
    work_title="高原邮差",
    owner="次仁",
    host="forum.example",
    url="http://forum.example/t/9",
    state="review",
    similarity=0.51,
    found_at=NOON + timedelta(hours=1),
    title="邮差",
    text="邮差在雪线以上走了三天。",
)


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.server)])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    with embedded(tmp_path) if request.param == "embedded" else elasticsearch() as built:
        built.put([LIGHT, POSTMAN])
        yield built


def ids(index: SearchIndex, query: Query) -> list[str]:
    return [hit.finding_id for hit in index.search(query).hits]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["f2", "f1"]),
        ("守灯", ["f1"]),
        ("守灯人", ["f1"]),
        ("灯守", []),
        ("邮差", ["f2"]),
        ("雾 wick", ["f1"]),
        ("雾 邮差", []),
        ("WICK", ["f1"]),
        ('"trimmed the wick"', ["f1"]),
        ('"the trimmed"', []),
        ("海边的灯", ["f1"]),
        ("novels.example", ["f1"]),
        ("林晚", ["f1"]),
        ("没有这个词", []),
        ("C++", ["f1"]),
        ('" OR NEAR( * ^', []),
        ("???", ["f2", "f1"]),
    ],
)
def test_full_text(index: SearchIndex, text: str, found: list[str]) -> None:
    assert ids(index, Query(text=text)) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(filters={"host": ["novels.example"]}), ["f1"]),
        (Query(filters={"host": ["novels.example", "forum.example"]}), ["f2", "f1"]),
        (Query(filters={"host": ["novels.example"], "state": ["review"]}), []),
        (Query(filters={"state": []}), ["f2", "f1"]),
        (Query(min_similarity=0.6), ["f1"]),
        (Query(found_from=NOON + timedelta(minutes=1)), ["f2"]),
        (Query(found_to=NOON + timedelta(minutes=1)), ["f1"]),
        (Query(text="守灯", filters={"type": ["image"]}), []),
    ],
)
def test_filters(index: SearchIndex, query: Query, found: list[str]) -> None:
    assert ids(index, query) == found


def test_an_unknown_filter_is_refused(index: SearchIndex) -> None:
    with pytest.raises(UsageError, match="There is no filter 'colour'"):
        index.search(Query(filters={"colour": ["red"]}))


def test_orders(index: SearchIndex) -> None:
    assert ids(index, Query(sort=Sort.NEWEST)) == ["f2", "f1"]
    assert ids(index, Query(sort=Sort.OLDEST)) == ["f1", "f2"]
    assert ids(index, Query(sort=Sort.SIMILARITY)) == ["f1", "f2"]


def test_facets_count_what_was_found(index: SearchIndex) -> None:
    facets = index.search(Query()).facets
    assert facets["state"] == (("open", 1), ("review", 1))
    assert facets["type"] == (("text", 2),)
    assert index.search(Query(text="邮差")).facets["host"] == (("forum.example", 1),)


def test_pages_neither_repeat_nor_skip(index: SearchIndex) -> None:
    index.put([replace(LIGHT, finding_id=FindingId(f"g{n:03}")) for n in range(57)])
    pages = [ids(index, Query(offset=start, limit=10)) for start in range(0, 60, 10)]
    assert sorted(i for page in pages for i in page) == sorted(["f1", "f2", *(f"g{n:03}" for n in range(57))])
    assert index.search(Query(limit=1)).total == 59


def test_snippets_show_the_text_as_it_stood(index: SearchIndex) -> None:
    (hit,) = index.search(Query(text="守灯人")).hits
    assert "起了雾,\x02守灯人\x03把灯芯" in hit.snippet
    assert "He trimmed the wick again" in hit.snippet


def test_putting_again_replaces(index: SearchIndex) -> None:
    index.put([replace(LIGHT, state="dismissed", text="换了内容")])
    assert ids(index, Query(text="雾")) == []
    assert ids(index, Query(filters={"state": ["dismissed"]})) == ["f1"]
    assert index.search(Query()).total == 2


def test_what_is_removed_is_gone(index: SearchIndex) -> None:
    index.remove([FindingId("f1"), FindingId("never")])
    assert ids(index, Query()) == ["f2"]


def test_all_is_replaced_at_once(index: SearchIndex) -> None:
    def documents() -> Iterator[Document]:
        for n in range(3):
            assert ids(index, Query()) == ["f2", "f1"], "readers see what was there before"
            yield replace(LIGHT, finding_id=FindingId(f"g{n}"))

    assert index.replace(documents()) == 3
    assert ids(index, Query()) == ["g0", "g1", "g2"]
    assert index.replace([]) == 0
    assert index.search(Query()).total == 0
    index.put([LIGHT])
    assert ids(index, Query(text="守灯")) == ["f1"]


def test_readers_see_whole_documents_while_a_writer_works(index: SearchIndex) -> None:
    done = threading.Event()

    def write() -> None:
        for n in range(30):
            index.put([replace(LIGHT, similarity=n / 100), replace(POSTMAN, similarity=n / 100)])
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    totals = set()
    while not done.is_set():
        totals.add(index.search(Query(text="灯 OR")).total)
        totals.add(index.search(Query()).total)
    writer.join()
    assert totals <= {0, 2}
    assert 2 in totals


def test_words_without_end_are_taken(index: SearchIndex) -> None:
    index.put([replace(LIGHT, text="a" * 100_000 + " 灯塔")])
    assert ids(index, Query(text="灯塔")) == ["f1"]
