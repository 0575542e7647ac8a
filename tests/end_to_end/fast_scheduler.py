"""A scheduler in a process of its own, by a clock that runs fast. Only the clock differs from the command's."""

import json
import os
import signal
import sys
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from config.loading import load_settings
from monitor.cli.context import Invocation
from monitor.cli.scheduling import scheduler_of
from monitor.wiring import Platform, system_clock

TICK_SECONDS = 0.2


@dataclass(frozen=True)
class FastClock:
    """Time read from a file that says where it began, when, and how many times faster it runs."""

    file: Path

    def __call__(self) -> datetime:
        began, at, speed = json.loads(self.file.read_text())
        passed: timedelta = (system_clock() - datetime.fromisoformat(at)) * speed
        return datetime.fromisoformat(began) + passed

    def set(self, time: datetime, speed: float) -> None:
        """Go on from `time`; readers see the old clock or the new one, nothing between."""
        beside = self.file.with_suffix(".new")
        beside.write_text(json.dumps([time.isoformat(), system_clock().isoformat(), speed]))
        beside.replace(self.file)

    def jump(self, time: datetime, speed: float) -> None:
        """Go on from `time`, unless it is later already."""
        self.set(max(time, self() + timedelta(seconds=1)), speed)


def main() -> None:
    """Run until SIGTERM: `python -m tests.end_to_end.fast_scheduler DATA SETTINGS CLOCK`."""
    data, settings, clock = (Path(argument) for argument in sys.argv[1:])
    call = Invocation(data=data, settings_file=settings)
    platform = Platform(data, load_settings(settings, os.environ), clock=FastClock(clock))
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: stopped.set())
    scheduler = scheduler_of(platform, call.command)
    while not stopped.wait(TICK_SECONDS):
        scheduler.tick()
    scheduler.close()


if __name__ == "__main__":
    main()
