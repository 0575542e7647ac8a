"""Keeps the search index up with the records."""

import logging
from threading import Event

from domain.errors import StoreError
from monitor.locks import BusyError, alone
from monitor.wiring import Platform
from store.projector import project, rebuild

LOG = logging.getLogger(__name__)
BATCH = 500
IDLE_SECONDS = 2.0


def index_batch(platform: Platform) -> int:
    """Bring the oldest waiting changes into the index; how many there were.

    It is 0 while another process is at it — two at once could leave an older state of a finding in the index than the
    one last recorded — and while the engine fails: the changes wait in the outbox, and `doctor` says since when.
    """
    try:
        with alone(platform.folder.locks, "indexing"):
            return project(platform.outbox, platform.findings, platform.captures, platform.search, BATCH)
    except BusyError:
        return 0
    except StoreError as error:
        LOG.warning("Findings wait to be indexed: %s %s", error.problem, error.mend)
        return 0


def rebuild_search(platform: Platform) -> int:
    """Make the search index anew from the records; how many findings it holds then.

    Raises `BusyError` while another process indexes.
    """
    with alone(platform.folder.locks, "indexing"):
        return rebuild(platform.outbox, platform.findings, platform.captures, platform.search, platform.clock())


def keep_search_up(platform: Platform, stopped: Event) -> None:
    """Index whatever comes to wait, until `stopped`."""
    while not stopped.is_set():
        if not index_batch(platform):
            stopped.wait(IDLE_SECONDS)
