"""What the console says of quarantined works and of works that rightly stand elsewhere."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from starlette.testclient import TestClient

from domain.ids import WorkId
from store.quarantine import QuarantineStore
from tests.console.world import NOW, QUALITY, World


@pytest.fixture
def flooded(world: World) -> World:
    """The world after a sweep that found more of the lighthouse story than is taken for granted."""
    settings = QUALITY.model_copy(update={"flood_least": 1, "flood_factor": 1.0})
    assert QuarantineStore(world.database, settings, ()).watch(world.sweep_id, NOW + timedelta(hours=1))
    return world


def test_findings_of_a_quarantined_work_say_so_with_the_way_out(flooded: World, staff: TestClient) -> None:
    page = staff.get(f"/findings/{flooded.ids['zh']}").text
    assert "In quarantine" in page
    assert "piracy-monitor works quarantine release story-lighthouse" in page
    assert "In quarantine" in staff.get("/findings?work=story-lighthouse").text
    assert "In quarantine" not in staff.get("/findings?work=story-postman").text
    assert "In quarantine" not in staff.get(f"/findings/{flooded.ids['licensed']}").text


def test_other_places_of_the_work_stand_beside_what_it_matched(world: World, staff: TestClient) -> None:
    work = world.stores.works.get(WorkId("story-lighthouse"))
    assert work
    assert "About the work" not in staff.get(f"/findings/{world.ids['zh']}").text
    places = ("镜花缘", "https://library.example/<1>")
    world.stores.works.put([replace(work, public_domain_since=date(2020, 1, 1), also_stands_in=places)])
    page = staff.get(f"/findings/{world.ids['zh']}").text
    assert "In the public domain since 2020-01-01" in page
    assert "<li>镜花缘</li><li>https://library.example/&lt;1&gt;</li>" in page


def test_the_pages_speak_chinese_as_well(flooded: World, staff: TestClient) -> None:
    page = staff.get(f"/findings/{flooded.ids['zh']}", headers={"Accept-Language": "zh-CN"}).text
    assert "隔离中" in page
