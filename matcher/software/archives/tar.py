"""Tar files, bare or compressed, and ar files (Debian packages)."""

import tarfile
from collections.abc import Iterator
from functools import partial
from typing import IO, cast

from matcher.software.archives.budget import Budget
from matcher.software.archives.codecs import CHUNK
from matcher.software.archives.names import name_of

MAGIC, MAGIC_AT = b"ustar", 257
AR_MAGIC = b"!<arch>\n"


class ChunkStream:
    """Chunks read as tarfile reads a file."""

    def __init__(self, chunks: Iterator[bytes], budget: Budget) -> None:
        self._chunks = chunks
        self._budget = budget
        self._held = b""

    def peek(self, size: int) -> bytes:
        """The next bytes, at least `size` of them unless the stream is shorter, left to be read."""
        while len(self._held) < size and (chunk := next(self._chunks, b"")):
            self._held += chunk
        return self._held

    def read(self, size: int) -> bytes:
        """The next bytes, up to `size` of them; fewer only at the end."""
        self._budget.tick()
        parts, have = [], 0
        while have < size and (self._held or (fresh := next(self._chunks, b""))):
            held = self._held or fresh
            parts.append(held[: size - have])
            self._held = held[size - have :]
            have += len(parts[-1])
        return b"".join(parts)

    def rest(self) -> Iterator[bytes]:
        """Everything not yet read."""
        held, self._held = self._held, b""
        if held:
            yield held
        yield from self._chunks


def is_tar(head: bytes | memoryview) -> bool:
    """Whether a file that begins with `head` is a tar file."""
    return head[MAGIC_AT : MAGIC_AT + len(MAGIC)] == MAGIC


def tar_members(stream: ChunkStream, budget: Budget) -> Iterator[tuple[str, bytes | str]]:
    """Name and bytes of each regular file; links, devices and folders hold nothing and are left out."""
    with tarfile.open(fileobj=cast("IO[bytes]", stream), mode="r|", bufsize=CHUNK, errorlevel=0) as archive:
        for info in archive:
            # The list of members that tarfile keeps would grow with the archive.
            archive.members = []  # type: ignore[attr-defined]
            name = budget.count(name_of(info.name.encode(errors="surrogateescape")))
            if not info.isreg():
                continue
            file = archive.extractfile(info)
            if file is not None:
                yield name, budget.collect(iter(partial(file.read, CHUNK), b""))


def ar_members(data: memoryview, budget: Budget) -> Iterator[tuple[str, bytes | str]]:
    """Name and bytes of each member of an ar file, up to the first header that is none."""
    at = len(AR_MAGIC)
    while at + 60 <= len(data) and bytes(data[at + 58 : at + 60]) == b"`\n":
        name = name_of(bytes(data[at : at + 16])).rstrip(" /")
        digits = bytes(data[at + 48 : at + 58]).strip()
        if not digits.isdigit():
            return
        end = at + 60 + int(digits)
        yield budget.count(name), budget.collect(iter((bytes(data[at + 60 : end]),)))
        at = end + end % 2
