"""What doctor says of nights and alerts."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from config.loading import load_settings
from domain.campaigns import Campaign
from monitor.health import Part, examine
from monitor.scheduler import ROLE
from monitor.wiring import Platform
from store.leaders import Leadership
from tests.support.findings import NOON

Made = Callable[..., Platform]


@pytest.fixture
def platform(tmp_path: Path) -> Made:
    def made(**variables: str) -> Platform:
        return Platform(tmp_path / "data", load_settings(None, variables), clock=lambda: NOON)

    return made


def part(platform: Platform, name: str) -> Part:
    return next(part for part in examine(platform) if part.name == name)


def test_without_a_schedule_nothing_is_broken(platform: Made) -> None:
    assert part(platform(), "schedule").state == "missing"


def test_a_schedule_without_a_scheduler_is_broken(platform: Made) -> None:
    here = platform()
    here.campaigns.put_campaign(Campaign(name="night", sites=("s",), schedule="0 3 * * *"), NOON)
    assert (part(here, "schedule").state, part(here, "schedule").detail) == ("broken", "no scheduler runs")
    lead = Leadership(here.database, ROLE, holder="a", lease=timedelta(minutes=1))
    lead.hold(NOON)
    assert part(here, "schedule").state == "ready"
    lead.hold(NOON - timedelta(hours=1))
    assert part(here, "schedule").detail == "no scheduler runs since 2026-11-22T11:01:00+00:00"


def test_a_missed_night_stays_broken_until_a_later_one_is_done(platform: Made) -> None:
    here = platform()
    here.campaigns.put_campaign(Campaign(name="night", sites=("s",), schedule="0 3 * * *"), NOON)
    Leadership(here.database, ROLE, holder="a", lease=timedelta(minutes=1)).hold(NOON)
    here.nights.miss("night", [NOON - timedelta(days=1)], at=NOON, detail="it was not started in time")
    assert (part(here, "schedule").state, part(here, "schedule").detail) == (
        "broken",
        "night: it was not started in time",
    )
    here.nights.claim("night", NOON, holder="a", at=NOON)
    assert part(here, "schedule").state == "ready"


def test_administrators_need_an_address_and_a_server(platform: Made) -> None:
    assert part(platform(), "alerts").state == "missing"
    named = {"PIRACY_MONITOR_GENERAL__ADMINISTRATORS": '["duty@office.example"]'}
    assert part(platform(**named), "alerts").state == "broken"
    served = named | {"PIRACY_MONITOR_ALERTS__SMTP_HOST": "mail.office.example"}
    assert part(platform(**served), "alerts").state == "ready"


def test_without_the_program_for_rar_it_is_named(platform: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    found = part(platform(), "archives")
    assert found.state == "missing"
    assert "bsdtar" in found.detail
    assert "libarchive-tools" in found.mend


def test_a_missing_browser_is_named_with_how_to_install_it(platform: Made) -> None:
    missing = part(platform(PIRACY_MONITOR_CRAWLER__RENDERING__PROGRAM="no-such-browser"), "browser")
    assert (missing.state, missing.mend) == ("missing", "Install it: apt-get install chromium fonts-noto-cjk")
    found = part(platform(PIRACY_MONITOR_CRAWLER__RENDERING__PROGRAM="/bin/sh"), "browser")
    assert (found.state, found.detail) == ("ready", "/bin/sh")
