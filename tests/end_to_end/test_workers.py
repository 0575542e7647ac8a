"""Four workers on one PostgreSQL, each killed at a random moment; a stop from another process; canaries."""

import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from domain.alerts import AlertKind
from domain.ids import SweepId
from evidence.vault import LOG
from monitor.paths import DataFolder
from store.alerts import AlertStore
from store.crews import WorkerState, crew_of
from store.database import Database, sqlite_url
from store.schema import upgrade
from store.sweeps import SweepStore
from store.tables import captures, frontier
from tests.crawler.site import Answer, html, serving
from tests.support.commands import run, start
from tests.support.databases import postgresql_database

HOSTS, EACH = 8, 625
SETTINGS = """
[general]
administrators = ["duty@office.example"]
[database]
url = "{url}"
[matcher.confinement]
processes = 1
"""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


@dataclass(frozen=True)
class Installed:
    """A data folder with a campaign, and the records of its sweeps."""

    data: Path
    settings: Path
    database: Database

    def command(self, *arguments: str) -> tuple[int, str, str]:
        return run(self.data, "--settings", str(self.settings), *arguments)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return start(self.data, "--settings", str(self.settings), *arguments)

    def sweep_id(self) -> SweepId:
        """The id of the sweep under way, which is waited for."""
        while (sweep := SweepStore(self.database).latest("night")) is None:
            time.sleep(0.1)
        return sweep.sweep_id

    def captured(self) -> int:
        with self.database.read() as connection:
            return connection.scalar(select(func.count()).select_from(captures)) or 0


def install(folder: Path, database: Database, starts: list[str], *, extra: str = "", site: str = "") -> Installed:
    """A campaign of one site for each start page."""
    made = Installed(folder / "data", folder / "settings.toml", database)
    url = database.engine.url.render_as_string(hide_password=False)
    made.settings.write_text(SETTINGS.format(url=url))
    names = [f"site{number}" for number in range(len(starts))]
    for name, address in zip(names, starts, strict=True):
        (folder / f"{name}.toml").write_text(
            f'name = "{name}"\nhosts = ["{name}.localhost"]\nstart_urls = ["{address}"]\n'
            f"{site or 'delay_seconds = 0' + chr(10) + 'concurrency = 4'}\n"
        )
        code, _, err = made.command("sites", "add", str(folder / f"{name}.toml"))
        assert code == 0, err
    (folder / "campaign.toml").write_text(
        f'name = "night"\nsites = {json.dumps(names)}\nallow_loopback = true\n{extra}\n'
    )
    code, _, err = made.command("campaigns", "add", str(folder / "campaign.toml"))
    assert code == 0, err
    return made


def pages_of(site: str, count: int) -> dict[str, Answer]:
    """Pages of one host, each linking to five further ones and to some before; no number on them is a status."""
    chance, digits = random.Random(site), str.maketrans("0123456789", "零一二三四五六七八九")
    made: dict[str, Answer] = {}
    for number in range(count):
        onward = [n for n in range(number * 5 + 1, number * 5 + 6) if n < count]
        links = [*onward, *(chance.randrange(count) for _ in range(5))]
        name = str(number).translate(digits)
        body = "".join(f'<a href="/{site}/{n}">{str(n).translate(digits)}</a>' for n in links)
        made[f"/{site}/{number}"] = html(f"<p>{site} 灯塔下的第{name}个故事。</p>{body}", title=name)
    return made


@contextmanager
def records(folder: Path) -> Iterator[Database]:
    database = Database(sqlite_url(folder / "records.sqlite"))
    upgrade(database)
    yield database
    database.close()


def test_killed_workers_lose_nothing_and_are_named(tmp_path: Path) -> None:
    chance, killed = random.Random(4), set[str]()
    pages = {path: page for n in range(HOSTS) for path, page in pages_of(f"site{n}", EACH).items()}
    with serving(pages) as site, postgresql_database() as database:
        starts = [site.url(f"/site{n}/0", f"site{n}.localhost") for n in range(HOSTS)]
        made = install(tmp_path, database, starts)
        head = made.start("sweep", "night", "--workers", "4", "--json")
        sweep_id = made.sweep_id()
        while len(first := [each.holder for each in crew_of(database, sweep_id)]) < 4:
            time.sleep(0.1)
        for moment in sorted(chance.sample(range(200, HOSTS * EACH - 1500), 4)):
            while made.captured() < moment:
                assert head.poll() is None, head.communicate()
                time.sleep(chance.random() / 10)
            victim = chance.choice([holder for holder in first[:4] if holder not in killed])
            os.kill(int(victim.rsplit(":", 2)[1]), signal.SIGKILL)
            killed.add(victim)
        out, err = head.communicate()
        assert head.returncode == 0, err
        report = json.loads(out)
        assert (report["state"], set(report["coverage"]["workers_lost"])) == ("finished", killed)
        with database.read() as connection:
            captured = Counter(connection.scalars(select(captures.c.canonical_url)))
            states = Counter(connection.scalars(select(frontier.c.state)))
        assert states == {"done": HOSTS * EACH}
        assert set(captured.values()) == {1}
        assert {url.partition(f":{site.port}")[2] for url in captured} == set(pages)
        crew = crew_of(database, sweep_id)
        assert {each.holder for each in crew if each.state is WorkerState.LOST} == killed
        assert [each.state for each in crew].count(WorkerState.ENDED) == 4
        _, shown, _ = made.command("sweeps", "show", sweep_id, "--json")
    preserved = json.loads(shown)
    assert (preserved["fetched"], preserved["waiting"]) == (HOSTS * EACH, 0)
    assert set(preserved["workers_lost"]) == killed
    assert preserved["report"] in (DataFolder(made.data).evidence / LOG).read_text()


def test_a_stop_from_another_process_acts_within_five_seconds_and_the_sweep_goes_on_later(tmp_path: Path) -> None:
    pages = pages_of("site0", 300)
    with serving(pages) as site, records(tmp_path) as database:
        slow = "delay_seconds = 0.5\nconcurrency = 1"
        made = install(tmp_path, database, [site.url("/site0/0", "site0.localhost")], site=slow)
        process = made.start("sweep", "night", "--json")
        sweep_id = made.sweep_id()
        while made.captured() < 3:
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        code, _, err = made.command("sweeps", "stop", sweep_id)
        assert code == 0, err
        asked = site.asked.total()
        out, err = process.communicate()
        assert json.loads(out)["state"] == "stopped", err
        assert site.asked.total() - asked <= 5 / 0.5 + 1  # as many as the delay lets through in five seconds
        assert made.captured() < len(pages)
        code, listed, _ = made.command("sweeps", "list", "--json")
        assert [(row["sweep_id"], row["state"]) for row in map(json.loads, listed.splitlines())] == [
            (sweep_id, "stopped")
        ]
        install(tmp_path, database, [site.url("/site0/0", "site0.localhost")])  # now as fast as it can
        code, out, err = made.command("sweeps", "resume", sweep_id, "--json")
        assert code == 0, err
        assert (json.loads(out)["sweep_id"], json.loads(out)["state"]) == (sweep_id, "finished")
        assert made.captured() == len(pages)
        code, _, err = made.command("sweeps", "resume", sweep_id)
        assert (code, "was not stopped" in err) == (2, True)


def test_a_canary_that_was_not_seen_is_told(tmp_path: Path) -> None:
    with serving(pages_of("site0", 5)) as site, records(tmp_path) as database:
        seen, unseen = (site.url(path, "site0.localhost") for path in ("/site0/3", "/site0/77"))
        made = install(
            tmp_path,
            database,
            [site.url("/site0/0", "site0.localhost")],
            extra=f"canaries = {json.dumps([seen, unseen])}",
        )
        code, out, err = made.command("sweep", "night", "--json")
        assert code == 0, err
        assert json.loads(out)["coverage"]["canaries_unseen"] == [unseen]
        (alert,) = AlertStore(database).claim(10, now=datetime.now(UTC), lease=timedelta(minutes=1))
        assert (alert.kind, alert.facts["first"]) == (AlertKind.CANARIES_UNSEEN, unseen)
        _, shown, _ = made.command("sweeps", "show", made.sweep_id())
    assert "canary unseen" in shown
