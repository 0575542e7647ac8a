"""Search, filters, facets and pages of the list."""

import re
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from console.listing import PAGE_SIZE, Listing
from domain.ids import finding_id_of
from store.findings import record
from tests.console.html import Page, parse
from tests.console.world import World
from tests.mocksite.catalogue import STORIES_REGISTERED

ALL = ("zh", "en", "traditional", "postman", "licensed", "review", "image", "flipped", "hostile", "lost", "broken")


def listed(client: TestClient, **asked: object) -> Page:
    answer = client.get("/findings?" + urlencode(asked, doseq=True))
    assert answer.status_code == 200
    return parse(answer.text)


def rows(page: Page, world: World) -> list[str]:
    names = {finding_id: name for name, finding_id in world.ids.items()}
    return [names[row.get("data-finding")] for row in page.all("//tr[@data-finding]")]


def facet(page: Page, name: str) -> dict[str, tuple[int, bool]]:
    """Value, count, and whether it is chosen."""
    found = {}
    for box in page.all(f"//input[@type='checkbox'][@name='{name}']"):
        (count,) = box.xpath("../span[@class='count']")
        found[str(box.get("value"))] = (int(count.text_content()), box.get("checked") is not None)
    return found


def test_everything_newest_first(reader: TestClient, filled: World) -> None:
    page = listed(reader)
    assert rows(page, filled) == list(ALL)
    assert page.one("//h1").text_content().strip() == "11 findings"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"state": "review"}, {"review"}),
        ({"state": ["review", "licensed"]}, {"review", "licensed"}),
        ({"verdict": "partial"}, {"review"}),
        ({"type": "image"}, {"image", "flipped", "broken"}),
        ({"type": "image", "host": "cdn.bizhi.example"}, {"flipped"}),
        ({"owner": "北屿画社", "state": "licensed"}, set()),
        ({"work": "story-tide-clock"}, {"en", "licensed"}),
        ({"similarity": 72, "type": "image"}, set()),
        ({"similarity": 71, "type": "image"}, {"image", "flipped", "broken"}),
        ({"since": "2026-11-23", "until": "2026-11-23"}, set(ALL)),
        ({"since": "2026-11-24"}, set()),
        ({"until": "2026-11-22"}, set()),
        ({"q": "灯塔 守灯人", "work": "hostile"}, {"hostile"}),
        ({"q": "biquge"}, {"zh"}),
        ({"q": "没有这样的话"}, set()),
        ({"q": '" OR * AND NEAR('}, set()),
        ({"q": "守燈人"}, {"traditional"}),
        ({"nonsense": "x"}, set(ALL)),
    ],
)
def test_filters_narrow_the_list(
    reader: TestClient, filled: World, asked: dict[str, object], expected: set[str]
) -> None:
    page = listed(reader, **asked)
    assert set(rows(page, filled)) == expected
    assert page.one("//h1").text_content().split()[0] == str(len(expected))
    assert ("Nothing fits." in page.text) == (not expected)


def test_facets_count_what_each_choice_would_show(reader: TestClient, filled: World) -> None:
    page = listed(reader, state=["review", "dismissed"], type="text")
    assert facet(page, "state") == {
        "open": (6, False),
        "licensed": (1, False),
        "review": (1, True),
        "dismissed": (0, True),
    }
    assert facet(page, "type") == {"text": (1, True)}
    assert facet(page, "work") == {"story-lighthouse": (1, False)}
    for name in ("state", "verdict", "type", "host", "owner", "work"):
        for value, (count, _) in facet(listed(reader), name).items():
            assert len(rows(listed(reader, **{name: value}), filled)) == count, (name, value)


def test_works_are_named_by_their_titles(reader: TestClient) -> None:
    page = listed(reader)
    named = page.one("//input[@name='work'][@value='story-tide-clock']/../span[@class='value']")
    assert named.text_content() == "The Tide Clock"


def test_the_order_is_kept_with_the_filters(reader: TestClient, filled: World) -> None:
    page = listed(reader, sort="oldest", type="image")
    assert rows(page, filled) == ["broken", "flipped", "image"]
    assert page.one("//select[@name='sort']/option[@selected]").get("value") == "oldest"
    back = page.all("//a[@class='open']")[0].get("href")
    assert str(back).endswith("?back=%2Ffindings%3Ftype%3Dimage%26sort%3Doldest")


def test_what_was_searched_is_marked_where_it_stands(reader: TestClient) -> None:
    phrase = re.search("[一-鿿]{5}", STORIES_REGISTERED[0].text)
    assert phrase
    page = listed(reader, q=phrase.group(), host="m.biquge-mirror.example")
    (snippet,) = page.all("//td[@class='place']//small[@class='snippet']")
    assert phrase.group() in snippet.text_content()
    assert "".join(mark.text_content() for mark in snippet.iter("mark")) == phrase.group()


@pytest.mark.parametrize(
    "asked",
    [
        {"state": "none"},
        {"type": "'; DROP TABLE findings"},
        {"similarity": "101"},
        {"similarity": "-1"},
        {"since": "2026-13-01"},
        {"until": "yesterday"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"page": "0"},
        {"page": "1e9"},
        {"sort": "random"},
        {"q": "x" * 201},
        {"host": [f"{n}.example" for n in range(51)]},
        {"decided": "../../etc"},
    ],
)
def test_values_that_do_not_fit_are_refused_in_words(reader: TestClient, asked: dict[str, object]) -> None:
    answer = reader.get("/findings?" + urlencode(asked, doseq=True))
    assert answer.status_code == 422
    assert "holds a value that does not fit" in answer.text


@pytest.mark.parametrize("asked", [{"since": "1970-01-01"}, {"until": "2999-12-31"}, {"page": "10000"}, {"q": "\x00"}])
def test_the_ends_of_every_range_are_met(reader: TestClient, asked: dict[str, object]) -> None:
    assert reader.get("/findings?" + urlencode(asked)).status_code == 200


def test_a_change_the_index_has_not_heard_of_is_shown_as_the_records_have_it(staff: TestClient, world: World) -> None:
    finding = world.stores.findings.get(world.ids["zh"])
    url = "http://new.example/1"
    fresh = replace(finding, url=url, host="new.example", finding_id=finding_id_of(finding.work_id, url, "text"))
    with world.database.write() as connection:
        record(connection, fresh)
    page = listed(staff)
    assert page.one("//*[@class='lag']").text_content().strip() == "1 change being indexed"
    world.project()
    page = listed(staff, host="new.example")
    assert page.all("//*[@class='lag']") == []
    assert len(page.all("//tr[@data-finding]")) == 1


def test_long_lists_come_in_pages(staff: TestClient, world: World) -> None:
    finding = world.stores.findings.get(world.ids["zh"])
    with world.database.write() as connection:
        for number in range(PAGE_SIZE):
            url = f"http://many.example/{number}"
            made = finding_id_of(finding.work_id, url, "text")
            record(connection, replace(finding, url=url, host="many.example", finding_id=made))
    world.project()
    first = listed(staff)
    assert len(first.all("//tr[@data-finding]")) == PAGE_SIZE
    last = parse(staff.get(str(first.one("//a[@rel='next']").get("href"))).text)
    assert len(last.all("//tr[@data-finding]")) == len(world.ids)
    assert last.one("//a[@rel='prev']").get("href") == "/findings"
    assert last.all("//a[@rel='next']") == []
    seen = {row.get("data-finding") for page in (first, last) for row in page.all("//tr[@data-finding]")}
    assert len(seen) == PAGE_SIZE + len(world.ids)


def test_an_address_states_what_differs_from_the_defaults() -> None:
    listing = Listing(q="灯 & 塔", page=3, decided="a" * 20)
    assert listing.address() == "/findings?q=%E7%81%AF+%26+%E5%A1%94&page=3"
    assert listing.address(page=1, q="") == "/findings"
    assert Listing().address() == "/findings"
