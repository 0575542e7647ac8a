"""The side that asks: a few reading processes, used from any thread, and started again whenever one ends."""

import contextlib
import os
import queue
import signal
import socket
import subprocess
import threading
import time
import weakref
from collections.abc import Sequence
from typing import IO, cast

from config.settings import ConfinementSettings
from domain.errors import PiracyMonitorError
from domain.reasons import Reason, ReasonCode
from matcher.confinement.frames import Head, receive, send
from matcher.confinement.serving import PATIENCE, READY, STATUS

MOST_ANSWERED = 256 << 20
"""Bytes of one answer; the longest text that is kept takes 80 MB."""
GRACE_SECONDS = 10.0
"""What an ended worker's keeper may take to say so, beyond the worker's own alarm."""
ATTEMPTS = 2
SECRET = "PIRACY_MONITOR_"  # noqa: S105 - how the variables begin that may hold one


class ReadingFailedError(Exception):
    """A content could not be read within the bounds; `reason` says which."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.sentence("en"))
        self.reason = reason


class WorkersError(PiracyMonitorError):
    """The reading processes cannot be started, or were closed."""


class _BrokenError(Exception):
    """A keeper is gone, which is no content's fault."""


class Workers:
    """Reading processes, begun when first needed. Safe to use from several threads.

    `command` starts a nursery (matcher.confinement.serving): the numbers of its sockets are added to it, and `opening`
    is written to its standard input.
    """

    def __init__(self, command: Sequence[str], opening: bytes, settings: ConfinementSettings) -> None:
        self._command = tuple(command)
        self._opening = opening
        self._settings = settings
        self.processes = settings.processes or len(os.sched_getaffinity(0))
        self._lock = threading.Lock()
        self._group: _Group | None = None
        self._closed = False

    def start(self) -> None:
        """Let the processes start now, in the background, as they will be needed soon."""
        self._running()

    def run(self, task: str, request: Head, data: bytes, *, seconds: float) -> tuple[Head, bytes]:
        """What `task` answers to `request` and `data`. Raises `ReadingFailedError` when it was late or crashed."""
        for _ in range(ATTEMPTS):
            group = self._running()
            slot = group.idle.get()
            try:
                return slot.ask({**request, "task": task, "seconds": seconds}, data, seconds)
            except _BrokenError:
                self._discard(group)
            finally:
                group.idle.put(slot)
        raise WorkersError("The reading processes do not start.", "Standard error says why; see also `doctor`.")

    def close(self) -> None:
        """End all processes at once; what is being read fails."""
        with self._lock:
            self._closed = True
            if self._group is not None:
                self._group.stop()

    def _running(self) -> "_Group":
        with self._lock:
            if self._closed:
                raise WorkersError("The reading processes were closed.", "Run the command again.")
            if self._group is None:
                self._group = _Group(self._command, self._opening, self.processes, self._settings)
            return self._group

    def _discard(self, group: "_Group") -> None:
        with self._lock:
            group.stop()
            if self._group is group:
                self._group = None


class _Group:
    """A nursery and the sockets to its keepers."""

    def __init__(self, command: Sequence[str], opening: bytes, count: int, settings: ConfinementSettings) -> None:
        pairs = [socket.socketpair() for _ in range(count)]
        numbers = [theirs.fileno() for _, theirs in pairs]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(SECRET)}
        # The processes are what runs at once; threads inside them would only be in each other's way.
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
        process = subprocess.Popen(  # noqa: S603 - our own command line
            [*command, *(str(number) for number in numbers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=environment | threads,
            pass_fds=numbers,
            start_new_session=True,  # so that all of it can be ended at once, and Ctrl-C is ours to handle
        )
        for _, theirs in pairs:
            theirs.close()
        # One that ended at once is noticed when it is asked.
        with contextlib.suppress(BrokenPipeError), cast("IO[bytes]", process.stdin) as standard_input:
            standard_input.write(opening)
        slots = [_Slot(ours, settings) for ours, _ in pairs]
        self.idle: queue.LifoQueue[_Slot] = queue.LifoQueue()
        for slot in slots:
            self.idle.put(slot)
        self.stop = weakref.finalize(self, _stop, process, slots)


def _stop(process: subprocess.Popen[bytes], slots: Sequence["_Slot"]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for slot in slots:
        slot.close()


class _Slot:
    """One keeper, and the worker that it has just now, if any."""

    def __init__(self, control: socket.socket, settings: ConfinementSettings) -> None:
        self._control = control
        self._settings = settings
        self._ready = False
        self._link: socket.socket | None = None
        self._served = 0

    def ask(self, request: Head, data: bytes, seconds: float) -> tuple[Head, bytes]:
        link = self._link or self._begin()
        deadline = time.monotonic() + PATIENCE * seconds + GRACE_SECONDS
        try:
            link.settimeout(PATIENCE * seconds + GRACE_SECONDS)
            send(link, request, data)
            answer, made = receive(link, MOST_ANSWERED, deadline)
        except TimeoutError as error:
            # Its own alarm should have ended it long ago.
            raise _BrokenError from error
        except (OSError, EOFError, ValueError) as error:
            raise ReadingFailedError(_why(self._end(), seconds)) from error
        self._served += 1
        if answer.get("failed") == "memory" or self._served >= self._settings.recycle_after:
            self._end()
        if "failed" in answer:
            raise ReadingFailedError(self._failure(answer))
        return answer, made

    def close(self) -> None:
        """Let go of the sockets; whoever waits at them is told that the other side is gone."""
        for each in (self._link, self._control):
            if each is not None:
                each.close()

    def _begin(self) -> socket.socket:
        """A new worker's socket."""
        if not self._ready and self._control.recv(len(READY)) != READY:
            raise _BrokenError
        self._ready = True
        ours, theirs = socket.socketpair()
        with theirs:
            self._link, self._served = ours, 0
            try:
                socket.send_fds(self._control, [b"+"], [theirs.fileno()])
            except OSError as error:
                raise _BrokenError from error
        return ours

    def _end(self) -> int:
        """Let go of the worker, and learn how it ended."""
        if self._link is not None:
            self._link.close()
            self._link = None
        self._control.settimeout(GRACE_SECONDS)
        try:
            told = self._control.recv(STATUS.size, socket.MSG_WAITALL)
        except OSError as error:
            raise _BrokenError from error
        finally:
            self._control.settimeout(None)
        if len(told) < STATUS.size:
            raise _BrokenError
        return int(STATUS.unpack(told)[0])

    def _failure(self, answer: Head) -> Reason:
        if answer["failed"] == "memory":
            return Reason.of(ReasonCode.READING_TOO_LARGE, bytes=self._settings.memory_bytes)
        return Reason.of(ReasonCode.UNREADABLE, problem=str(answer.get("problem", ""))[:200])


def _why(status: int, seconds: float) -> Reason:
    if -status in {signal.SIGPROF, signal.SIGALRM}:
        return Reason.of(ReasonCode.READING_LATE, seconds=round(seconds))
    ended = signal.Signals(-status).name if -status in set(signal.Signals) else f"exit code {status}"
    return Reason.of(ReasonCode.READING_CRASHED, ended=ended)
