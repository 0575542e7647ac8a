import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.context import SpawnProcess
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select, text

from domain.captures import FetchOutcome
from domain.ids import SweepId
from store.database import Database
from store.frontier import Frontier, FrontierEntry
from store.holders import is_surely_dead, this_process
from store.sweeps import SweepStore
from store.tables import frontier as table
from tests.support.databases import sqlite_database

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def entry(number: int, priority: int = 0) -> FrontierEntry:
    url = f"http://a.example/{number}"
    return FrontierEntry(url_key=f"k{number}", url=url, kind="page", host="a.example", site="a", priority=priority)


@pytest.fixture
def frontier(database: Database) -> Frontier:
    return worker(database, SweepStore(database).start("night", NOW).sweep_id, "elsewhere:1:1")


def worker(database: Database, sweep: SweepId, holder: str) -> Frontier:
    return Frontier(database, sweep, holder=holder, lease_seconds=60)


def add(database: Database, frontier: Frontier, *entries: FrontierEntry) -> int:
    with database.write() as connection:
        return frontier.add(connection, entries, NOW)


def test_an_address_is_taken_up_once(database: Database, frontier: Frontier) -> None:
    assert add(database, frontier, entry(1), entry(2)) == 2
    assert add(database, frontier, entry(2), entry(3)) == 1
    assert [e.url_key for e in frontier.lease(10, NOW)] == ["k1", "k2", "k3"]
    assert frontier.lease(10, NOW) == []


def test_urgent_addresses_come_first(database: Database, frontier: Frontier) -> None:
    add(database, frontier, entry(1, priority=5), entry(2), entry(3, priority=5))
    assert [e.url_key for e in frontier.lease(2, NOW)] == ["k2", "k1"]


def test_a_lease_that_ran_out_is_handed_to_another(database: Database, frontier: Frontier) -> None:
    add(database, frontier, entry(1))
    (held,) = frontier.lease(1, NOW)
    assert frontier.reclaim(NOW + timedelta(seconds=59)) == 0
    frontier.renew([held.id], NOW + timedelta(seconds=59))
    assert frontier.reclaim(NOW + timedelta(seconds=90)) == 0
    assert frontier.reclaim(NOW + timedelta(seconds=120)) == 1
    assert [e.url_key for e in frontier.lease(1, NOW + timedelta(seconds=120))] == ["k1"]


def test_the_leases_of_a_dead_process_come_back_at_once(database: Database, frontier: Frontier) -> None:
    child = multiprocessing.get_context("spawn").Process(target=_noop)
    child.start()
    host = this_process().rsplit(":", 2)[0]
    dying = worker(database, frontier._sweep, f"{host}:{child.pid}:12345")
    child.join()
    add(database, frontier, entry(1))
    dying.lease(1, NOW)
    assert frontier.reclaim(NOW) == 1


def test_only_the_holder_may_finish(database: Database, frontier: Frontier) -> None:
    add(database, frontier, entry(1))
    (held,) = frontier.lease(1, NOW)
    other = worker(database, frontier._sweep, "elsewhere:2:2")
    with database.write() as connection:
        ends = {held.id: (FetchOutcome.CONTENT, "")}
        assert other.finish(connection, ends) == set()
        assert frontier.finish(connection, ends) == {held.id}
        assert frontier.finish(connection, ends) == set()
    assert frontier.open_count() == 0
    assert frontier.tried_by_host("a") == {"a.example": 1}


def test_a_postponed_address_waits_for_its_time(database: Database, frontier: Frontier) -> None:
    add(database, frontier, entry(1))
    (held,) = frontier.lease(1, NOW)
    later = NOW + timedelta(seconds=30)
    frontier.retry(held.id, later, "429")
    assert frontier.lease(1, NOW) == []
    (again,) = frontier.lease(1, later)
    assert again.attempts == 1


def test_a_late_worker_reopens_nothing(database: Database, frontier: Frontier) -> None:
    add(database, frontier, entry(1), entry(2))
    finished, released = frontier.lease(2, NOW)
    with database.write() as connection:
        assert frontier.finish(connection, {finished.id: (FetchOutcome.CONTENT, "")})
    frontier.release([released.id])
    later = NOW + timedelta(seconds=30)
    for held in (finished, released):
        frontier.retry(held.id, later, "too late")
    frontier.renew([finished.id, released.id], later)
    with database.read() as connection:
        rows = connection.execute(
            select(table.c.state, table.c.attempts, table.c.lease_until).order_by(table.c.id)
        ).all()
    assert rows == [("done", 0, None), ("waiting", 0, None)]
    assert frontier.open_count() == 1


def test_only_the_sites_asked_for_are_leased(database: Database, frontier: Frontier) -> None:
    slow = [entry(n) for n in range(50)]
    others = [replace(entry(n, priority=n % 2), url_key=f"{site}{n}", site=site) for n in range(4) for site in "bc"]
    add(database, frontier, *slow, *others)
    leased = frontier.lease(5, NOW, sites=["b", "none such", "c"])
    assert [e.url_key for e in leased] == ["b0", "c0", "b2", "c2", "b1"]
    assert [e.site for e in frontier.lease(60, NOW, sites=["a", "c"])] == ["a"] * 50 + ["c"] * 2
    assert frontier.lease(5, NOW, sites=[]) == []


def test_pages_that_share_links_may_be_recorded_at_once(database: Database, frontier: Frontier) -> None:
    links = [[entry(page * 10 + n) for n in range(10)] for page in range(30)]
    together = Barrier(2)

    def record(backwards: bool) -> int:
        added = 0
        for page in links:
            together.wait(timeout=60)
            with database.write() as connection:
                # One link a statement, so that the two meet halfway.
                added += sum(frontier.add(connection, [link], NOW) for link in (page[::-1] if backwards else page))
        return added

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(record, (False, True))) == 300


def test_released_addresses_count_no_attempt(database: Database, frontier: Frontier) -> None:
    add(database, frontier, entry(1))
    frontier.release([e.id for e in frontier.lease(1, NOW)])
    (again,) = frontier.lease(1, NOW)
    assert again.attempts == 0


def test_leasing_reads_an_index_however_long_the_frontier(tmp_path: Path) -> None:
    with sqlite_database(tmp_path) as database, database.read() as connection:
        plan = connection.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT * FROM frontier WHERE sweep_id = 's' AND state = 'waiting'"
                " AND (not_before IS NULL OR not_before <= 'x') ORDER BY priority, id LIMIT 10"
            )
        ).all()
        plan_of_site = connection.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT priority, id FROM frontier WHERE sweep_id = 's' AND state = 'waiting'"
                " AND (not_before IS NULL OR not_before <= 'x') AND site = 'a' ORDER BY priority, id LIMIT 10"
            )
        ).all()
    assert "ix_frontier_next" in str(plan)
    assert "ix_frontier_site" in str(plan_of_site)
    assert "TEMP B-TREE" not in str(plan) + str(plan_of_site)


def test_this_process_lives_and_a_finished_one_does_not() -> None:
    assert not is_surely_dead(this_process())
    assert not is_surely_dead("another-machine:1:1")
    host = this_process().rsplit(":", 2)[0]
    assert is_surely_dead(f"{host}:{os.getpid()}:1")


def test_killed_workers_lose_and_repeat_nothing(database: Database) -> None:
    count, chance = 2000, random.Random(5)
    sweep = SweepStore(database).start("night", NOW).sweep_id
    add(database, worker(database, sweep, "elsewhere:1:1"), *(entry(n) for n in range(count)))
    url = database.engine.url.render_as_string(hide_password=False)
    started = [_start(url, sweep) for _ in range(4)]
    alive = list(started)
    for moment in sorted(chance.sample(range(50, count - 200), 6)):
        while _captured(database) < moment:
            assert any(process.is_alive() for process in alive)
            time.sleep(chance.random() / 20)
        victim = alive.pop(chance.randrange(4))
        victim.kill()
        alive.append(_start(url, sweep))
        started.append(alive[-1])
    for process in started:
        process.join()
    assert Counter(process.exitcode for process in started) == {0: 4, -signal.SIGKILL: 6}
    with database.read() as connection:
        captured = Counter(connection.scalars(text("SELECT url FROM captures")))
        states = Counter(connection.scalars(select(table.c.state)))
    assert captured == {entry(n).url: 1 for n in range(count)}
    assert states == {"done": count}


def _start(url: str, sweep: SweepId) -> SpawnProcess:
    process = multiprocessing.get_context("spawn").Process(target=_work, args=(url, sweep))
    process.start()
    return process


def _captured(database: Database) -> int:
    with database.read() as connection:
        return connection.scalar(text("SELECT count(*) FROM captures")) or 0


def _noop() -> None:
    """Only its end matters."""


def _work(url: str, sweep: SweepId) -> None:
    """Lease, record a capture and acknowledge in one transaction, until nothing is left."""
    database = Database(url)
    mine = Frontier(database, sweep, holder=this_process(), lease_seconds=60)
    while mine.open_count():
        mine.reclaim(datetime.now(UTC))
        for item in mine.lease(20, datetime.now(UTC)):
            with database.write() as connection:
                connection.execute(
                    text(
                        "INSERT INTO captures (capture_id, sweep_id, url, canonical_url, host, fetched_at, outcome,"
                        " reason, media_type, payload_size, address, found_on, title, text)"
                        " VALUES (:id, :sweep, :url, :url, '', :at, 'content', '', '', 0, '', '', '', '')"
                    ),
                    {"id": item.url_key, "sweep": sweep, "url": item.url, "at": datetime.now(UTC).isoformat()},
                )
                assert mine.finish(connection, {item.id: (FetchOutcome.CONTENT, "")})
