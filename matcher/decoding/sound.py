"""Hostile bytes to samples, within bounds that hold whatever the file does."""

import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray

from domain.reasons import Reason, ReasonCode

CHILD = Path(__file__).with_name("child.py")
RATE = 8000
"""Samples a second: what a telephone carries, which is where copies of music agree."""
MEMORY = 1 << 30
"""Bytes of address space of the decoding process, of which its libraries take a third."""

Sound = NDArray[np.int16]


def decode(data: bytes, *, seconds: int, timeout: float) -> Sound | Reason:
    """The first `seconds` of sound in `data`, mono at RATE; or why there is none. Never raises for bad content.

    A process of its own decodes, and is killed after `timeout` seconds: a file that crashes, hangs or floods the
    decoder costs one file.
    """
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as errors:
        file.write(data)
        file.seek(0)
        samples, code = _run(file, errors, seconds, timeout)
        if code == 0 and samples:
            return np.frombuffer(samples, np.int16, count=len(samples) // 2)
        errors.seek(0)
        said = errors.read(200).decode(errors="replace")
    problem = f"decoding took more than {timeout:g} seconds" if code is None else said or f"decoder ended with {code}"
    return Reason.of(ReasonCode.UNREADABLE, problem=problem)


def _run(file: IO[bytes], errors: IO[bytes], seconds: int, timeout: float) -> tuple[bytes, int | None]:
    """What the decoder wrote and its exit code, None when it had to be stopped."""
    limits = (RATE, seconds, MEMORY, int(timeout) + 1)
    command = [sys.executable, "-I", str(CHILD), *(str(limit) for limit in limits)]
    late = threading.Event()
    with subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, stderr=errors, env={}) as process:  # noqa: S603 - our own command line
        clock = threading.Timer(timeout, _stop, (process, late))
        clock.start()
        try:
            most = 2 * RATE * seconds
            samples = cast("IO[bytes]", process.stdout).read(most)
            if len(samples) == most:
                # The decoder stops by itself at that length; one that was taken over would not.
                process.kill()
                return samples, 0
            return samples, None if process.wait() and late.is_set() else process.returncode
        finally:
            clock.cancel()


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()
