"""The decoding process, and the bounds that hold whatever the file does.

A process of its own decodes, and is killed after some seconds: a file that crashes, hangs or floods the decoder costs
one file.
"""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from domain.reasons import Reason, ReasonCode

CHILD = Path(__file__).with_name("child.py")
CHUNK = 1 << 16


class DecodingError(Exception):
    """The decoder gave up, crashed or was stopped; `reason` says it to a user."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.reason = Reason.of(ReasonCode.UNREADABLE, problem=problem)


def decoded(data: bytes, mode: str, *numbers: int, memory: int, timeout: float, most: int) -> Iterator[bytes]:
    """What the decoder writes of `data` in `mode` (see `child.py`), in pieces, at most `most` bytes in all.

    `memory` is the bytes of address space of the process, `timeout` the seconds after which it is killed. Raises
    `DecodingError` at the end when it failed, also after pieces were given.
    """
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as errors:
        file.write(data)
        file.seek(0)
        command = [sys.executable, "-I", str(CHILD), *(str(n) for n in (memory, int(timeout) + 1, mode, *numbers))]
        late = threading.Event()
        with subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, stderr=errors, env={}) as process:  # noqa: S603 - our own command line
            clock = threading.Timer(timeout, _stop, (process, late))
            clock.start()
            try:
                out, left = cast("IO[bytes]", process.stdout), most
                while left and (piece := out.read(min(left, CHUNK))):
                    left -= len(piece)
                    yield piece
                # The decoder stops by itself at that length; one that was taken over would not.
                code = process.wait() if left else 0
            finally:
                clock.cancel()
                process.kill()
        if code:
            errors.seek(0)
            said = errors.read(200).decode(errors="replace")
            problem = f"decoding took more than {timeout:g} seconds" if late.is_set() else said
            raise DecodingError(problem or f"decoder ended with {code}")


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()
