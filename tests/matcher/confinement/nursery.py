"""A nursery whose tasks do what a hostile file may make a decoder do."""

import os
import signal
import socket
import sys
import time
from pathlib import Path

import numpy as np

from matcher.compiled import compiled
from matcher.confinement.frames import Head
from matcher.confinement.serving import Task, serve

MB = 1 << 20


def echo(request: Head, data: bytes) -> tuple[Head, bytes]:
    return {"said": request.get("say"), "pid": os.getpid()}, data


def crash(_request: Head, _data: bytes) -> tuple[Head, bytes]:
    os.kill(os.getpid(), signal.SIGSEGV)
    return {}, b""


def leave(_request: Head, _data: bytes) -> tuple[Head, bytes]:
    os._exit(7)


def spin(_request: Head, _data: bytes) -> tuple[Head, bytes]:
    while True:
        pass


def sleep(_request: Head, _data: bytes) -> tuple[Head, bytes]:
    time.sleep(1000)
    return {}, b""


def fill(_request: Head, _data: bytes) -> tuple[Head, bytes]:
    held = [np.ones(MB) for _ in range(10_000)]
    return {"held": len(held)}, b""


def stumble(_request: Head, data: bytes) -> tuple[Head, bytes]:
    return {"number": int(data)}, b""


def look_around(_request: Head, _data: bytes) -> tuple[Head, bytes]:
    """Which of the things that a worker has given up can still be done."""
    done = []
    for name, act in (
        ("read a file", lambda: Path("/etc/hostname").read_bytes()),
        ("write a file", lambda: Path("/tmp/written").write_bytes(b"x")),  # noqa: S108 - it must fail
        ("open a socket", lambda: socket.socket().close()),
        ("open a pipe", os.pipe),
        ("read standard input", lambda: 1 / len(os.read(0, 1))),
    ):
        try:
            act()
        except (OSError, ZeroDivisionError):
            continue
        done.append(name)
    return {"done": done, "secret": os.environ.get("PIRACY_MONITOR_DATABASE__URL")}, b""


@compiled
def _total(numbers: np.ndarray) -> float:
    total = 0.0
    for number in numbers.flat:
        total += number
    return total


def compile_late(_request: Head, data: bytes) -> tuple[Head, bytes]:
    """What happens when compiled code meets a type that it was not compiled for before."""
    return {"total": float(_total(np.frombuffer(data, np.uint16).reshape(2, -1)[:, ::2]))}, b""


TASKS: dict[str, Task] = {
    each.__name__: each for each in (echo, crash, leave, spin, sleep, fill, stumble, look_around, compile_late)
}

if __name__ == "__main__":
    serve(TASKS, [int(number) for number in sys.argv[1:]], 400 * MB)
