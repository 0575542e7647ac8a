"""Locks between processes of one machine."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import UsageError


class BusyError(UsageError):
    """Another process holds the lock."""


@contextmanager
def alone(folder: Path, name: str) -> Iterator[None]:
    """Hold the lock `name` while inside; the system gives it back however the process ends.

    Raises `BusyError` when another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError(f"{name} is already running.", "Wait for it to end, or stop it first.") from error
        yield
