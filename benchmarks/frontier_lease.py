"""Leasing while one slow site fills the frontier: `python benchmarks/frontier_lease.py [ADDRESSES] [DATABASE_URL]`.

The site's addresses came first and are all but 10,000; ten other sites have a thousand each. As the peer, the query
that passes over the full site's addresses one by one. The database must be empty; without one, SQLite in a folder of
its own.
"""

import sys
import tempfile
import time
from datetime import UTC, datetime

from sqlalchemy import select

from store.database import Database
from store.frontier import WAITING, Frontier, FrontierEntry
from store.holders import this_process
from store.schema import upgrade
from store.sweeps import SweepStore
from store.tables import frontier as table

ADDRESSES = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
OTHERS, EACH, BATCH, LEASES = 10, 1000, 32, 50
NOW = datetime.now(UTC)


def entry(number: int, site: str) -> FrontierEntry:
    """One address of a site."""
    host = f"{site}.example"
    return FrontierEntry(url_key=f"{site}{number}", url=f"http://{host}/{number}", kind="page", host=host, site=site)


def passing_over(database: Database, sweep: str) -> int:
    """How many addresses the peer's query finds."""
    mine = (table.c.sweep_id == sweep) & (table.c.state == WAITING) & table.c.site.not_in(["slow"])
    with database.write() as connection:
        query = select(table).where(mine).order_by(table.c.priority, table.c.id).limit(BATCH)
        return len(connection.execute(query.with_for_update(skip_locked=True)).all())


def measure(database: Database) -> None:
    """Print the figures."""
    upgrade(database)
    sweep = SweepStore(database).start("night", NOW).sweep_id
    frontier = Frontier(database, sweep, holder=this_process(), lease_seconds=60)
    entries = [entry(n, "slow") for n in range(ADDRESSES - OTHERS * EACH)]
    others = [f"site{number}" for number in range(OTHERS)]
    entries += [entry(n, site) for n in range(EACH) for site in others]
    begun = time.perf_counter()
    with database.write() as connection:
        frontier.add(connection, entries, NOW)
    each = (time.perf_counter() - begun) * 1e6 / ADDRESSES
    print(f"{database.engine.dialect.name}: {ADDRESSES:,} addresses added, {each:.1f} µs each")
    for name, lease in (
        ("passing over", lambda: passing_over(database, sweep)),
        ("by site", lambda: len(frontier.lease(BATCH, NOW, sites=others))),
        ("no site full", lambda: len(frontier.lease(BATCH, NOW))),
    ):
        begun, leased = time.perf_counter(), sum(lease() for _ in range(LEASES))
        print(f"{name:13} {(time.perf_counter() - begun) * 1e6 / leased:8.0f} µs an address")


if len(sys.argv) > 2:
    measure(Database(sys.argv[2]))
else:
    with tempfile.TemporaryDirectory() as folder:
        measure(Database(f"sqlite:///{folder}/records.sqlite"))
