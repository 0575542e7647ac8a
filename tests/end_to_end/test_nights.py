"""Thirty nights by a fast clock: two schedulers on one database, each of which dies now and then."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.loading import load_settings
from domain.alerts import AlertKind
from domain.campaigns import Campaign, NightState
from monitor.wiring import Platform
from tests.alerts.receivers import smtp_server
from tests.crawler.site import html, serving
from tests.end_to_end.fast_scheduler import FastClock
from tests.support.commands import run

ROOT = Path(__file__).parents[2]
FIRST = datetime(2026, 12, 1, 19, 0, tzinfo=UTC)  # 03:00 in Shanghai
NIGHTS = 30
DEAD = 17
"""After this night both schedulers are dead for a day."""
SPEED = 60.0
"""A minute of the schedulers' time in a second: the lease of a dead leader is over in one."""
PAGES = {
    "/": html("<p>Stories of the coast</p><a href='/1.html'>one</a>", title="home"),
    "/1.html": html("<p>" + "The lamp was lit before the boats came home. " * 20 + "</p>", title="one"),
}
SETTINGS = """
[general]
administrators = ["duty@office.example"]
[alerts]
smtp_host = "127.0.0.1"
smtp_port = {port}
smtp_starttls = false
"""


@pytest.fixture
def site_port() -> Iterator[tuple[int, Counter[str]]]:
    with serving(PAGES) as site:
        yield site.port, site.asked


def prepared(folder: Path, port: int) -> tuple[Path, Path]:
    """A data folder that knows the site, and a settings file."""
    data, settings = folder / "data", folder / "settings.toml"
    settings.write_text(SETTINGS.format(port=1))
    (folder / "site.toml").write_text(
        f'name = "coast"\nhosts = ["site.localhost"]\ndelay_seconds = 0\n'
        f'start_urls = ["http://site.localhost:{port}/"]\n'
    )
    code, _, err = run(data, "sites", "add", str(folder / "site.toml"))
    assert code == 0, err
    return data, settings


class Watch:
    """Two schedulers, and what the records say."""

    def __init__(self, data: Path, settings: Path) -> None:
        self.data, self.settings = data, settings
        self.clock = FastClock(data.parent / "clock.json")
        self.clock.set(FIRST - timedelta(hours=1), SPEED)
        self.platform = Platform(data, load_settings(settings, {}))
        campaign = Campaign(name="night", sites=("coast",), schedule="0 3 * * *", allow_loopback=True)
        self.platform.campaigns.put_campaign(campaign, self.clock())
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PIRACY_MONITOR_")}
        command = [sys.executable, "-m", "tests.end_to_end.fast_scheduler"]
        arguments = [str(self.data), str(self.settings), str(self.clock.file)]
        self.running.append(subprocess.Popen([*command, *arguments], cwd=ROOT, env=environment))

    def kill(self, number: int) -> None:
        process = self.running.pop(number)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        for process in self.running:
            process.terminate()
        assert [process.wait(timeout=60) for process in self.running] == [0] * len(self.running)

    def until(self, holds: Callable[[], bool]) -> None:
        limit = time.monotonic() + 120
        while not holds():
            assert time.monotonic() < limit, self.platform.nights.recent(3)
            assert all(process.poll() is None for process in self.running)
            time.sleep(0.05)

    def state(self, planned_for: datetime) -> NightState | None:
        nights = (night for night in self.platform.nights.recent(5) if night.planned_for == planned_for)
        return next((night.state for night in nights), None)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_thirty_nights_are_swept_once_each_and_a_dead_one_raises_an_alarm(
    tmp_path: Path, site_port: tuple[int, Counter[str]]
) -> None:
    port, asked = site_port
    watch = Watch(*prepared(tmp_path, port))
    watch.start()
    watch.start()
    for number in range(NIGHTS):
        planned_for = FIRST + timedelta(days=number + (number >= DEAD))
        if number == DEAD:
            watch.kill(0)
            watch.kill(0)
            watch.clock.jump(planned_for - timedelta(hours=20), SPEED)  # the night in between has passed
            watch.start()
            watch.start()
        watch.clock.jump(planned_for - timedelta(seconds=10), SPEED)
        if number % 5 == 2:
            watch.until(lambda night=planned_for: watch.state(night) is not None)  # type: ignore[misc]
            watch.kill(number % 2)  # the leader or the other one, in the middle of a night
            watch.start()
        watch.until(lambda night=planned_for: watch.state(night) is NightState.FINISHED)  # type: ignore[misc]
    watch.end()

    nights = watch.platform.nights.recent(100)
    missed = [night.planned_for for night in nights if night.state is NightState.MISSED]
    assert missed == [FIRST + timedelta(days=DEAD)]
    swept = sorted(night.planned_for for night in nights if night.state is NightState.FINISHED)
    assert swept == [FIRST + timedelta(days=n) for n in range(NIGHTS + 1) if n != DEAD]
    assert [watch.platform.sweeps.of_night("night", night) is None for night in swept] == [False] * NIGHTS
    assert asked["/"] == asked["/1.html"] == NIGHTS
    [(alarm, _)] = watch.platform.alerts.receipts()
    assert (alarm.kind, alarm.facts["planned_for"]) == (AlertKind.NIGHT_MISSED, missed[0].isoformat())
    with smtp_server() as mailbox:
        watch.settings.write_text(SETTINGS.format(port=mailbox.port))
        platform = Platform(watch.data, load_settings(watch.settings, {}), clock=watch.clock)
        assert platform.dispatcher().round().delivered == 1
    assert mailbox.mails[0]["Subject"].startswith(f"night：原定于{missed[0].isoformat()}的巡查没有完成")
