"""The side that reads: a process that starts slowly once, and forks a reading process whenever one is needed.

    nursery ── keeper ── worker      (a keeper for each worker that may run at the same time)

The nursery loads every library and compiled function. A keeper waits for a socket, forks a worker that serves it, and
tells how the worker ended. A worker has given up opening files and sockets before it reads the first byte, has little
memory, and has two alarms set while it reads, whose default is to end it: nothing that it runs can put them off for
others.
"""

import contextlib
import encodings
import gc
import importlib
import os
import pkgutil
import resource
import signal
import socket
import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from matcher.compiled import keep_in_memory
from matcher.confinement.frames import Head, receive, send

Task = Callable[[Head, bytes], tuple[Head, bytes]]
READY = b"R"
STATUS = struct.Struct("<i")
MOST_REQUESTED = 1 << 30
"""Bytes of one content; callers hold themselves to less."""
PATIENCE = 4
"""A content may take so many times its processor time by the clock, on a machine busy with other things."""
LINK = 3
"""The number of the socket in a worker: the only one it has beside 0 to 2."""


def serve(tasks: Mapping[str, Task], controls: Sequence[int], memory: int) -> None:
    """Be the nursery for one keeper on each socket of `controls`, until all of these are closed.

    `memory` is the number of bytes that a worker may take beyond what it begins with. `tasks` have been run before
    this, so that all they need is loaded.
    """
    _load_charsets()
    keep_in_memory()
    gc.freeze()
    space = _address_space() + memory
    for number in controls:
        if os.fork() == 0:
            for other in controls:
                if other != number:
                    os.close(other)
            _keep(socket.socket(fileno=number), tasks, space)
            os._exit(0)
    for number in controls:
        os.close(number)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()


def _load_charsets() -> None:
    """Python imports a charset when it first meets it, which is too late in a worker."""
    for module in pkgutil.iter_modules(encodings.__path__):
        # Some exist on other systems only.
        with contextlib.suppress(ImportError):
            importlib.import_module(f"encodings.{module.name}")


def _address_space() -> int:
    """Bytes of address space that this process has now, most of them of shared libraries."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _keep(control: socket.socket, tasks: Mapping[str, Task], space: int) -> None:
    with contextlib.suppress(OSError):  # nobody is left to serve
        control.sendall(READY)
        while True:
            _, numbers, _, _ = socket.recv_fds(control, 1, 1)
            if not numbers:
                return
            child = os.fork()
            if child == 0:
                _work(numbers[0], tasks, space)
                os._exit(0)
            os.close(numbers[0])
            _, status = os.waitpid(child, 0)
            control.sendall(STATUS.pack(os.waitstatus_to_exitcode(status)))


def _work(number: int, tasks: Mapping[str, Task], space: int) -> None:
    _confine(number, space)
    link = socket.socket(fileno=LINK)
    with contextlib.suppress(OSError, EOFError):  # nobody is left to serve
        while True:
            request, data = receive(link, MOST_REQUESTED)
            seconds = float(request["seconds"])
            signal.setitimer(signal.ITIMER_PROF, seconds)
            signal.setitimer(signal.ITIMER_REAL, PATIENCE * seconds)
            answer, made = _done(tasks[request["task"]], request, data)
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
            del data
            send(link, answer, made)


def _done(task: Task, request: Head, data: bytes) -> tuple[Head, bytes]:
    try:
        return task(request, data)
    except MemoryError:
        return {"failed": "memory"}, b""
    except Exception as error:
        # What a file provokes in us is that file's failure, and is reported as such.
        return {"failed": "error", "problem": f"{type(error).__name__}: {error}"[:200]}, b""


def _confine(number: int, space: int) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    if number != LINK:
        os.dup2(number, LINK)
    os.closerange(LINK + 1, os.sysconf("SC_OPEN_MAX"))
    # All four numbers are taken, so none is left for a file or a socket.
    resource.setrlimit(resource.RLIMIT_NOFILE, (LINK + 1, LINK + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
