"""Several workers on one sweep: started, and started again when one dies before the sweep is over."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from types import FrameType
from typing import Protocol

from crawler.runner import Progress
from domain.ids import SweepId
from monitor.wiring import Platform
from store.crews import crew_of
from store.frontier import Frontier
from store.holders import this_process

POLL_SECONDS = 0.2
LOOK_SECONDS = 1.0
MOST_DEATHS = 100
"""Of all workers of a sweep together; so many are no accident."""


class Child(Protocol):
    """A started worker."""

    def poll(self) -> int | None:
        """Its exit code, or None while it runs."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Crewing:
    """How many workers sweep, and how one is started."""

    count: int
    start: Callable[[SweepId], Child]


def crew_sweep(
    platform: Platform, sweep_id: SweepId, crewing: Crewing, on_progress: Callable[[Progress], None] | None
) -> None:
    """Have workers do the crawl of a sweep. SIGINT and SIGTERM ask them, through the records, to stop."""
    began = time.monotonic()
    frontier = Frontier(platform.database, sweep_id, holder=this_process(), lease_seconds=1)

    def look(stopped: Event) -> None:
        if stopped.is_set():
            stopped.clear()
            platform.sweeps.request_stop(sweep_id)
        if on_progress is not None:
            fetched = sum(worker.fetched for worker in crew_of(platform.database, sweep_id))
            counts = platform.sweeps.counts(sweep_id)
            on_progress(
                Progress(
                    fetched=fetched,
                    queue=frontier.open_count(),
                    findings=counts.new,
                    blocked=counts.blocked,
                    rate=fetched / max(time.monotonic() - began, 0.001),
                )
            )

    def is_over() -> bool:
        return platform.sweeps.stop_requested(sweep_id) or frontier.is_empty()

    with _noting_signals() as stopped:
        start = crewing.start
        run_crew(lambda: start(sweep_id), crewing.count, is_over=is_over, look=lambda: look(stopped))


@contextmanager
def _noting_signals() -> Iterator[Event]:
    """Set when SIGINT or SIGTERM comes; the handlers before come back afterwards."""
    stopped = Event()

    def note(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_crew(start: Callable[[], Child], count: int, *, is_over: Callable[[], bool], look: Callable[[], None]) -> int:
    """Keep `count` workers at it until each has ended by itself; how many died before the sweep was over.

    Calls `look` once a second.
    """
    working, deaths, looked = [start() for _ in range(count)], 0, 0.0
    while working:
        time.sleep(POLL_SECONDS)
        if time.monotonic() - looked >= LOOK_SECONDS:
            looked = time.monotonic()
            look()
        still = []
        for child in working:
            code = child.poll()
            if code is None:
                still.append(child)
            elif code != 0:
                deaths += 1
                if deaths < MOST_DEATHS and not is_over():
                    still.append(start())
        working = still
    return deaths


def worker_process(command: list[str], sweep_id: str) -> Child:
    """A worker, in a session of its own: an interrupt meant for the sweep is not its to hear."""
    return subprocess.Popen(  # noqa: S603 - our own command line
        [*command, "worker", sweep_id], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    )
