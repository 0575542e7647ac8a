"""What reading one file may cost, all archives inside it together."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from config.settings import SoftwareMatcherSettings


class UnreadableError(Exception):
    """One archive or member cannot be read; what else there is still can."""


class BoundError(Exception):
    """A bound on the whole file was passed: reading ends here, and what was read so far counts."""


@dataclass(slots=True)
class Budget:
    """Counts what is produced, never what headers promise; its methods raise `BoundError` past the bounds."""

    settings: SoftwareMatcherSettings
    size: int
    """Bytes of the file as fetched."""
    clock: Callable[[], float] = time.monotonic
    expanded: int = 0
    members: int = 0
    _begun: float = field(init=False)

    def __post_init__(self) -> None:
        self._begun = self.clock()

    def spend(self, produced: int) -> None:
        """Account for `produced` more bytes of decoded members."""
        self.expanded += produced
        settings = self.settings
        if self.expanded > settings.max_expanded_bytes:
            raise BoundError(f"more than {settings.max_expanded_bytes} bytes unpacked")
        if self.expanded > max(settings.free_expanded_bytes, settings.max_ratio * self.size):
            raise BoundError(f"unpacks to more than {settings.max_ratio} times its size")
        self.tick()

    def count(self, name: str) -> str:
        """Account for one more member; its name, cut to the longest that is kept."""
        self.members += 1
        if self.members > self.settings.max_members:
            raise BoundError(f"more than {self.settings.max_members} members")
        self.tick()
        return name.replace("\0", "")[: self.settings.max_name_length]

    def tick(self) -> None:
        """End the reading when it has taken too long."""
        if self.clock() - self._begun > self.settings.max_seconds:
            raise BoundError(f"reading took more than {self.settings.max_seconds:g} seconds")

    def left(self) -> float:
        """Seconds that reading may still take."""
        return max(0.0, self.settings.max_seconds - (self.clock() - self._begun))

    def collect(self, chunks: Iterable[bytes]) -> bytes:
        """The bytes of one member. Raises `UnreadableError` when they are more than one member may have."""
        limit, parts, size = self.settings.max_member_bytes, [], 0
        for chunk in chunks:
            size += len(chunk)
            self.spend(len(chunk))
            if size > limit:
                raise UnreadableError(f"a member of more than {limit} bytes")
            parts.append(chunk)
        return parts[0] if len(parts) == 1 else b"".join(parts)
