"""Archives that another program reads for us: bsdtar, which makes a tar file of them on its standard output.

It is given only what begins with the mark of such an archive: of the formats it knows, some name files to be read.
Nothing is written to disk but the archive itself.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from matcher.software.archives.budget import Budget, UnreadableError
from matcher.software.archives.codecs import CHUNK
from matcher.software.archives.tar import ChunkStream, tar_members

RAR = b"Rar!\x1a\x07"
ISO, ISO_AT = b"CD001", 32769
PROGRAM = "bsdtar"
PACKAGE = "libarchive-tools"
CONFINED = Path(__file__).with_name("confined.py")
FEWEST_FILES = 16
MEMORY = 1 << 30
"""Bytes of address space; RAR5 may ask for a dictionary of a quarter of it and more, and is then refused."""


def program() -> str | None:
    """Where the program is; None when it is not on this machine."""
    return shutil.which(PROGRAM)


def _may_start_programs() -> bool:
    """Whether this process may open the pipes that it takes: a reading process has given that up."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1] > FEWEST_FILES


def is_foreign(data: bytes | memoryview) -> bool:
    """Whether a file is an archive that only the program reads."""
    return bytes(data[: len(RAR)]) == RAR or is_disc(data)


def is_disc(data: bytes | memoryview) -> bool:
    """Whether a file is the image of a disc (ISO 9660)."""
    return data[ISO_AT : ISO_AT + len(ISO)] == ISO


def disc_members(data: memoryview, budget: Budget) -> Iterator[tuple[str, bytes | str]]:
    """Name and bytes of each file on a disc."""
    # What stands before the first volume is for the machine that starts from the disc; here it could only mislead.
    begin = ISO_AT - 1
    yield from members(memoryview(bytes(begin) + bytes(data[begin:])), budget)


def members(data: memoryview, budget: Budget) -> Iterator[tuple[str, bytes | str]]:
    """Name and bytes of each member. Raises `UnreadableError` when the program is not here or reads nothing."""
    found = program()
    if found is None:
        raise UnreadableError(f"it is read by {PROGRAM} ({PACKAGE}), which is not on this machine")
    if not _may_start_programs():
        raise UnreadableError(f"it is read by {PROGRAM}, which opens no archive inside another one")
    seconds = budget.left()
    # The command reads an archive of any form from its standard input and writes it as a tar file.
    command = [sys.executable, "-I", str(CONFINED), str(MEMORY), str(int(seconds) + 1), found, "-cf", "-", "@-"]
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as errors:
        file.write(data)
        file.seek(0)
        environment = {"LC_ALL": "C.UTF-8"}
        with subprocess.Popen(  # noqa: S603 - our own command line
            command, stdin=file, stdout=subprocess.PIPE, stderr=errors, env=environment, cwd="/"
        ) as process:
            clock = threading.Timer(seconds, process.kill)
            clock.start()
            try:
                output = cast("IO[bytes]", process.stdout)
                yield from tar_members(ChunkStream(iter(lambda: output.read(CHUNK), b""), budget), budget)
                output.read(CHUNK)
                failed = process.wait() != 0
            finally:
                clock.cancel()
                process.kill()
        if failed:
            errors.seek(0)
            said = errors.read(200).decode(errors="replace").partition("\n")[0]
            raise UnreadableError(said or f"{PROGRAM} ended with {process.returncode}")
