"""All files in a file, through every archive nested in it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from config.settings import SoftwareMatcherSettings
from matcher.software.archives.budget import BoundError, Budget, UnreadableError
from matcher.software.archives.formats import Found, begins_archive, open_archive
from matcher.software.archives.programs import is_program


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
            place = (inner + below)[: self.settings.max_name_length]
            if begins_archive(content):
                yield from self._inside(content, place, below, budget, depth + 1)
            else:
                yield Member(place, content)
        self.unopened |= empty and not depth and bool(self.problems) and not is_program(data)
        if empty or is_program(data):
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
