"""Keeps the search index up with the records."""

from threading import Event

from monitor.locks import BusyError, alone
from monitor.wiring import Platform
from store.projector import project, rebuild

BATCH = 500
IDLE_SECONDS = 2.0


def index_batch(platform: Platform) -> int:
    """Bring the oldest waiting changes into the index; how many there were, or 0 while another process is at it.

    Two at once could leave an older state of a finding in the index than the one last recorded.
    """
    try:
        with alone(platform.folder.locks, "indexing"):
            return project(platform.outbox, platform.findings, platform.captures, platform.search, BATCH)
    except BusyError:
        return 0


def rebuild_search(platform: Platform) -> int:
    """Make the search index anew from the records; how many findings it holds then.

    Raises `BusyError` while another process indexes.
    """
    with alone(platform.folder.locks, "indexing"):
        return rebuild(platform.findings, platform.captures, platform.search)


def keep_search_up(platform: Platform, stopped: Event) -> None:
    """Index whatever comes to wait, until `stopped`."""
    while not stopped.is_set():
        if not index_batch(platform):
            stopped.wait(IDLE_SECONDS)
