"""What a work type made of some content."""

import hashlib
from dataclasses import dataclass

from domain.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """Kinds and versions never compare with each other. `payload` is the work type's own encoding."""

    kind: str
    version: int
    payload: bytes

    @property
    def digest(self) -> str:
        """SHA-256 over kind, version and payload."""
        head = f"{self.kind}@{self.version}\n".encode()
        return hashlib.sha256(head + self.payload).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstention:
    """The content is too small, too plain or unreadable to be judged."""

    reason: Reason
