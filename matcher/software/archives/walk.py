"""All files in a file, through every archive nested in it."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from config.settings import SoftwareMatcherSettings
from matcher.software.archives import sevenzip, tar
from matcher.software.archives import zip as zipped
from matcher.software.archives.budget import BoundError, Budget, UnreadableError
from matcher.software.archives.codecs import BEGINNINGS, decoded, decoder_of, pieces
from matcher.software.archives.programs import overlay_of

Found = Iterator[tuple[str, bytes | str]]


def _refuse_rar(_data: memoryview, _budget: Budget) -> Found:
    return iter((("", "RAR archives are not read"),))


READERS: Mapping[bytes, Callable[[memoryview, Budget], Found]] = {
    zipped.LOCAL: zipped.members,
    zipped.END: zipped.members,
    sevenzip.MAGIC: sevenzip.members,
    tar.AR_MAGIC: tar.ar_members,
    b"Rar!\x1a\x07": _refuse_rar,
}
"""Archives told by their first bytes."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file that is no archive, or one that could not be opened. `path` joins nested archives with "!/"."""

    path: str
    data: bytes


@dataclass(slots=True)
class Walk:
    """What could not be read, filled while the members are."""

    settings: SoftwareMatcherSettings
    problems: list[str] = field(default_factory=list)
    """Members and nested archives that were passed over, and why."""
    bound: str = ""
    """The bound that ended the reading early; empty when all of it was read."""
    unopened: bool = False
    """The file is an archive of which not one member could be read."""
    _seen: set[bytes] = field(default_factory=set)

    def members(self, data: bytes, name: str) -> Iterator[Member]:
        """Every file in `data`. Never raises; `problems` and `bound` say afterwards what is missing."""
        budget = Budget(self.settings, len(data))
        try:
            yield from self._inside(data, "", name, budget, 0)
        except BoundError as error:
            self.bound = str(error)

    def _inside(self, data: bytes, path: str, name: str, budget: Budget, depth: int) -> Iterator[Member]:
        """The files in `data`, which stands at `path` ("" for the outermost) and is called `name`."""
        found = open_archive(memoryview(data), name, budget)
        fresh = found is not None and self._first_time(data)
        if found is None or not fresh or depth >= self.settings.max_depth:
            if found is not None and fresh:
                self._problem(path or name, f"nested deeper than {self.settings.max_depth} archives")
            if fresh or found is None:
                yield Member(path or name, data)
            return
        empty = True
        inner = f"{path}!/" if path else ""
        for below, content in self._guarded(found, path or name):
            if isinstance(content, str):
                self._problem(inner + below, content)
                continue
            empty = False
            yield from self._inside(content, (inner + below)[: self.settings.max_name_length], below, budget, depth + 1)
        self.unopened |= empty and not depth and bool(self.problems) and data[:2] != b"MZ"
        if empty or data[:2] == b"MZ":
            # What cannot be opened is compared as it is, and so is the program in front of what it unpacks.
            yield Member(path or name, data)

    def _guarded(self, found: Found, path: str) -> Found:
        """The same members; whatever a hostile archive provokes in a reader ends that archive alone."""
        try:
            yield from found
        except (BoundError, GeneratorExit):
            raise
        except Exception as error:
            said = str(error) if isinstance(error, UnreadableError) else f"{type(error).__name__}: {error}"[:200]
            self._problem(path, said)

    def _problem(self, path: str, problem: str) -> None:
        if len(self.problems) < self.settings.max_members:
            self.problems.append(f"{path[:200]}: {problem}")

    def _first_time(self, data: bytes) -> bool:
        """Whether this archive was not opened before: one that holds itself would never end."""
        digest = hashlib.sha256(data).digest()
        fresh = digest not in self._seen
        self._seen.add(digest)
        return fresh


def is_archive(head: bytes) -> bool:
    """Whether a file that begins with `head` is of a kind that holds others."""
    return head.startswith((*READERS, *BEGINNINGS)) or tar.is_tar(head)


def open_archive(data: memoryview, name: str, budget: Budget) -> Found | None:
    """The members of an archive, or None when it is none."""
    head = bytes(data[:512])
    if tar.is_tar(head):
        return tar.tar_members(tar.ChunkStream(pieces(data), budget), budget)
    if (make := decoder_of(head)) is not None:
        return _compressed(tar.ChunkStream(decoded(data, make), budget), name, budget)
    if (end := overlay_of(data)) is not None:
        return _behind(data[end:], data, name, budget)
    return next((read(data, budget) for magic, read in READERS.items() if head.startswith(magic)), None)


def _compressed(stream: tar.ChunkStream, name: str, budget: Budget) -> Found:
    """A compressed tar file is read through; of any other compressed file the one member is what it unpacks to."""
    if tar.is_tar(stream.peek(512)):
        yield from tar.tar_members(stream, budget)
    else:
        inner = name.rsplit("/", 1)[-1].rsplit(".", 1)[0] or "data"
        yield budget.count(inner), budget.collect(stream.rest())


def _behind(overlay: memoryview, whole: memoryview, name: str, budget: Budget) -> Found | None:
    """What a self-extracting program carries behind itself."""
    if is_archive(bytes(overlay[:512])):
        return open_archive(overlay, name, budget)
    return zipped.members(whole, budget) if zipped.end_of(whole) is not None else None
