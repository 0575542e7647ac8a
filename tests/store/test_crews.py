from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.captures import FetchOutcome
from domain.ids import SweepId
from store.crews import Crew, WorkerState, crew_of
from store.database import Database
from store.frontier import Frontier, FrontierEntry
from store.sweeps import SweepStore

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
SITES = ("a", "b", "c", "d")
DELAYS = dict.fromkeys(SITES, 5.0)


def seconds(count: float) -> datetime:
    return NOW + timedelta(seconds=count)


def entry(site: str, number: int = 0) -> FrontierEntry:
    url = f"http://{site}.example/{number}"
    return FrontierEntry(url_key=f"{site}{number}", url=url, kind="page", host=f"{site}.example", site=site)


@pytest.fixture
def sweep(database: Database) -> SweepId:
    sweep_id = SweepStore(database).start("night", NOW).sweep_id
    with database.write() as connection:
        frontier_of(database, sweep_id, "elsewhere:0:0").add(connection, [entry(site) for site in SITES], NOW)
    return sweep_id


def frontier_of(database: Database, sweep: SweepId, holder: str) -> Frontier:
    return Frontier(database, sweep, holder=holder, lease_seconds=60)


def worker(database: Database, sweep: SweepId, number: int) -> Crew:
    crew = Crew(database, sweep, holder=f"elsewhere:{number}:1", lease_seconds=60, delays=DELAYS)
    crew.join(NOW)
    return crew


def test_one_worker_has_every_site(database: Database, sweep: SweepId) -> None:
    assert worker(database, sweep, 1).claim(NOW, ()) == set(SITES)


def test_sites_are_shared_out_and_each_is_one_workers(database: Database, sweep: SweepId) -> None:
    first, second, third = (worker(database, sweep, number) for number in (1, 2, 3))
    shares = [first.claim(NOW, ()), second.claim(NOW, ()), third.claim(NOW, ())]
    assert [len(share) for share in shares] == [2, 2, 0]
    assert shares[0] | shares[1] == set(SITES)


def test_who_comes_later_gets_a_share_after_the_delay(database: Database, sweep: SweepId) -> None:
    first = worker(database, sweep, 1)
    assert first.claim(NOW, ()) == set(SITES)
    second = worker(database, sweep, 2)
    assert second.claim(NOW, ()) == set()
    kept = first.claim(NOW, ())
    assert len(kept) == 2
    assert second.claim(seconds(4.9), ()) == set()
    assert second.claim(seconds(5), ()) == set(SITES) - kept


def test_a_site_with_fetches_under_way_is_not_given_up(database: Database, sweep: SweepId) -> None:
    first = worker(database, sweep, 1)
    first.claim(NOW, ())
    second = worker(database, sweep, 2)
    kept = first.claim(NOW, SITES)
    assert len(kept) == 2
    assert second.claim(seconds(60), ()) == set()
    assert first.claim(seconds(60), ()) == kept
    assert second.claim(seconds(65), ()) == set(SITES) - kept


def test_the_sites_of_a_silent_worker_are_free_after_the_delay(database: Database, sweep: SweepId) -> None:
    silent, other = worker(database, sweep, 1), worker(database, sweep, 2)
    held = silent.claim(NOW, ())
    other.beat(seconds(60), 7)
    assert [each.state for each in crew_of(database, sweep)] == [WorkerState.WORKING] * 2
    other.beat(seconds(61), 8)
    lost, alive = crew_of(database, sweep)
    assert (lost.state, alive.state, alive.fetched) == (WorkerState.LOST, WorkerState.WORKING, 8)
    assert not held & other.claim(seconds(65), ())
    assert other.claim(seconds(66), ()) == set(SITES)


def test_who_leaves_is_not_lost(database: Database, sweep: SweepId) -> None:
    first, second = worker(database, sweep, 1), worker(database, sweep, 2)
    first.claim(NOW, ())
    first.leave(seconds(1), 3)
    second.beat(seconds(50), 0)
    gone = crew_of(database, sweep)[0]
    assert (gone.state, gone.fetched) == (WorkerState.ENDED, 3)
    assert second.claim(seconds(50), ()) == set(SITES)


def test_a_site_without_open_addresses_is_nobodys(database: Database, sweep: SweepId) -> None:
    crew, frontier = worker(database, sweep, 1), frontier_of(database, sweep, "elsewhere:1:1")
    crew.claim(NOW, ())
    (held,) = frontier.lease(1, NOW, sites=["a"])
    assert "a" in crew.claim(NOW, ())
    with database.write() as connection:
        frontier.finish(connection, {held.id: (FetchOutcome.CONTENT, "")})
    assert crew.claim(NOW, ()) == {"b", "c", "d"}


def test_the_budget_holds_over_all_workers(database: Database, sweep: SweepId) -> None:
    one, two = (frontier_of(database, sweep, f"elsewhere:{number}:1") for number in (1, 2))
    assert len(one.lease(2, NOW, budget=3)) == 2
    (last,) = two.lease(2, NOW, budget=3)
    assert two.lease(2, NOW, budget=3) == []
    assert one.budget_left(3) == 0
    two.release([last.id])
    assert one.budget_left(3) == 1
    assert [each.id for each in one.lease(2, NOW, budget=3)] == [last.id]


def test_a_second_try_costs_nothing_and_a_lost_lease_is_given_back(database: Database, sweep: SweepId) -> None:
    frontier = frontier_of(database, sweep, "elsewhere:1:1")
    (held,) = frontier.lease(1, NOW, budget=2)
    frontier.retry(held.id, NOW, "503")
    assert frontier.lease(4, NOW, budget=2) == [replace(held, attempts=1)]
    assert frontier.budget_left(2) == 1
    assert len(frontier.lease(4, NOW, budget=2)) == 1
    assert frontier.budget_left(2) == 0
    assert frontier.reclaim(seconds(61)) == 2
    assert frontier.budget_left(2) == 1
