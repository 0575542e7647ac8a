"""What a page costs the frontier, however long it is: `python benchmarks/frontier_scale.py [ADDRESSES…] [URL]`.

For each number of addresses: what leasing takes for each address handed out; what a whole round takes for each page
(lease, acknowledge, record the capture, add ten links of which nine are known); the most memory the process held.
Processor time of the process, with the time that passed beside it. URL is a records database that is empty;
without it, SQLite in a folder of its own.
"""

import resource
import sys
import tempfile
import time
from datetime import UTC, datetime

from domain.captures import Capture, FetchOutcome
from domain.ids import capture_id_of
from store import captures
from store.crews import Crew
from store.database import Database
from store.frontier import Frontier, FrontierEntry, LeasedEntry
from store.holders import this_process
from store.schema import upgrade
from store.sweeps import SweepStore

SITES, BATCH, ROUNDS, STEP = 50, 32, 100, 10_000
NOW = datetime.now(UTC)


def entry(number: int, depth: int = 0) -> FrontierEntry:
    """One address."""
    site = f"site{number % SITES}"
    url = f"http://{site}.example/book/{number}.html"
    return FrontierEntry(
        url_key=f"k{number}", url=url, kind="page", host=f"{site}.example", site=site, depth=depth, priority=depth
    )


def capture(sweep: str, leased: LeasedEntry) -> Capture:
    """What is recorded of an address."""
    return Capture(
        capture_id=capture_id_of(sweep, leased.url),  # type: ignore[arg-type]  # it is one
        sweep_id=sweep,  # type: ignore[arg-type]  # it is one
        url=leased.url,
        canonical_url=leased.url,
        host=leased.host,
        fetched_at=NOW,
        outcome=FetchOutcome.CONTENT,
        text="灯塔" * 500,
    )


def measure(database: Database, addresses: int) -> None:
    """Print the figures for one number of addresses."""
    upgrade(database)
    sweep = SweepStore(database).start("night", NOW).sweep_id
    frontier = Frontier(database, sweep, holder=this_process(), lease_seconds=600)
    crew = Crew(
        database, sweep, holder=this_process(), lease_seconds=600, delays={f"site{n}": 0.0 for n in range(SITES)}
    )
    crew.join(NOW)
    began = time.process_time()
    for start in range(0, addresses, STEP):
        with database.write() as connection:
            frontier.add(connection, [entry(n) for n in range(start, min(start + STEP, addresses))], NOW)
    added = time.process_time() - began
    began = time.process_time()
    sites = sorted(crew.claim(NOW, ()))
    claimed, leasing, waited, pages = time.process_time() - began, 0.0, 0.0, 0
    began, began_wall = time.process_time(), time.perf_counter()
    for number in range(ROUNDS):
        before, before_wall = time.process_time(), time.perf_counter()
        leased = frontier.lease(BATCH, NOW, sites=sites, budget=10_000_000)
        leasing += time.process_time() - before
        waited += time.perf_counter() - before_wall
        with database.write() as connection:
            frontier.finish(connection, {each.id: (FetchOutcome.CONTENT, "") for each in leased})
            captures.add(connection, [capture(sweep, each) for each in leased])
            known = [entry((each.id * 7919 + n) % addresses, 1) for each in leased for n in range(9)]
            new = [entry(addresses + number * BATCH + n, 1) for n in range(len(leased))]
            frontier.add(connection, known + new, NOW)
        pages += len(leased)
    spent, wall = time.process_time() - began, time.perf_counter() - began_wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{addresses:9,} addresses: {added / addresses * 1e6:4.0f} µs to add one, {claimed * 1e3:4.1f} ms to claim "
        f"{len(sites)} sites; {leasing / pages * 1e3:5.2f} ms an address handed out "
        f"({waited / pages * 1e3:5.2f} ms passed); {spent / pages * 1e3:5.2f} ms of "
        f"processor time a page in "
        f"all ({wall / pages * 1e3:5.2f} ms passed); {peak} MB at most",
        flush=True,
    )


if __name__ == "__main__":
    numbers = [int(given) for given in sys.argv[1:] if given.isdigit()] or [10_000, 200_000, 1_000_000]
    urls = [given for given in sys.argv[1:] if "://" in given]
    for amount in numbers:
        with tempfile.TemporaryDirectory() as folder:
            records = Database(urls[0] if urls else f"sqlite:///{folder}/records.sqlite")
            measure(records, amount)
            records.close()
