"""What a reader sees of an index: its segments as they were when it was opened, whatever a writer does since."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from domain.ids import Digest, WorkId
from matcher.segments.columns import Columns
from matcher.segments.strings import ByteStrings

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """A registered file as the index names it."""

    work_id: WorkId
    title: str
    owner: str
    digest: Digest


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One immutable part of an index."""

    name: str
    base: int
    """The number that its first reference has among all."""
    columns: Columns
    """What the work type made of its references."""
    keys: NDArray[np.uint8]
    """What each reference was made of (n×16)."""
    removed: Mask
    weight: int
    """Bytes of the fingerprints it was made of."""

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def texts(self) -> ByteStrings:
        """Work, title, owner and digest of each reference, in turn."""
        return ByteStrings.of(self.columns, "reference")

    def reference(self, row: int) -> Indexed:
        """The reference at a row of this segment."""
        work_id, title, owner, digest = (text.decode() for text in self.texts.several(4 * row, 4))
        return Indexed(work_id=WorkId(work_id), title=title, owner=owner, digest=Digest(digest))


class Snapshot:
    """Segments side by side; a reference has one number through all of them. Safe to use from several threads."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = tuple(segments)
        self._ends = np.cumsum([len(segment) for segment in segments], dtype=np.int64)

    @property
    def size(self) -> int:
        """How many numbers there are, those of removed references included."""
        return int(self._ends[-1]) if self.segments else 0

    def __len__(self) -> int:
        """How many references there are, without removed ones."""
        return self.size - sum(int(np.count_nonzero(segment.removed)) for segment in self.segments)

    def place(self, number: int) -> tuple[Segment, int]:
        """The segment of a reference, and its row there."""
        segment = self.segments[int(np.searchsorted(self._ends, number, side="right"))]
        return segment, number - segment.base

    def reference(self, number: int) -> Indexed:
        """The reference of that number."""
        segment, row = self.place(number)
        return segment.reference(row)

    @cached_property
    def removed(self) -> Mask:
        """Which numbers were removed."""
        return np.concatenate([s.removed for s in self.segments]) if self.segments else np.zeros(0, bool)
