"""Deciding, the record of it, taking it back, and two people at once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from domain.findings import FindingState
from store.search import Query
from tests.console.conftest import client_of
from tests.console.html import Page, parse
from tests.console.world import NAME, NOW, PASSWORD, World

UNSEEN: Mapping[str, str] = {}
LIST = "/findings?q=%E7%81%AF&state=open"


def page_of(client: TestClient, world: World, key: str, back: str = LIST) -> Page:
    return parse(client.get(f"/findings/{world.ids[key]}?{urlencode({'back': back})}").text)


class Sent(NamedTuple):
    """What came back for a decision."""

    status: int
    place: str
    page: Page


def decide(client: TestClient, world: World, key: str, fields: Mapping[str, str] = UNSEEN, **typed: str) -> Sent:
    """Fill in and send the form on a finding's page; `fields` are those of an earlier look at it."""
    path = f"/findings/{world.ids[key]}/decisions"
    hidden = fields or page_of(client, world, key).form(path)
    answer = client.post(path, data={**hidden, "state": "confirmed", "reason": "逐段相同", **typed})
    return Sent(answer.status_code, answer.headers.get("location", ""), parse(answer.text or "<p>"))


def history(world: World, key: str) -> list[tuple[object, ...]]:
    steps = world.stores.findings.history(world.ids[key])
    return [(s.by, s.at, s.before, s.after, s.reason, s.undoes is not None) for s in steps]


@pytest.mark.parametrize("state", ["confirmed", "dismissed", "licensed"])
def test_a_decision_is_recorded_with_who_when_and_why(staff: TestClient, world: World, state: str) -> None:
    world.clock.now += timedelta(minutes=5)
    status, place, _ = decide(staff, world, "zh", state=state, reason="  逐段相同 \n")
    assert (status, place) == (303, f"/findings/{world.ids['zh']}?{urlencode({'back': LIST})}")
    at = NOW + timedelta(minutes=5)
    assert history(world, "zh") == [(NAME, at, "open", state, "逐段相同", False)]
    assert world.stores.findings.get(world.ids["zh"]).state is FindingState(state)
    page = page_of(staff, world, "zh")
    (step,) = page.all("//ol[@class='history']/li")[1:]
    assert " ".join(step.text_content().split()) == f"2026-11-23 09:35:00 zhou Open → {state.capitalize()} 逐段相同"


def test_the_lists_show_it_at_once(staff: TestClient, world: World) -> None:
    decide(staff, world, "zh", state="dismissed")
    (row,) = parse(staff.get("/findings?state=dismissed").text).all("//tr[@data-finding]")
    assert row.get("data-finding") == world.ids["zh"]
    assert world.stores.search.search(Query(filters={"state": ["dismissed"]})).total == 1
    world.project()
    assert world.stores.search.search(Query(filters={"state": ["dismissed"]})).total == 1


def test_the_list_offers_to_take_back_what_was_decided_from_it(staff: TestClient, world: World) -> None:
    fields = page_of(staff, world, "zh").form(f"/findings/{world.ids['zh']}/decisions")
    _, place, _ = decide(staff, world, "zh", fields | {"back": LIST + "&decided=aaaaaaaaaaaaaaaaaaaa"})
    assert place == f"{LIST}&decided={world.ids['zh']}"
    page = parse(staff.get(place).text)
    notice = page.one("//*[@class='just-now']")
    assert notice.get("role") == "status"
    assert "Confirmed" in notice.text_content()
    undo = f"/findings/{world.ids['zh']}/undo"
    answer = staff.post(undo, data=page.form(undo))
    assert (answer.status_code, answer.headers["location"]) == (303, LIST)
    assert [step[2:4] for step in history(world, "zh")] == [("open", "confirmed"), ("confirmed", "open")]
    assert world.stores.search.search(Query(filters={"state": ["confirmed"]})).total == 0
    again = parse(staff.get(place).text)
    assert again.all("//*[@class='just-now']") == []


def test_undo_gives_back_the_state_before_and_keeps_the_history(staff: TestClient, world: World) -> None:
    decide(staff, world, "review", state="dismissed", reason="书评")
    decide(staff, world, "review", state="confirmed", reason="摘录过长")
    undo = f"/findings/{world.ids['review']}/undo"
    for expected in ("dismissed", "review"):
        answer = staff.post(undo, data=page_of(staff, world, "review").form(undo))
        assert answer.status_code == 303
        assert world.stores.findings.get(world.ids["review"]).state == expected
    assert [(*step[2:4], step[5]) for step in history(world, "review")] == [
        ("review", "dismissed", False),
        ("dismissed", "confirmed", False),
        ("confirmed", "dismissed", True),
        ("dismissed", "review", True),
    ]
    assert page_of(staff, world, "review").all("//form[@id='undo-form']") == []


@pytest.mark.parametrize("typed", [{"reason": ""}, {"reason": " \n\u3000"}, {"state": "open"}, {"state": "review"}])
def test_without_a_choice_and_a_reason_nothing_is_recorded(
    staff: TestClient, world: World, typed: dict[str, str]
) -> None:
    status, _, page = decide(staff, world, "zh", UNSEEN, **typed)
    assert status == 422
    assert page.one("//*[@role='alert']").text_content() == "A decision needs a choice and a reason."
    assert history(world, "zh") == []


@pytest.mark.parametrize(
    "typed", [{"state": "stolen"}, {"reason": "x" * 1001}, {"reason": "a\x00b"}, {"seen": "unknown"}]
)
def test_what_cannot_be_is_refused(staff: TestClient, world: World, typed: dict[str, str]) -> None:
    assert decide(staff, world, "zh", UNSEEN, **typed).status == 422
    assert history(world, "zh") == []


def test_what_was_typed_comes_back_with_the_refusal(staff: TestClient, world: World) -> None:
    _, _, page = decide(staff, world, "zh", state="dismissed", reason="")
    assert page.one("//input[@name='state'][@checked]").get("value") == "dismissed"
    assert page.one("//a[@id='to-list']").get("href") == LIST
    status, place, _ = decide(staff, world, "zh", page.form(f"/findings/{world.ids['zh']}/decisions"))
    assert (status, place) == (303, f"/findings/{world.ids['zh']}?{urlencode({'back': LIST})}")


def test_a_decision_somebody_else_took_meanwhile_is_not_overwritten(staff: TestClient, world: World) -> None:
    path = f"/findings/{world.ids['zh']}/decisions"
    seen = page_of(staff, world, "zh").form(path)
    with client_of(world) as other:
        world.stores.accounts.create("li", PASSWORD, at=NOW)
        other.post("/sign-in", data={"name": "li", "password": PASSWORD})
        assert decide(other, world, "zh", state="licensed", reason="授权书 2026-18 号").status == 303
    status, _, page = decide(staff, world, "zh", seen, reason="整章照搬")
    assert status == 409
    assert "Someone has decided about this meanwhile" in page.one("//*[@role='alert']").text_content()
    assert "Licensed by li: 授权书 2026-18 号" in page.text
    assert page.one("//textarea[@name='reason']").text_content() == "整章照搬"
    assert [step[0] for step in history(world, "zh")] == ["li"]
    assert decide(staff, world, "zh", page.form(path), reason="整章照搬").status == 303
    assert [(step[0], step[3]) for step in history(world, "zh")] == [("li", "licensed"), (NAME, "confirmed")]


def test_only_the_decision_that_was_seen_is_taken_back(staff: TestClient, world: World) -> None:
    decide(staff, world, "zh", state="dismissed")
    undo = f"/findings/{world.ids['zh']}/undo"
    seen = page_of(staff, world, "zh").form(undo)
    decide(staff, world, "zh", state="confirmed")
    answer = staff.post(undo, data=seen)
    assert answer.status_code == 409
    assert "Someone has decided about this meanwhile" in answer.text
    assert len(history(world, "zh")) == 2
    current = page_of(staff, world, "zh").form(undo)
    assert staff.post(undo, data=current).status_code == 303
    assert staff.post(undo, data=seen).status_code == 303
    answer = staff.post(undo, data=seen)
    assert answer.status_code == 409
    assert "There is no decision to take back." in answer.text
    assert staff.post(undo, data=seen | {"step": "x"}).status_code == 422
    assert len(history(world, "zh")) == 4


def test_findings_that_do_not_exist_cannot_be_decided(staff: TestClient, world: World) -> None:
    fields = page_of(staff, world, "zh").form(f"/findings/{world.ids['zh']}/decisions")
    for path in ("/findings/aaaaaaaaaaaaaaaaaaaa/decisions", "/findings/x/decisions", "/findings/%00/undo"):
        data = fields | {"state": "confirmed", "reason": "x", "step": "1"}
        assert staff.post(path, data=data).status_code == 404, path


def test_hostile_reasons_are_shown_as_words(staff: TestClient, world: World) -> None:
    reason = '</q><script>alert(1)</script><b onclick="x">'
    decide(staff, world, "zh", reason=reason)
    page = page_of(staff, world, "zh")
    assert page.inline() == []
    assert page.text.count(reason) == 2
