from datetime import timedelta

import pytest

from domain.campaigns import Night, NightState
from store.alerts import AlertStore
from store.database import Database
from store.leaders import Leadership, leader_until
from store.nights import NightStore
from tests.support.findings import NOON

DUTY = "duty@office.example"


@pytest.fixture
def nights(database: Database) -> NightStore:
    return NightStore(database, [DUTY])


def alarms(database: Database) -> list[dict[str, str]]:
    return [dict(alert.facts) for alert, _ in AlertStore(database).receipts()]


def only(nights: NightStore) -> Night:
    [night] = nights.recent(10)
    return night


def test_a_night_is_claimed_once(nights: NightStore) -> None:
    assert nights.latest("night") is None
    assert nights.claim("night", NOON, holder="a", at=NOON)
    assert not nights.claim("night", NOON, holder="b", at=NOON)
    assert nights.latest("night") == NOON
    assert [night.holder for night in nights.started()] == ["a"]


def test_a_night_is_taken_up_by_one(nights: NightStore) -> None:
    nights.claim("night", NOON, holder="a", at=NOON)
    night = only(nights)
    later = NOON + timedelta(minutes=5)
    assert nights.try_again(night, holder="b", at=later)
    assert not nights.try_again(night, holder="c", at=later)
    assert (only(nights).holder, only(nights).attempts, only(nights).at) == ("b", 2, later)


def test_a_night_ends_once_and_a_bad_end_alarms(nights: NightStore, database: Database) -> None:
    nights.claim("night", NOON, holder="a", at=NOON)
    night = only(nights)
    nights.settle(night, NightState.FAILED, at=NOON, detail="it stopped", alarm=True)
    nights.settle(night, NightState.FINISHED, at=NOON)
    assert (only(nights).state, only(nights).detail) == (NightState.FAILED, "it stopped")
    assert nights.started() == []
    facts = {"campaign": "night", "planned_for": NOON.isoformat(), "count": "1", "detail": "it stopped"}
    assert alarms(database) == [facts]


def test_missed_nights_are_told_together_and_once(nights: NightStore, database: Database) -> None:
    planned = [NOON + timedelta(days=n) for n in range(3)]
    nights.miss("night", planned, at=planned[-1], detail="nobody was there")
    nights.miss("night", planned, at=planned[-1], detail="nobody was there")
    assert [night.state for night in nights.recent(10)] == [NightState.MISSED] * 3
    assert [(told["count"], told["planned_for"]) for told in alarms(database)] == [("3", planned[-1].isoformat())]


def test_one_leads_and_another_takes_over_when_it_is_silent(database: Database) -> None:
    lease = timedelta(seconds=60)
    first, second = (Leadership(database, "scheduler", holder=name, lease=lease) for name in ("a", "b"))
    assert leader_until(database, "scheduler") is None
    assert first.hold(NOON)
    assert not second.hold(NOON + lease / 2)
    assert first.hold(NOON + lease / 2)
    assert not second.hold(NOON + lease)
    assert second.hold(NOON + lease * 1.5)
    assert not first.hold(NOON + lease * 2)
    second.release()
    assert first.hold(NOON + lease * 2)
    assert leader_until(database, "scheduler") == NOON + lease * 3
