"""Sequences of byte strings as two columns: where each begins, and all bytes one after another."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matcher.segments.stored import StoredValue


@dataclass(frozen=True, slots=True)
class ByteStrings(StoredValue):
    """Byte strings by number."""

    bounds: NDArray[np.uint64]
    """Where each begins; one more entry at the end."""
    data: NDArray[np.uint8]

    @classmethod
    def build(cls, strings: Iterable[bytes]) -> "ByteStrings":
        each = list(strings)
        bounds = np.concatenate(([0], np.cumsum([len(s) for s in each], dtype=np.uint64)))
        return cls(bounds=bounds.astype(np.uint64), data=np.frombuffer(b"".join(each), np.uint8))

    def __len__(self) -> int:
        return int(self.bounds.size) - 1

    def __getitem__(self, number: int) -> bytes:
        return self.data[int(self.bounds[number]) : int(self.bounds[number + 1])].tobytes()

    def several(self, first: int, count: int) -> list[bytes]:
        """The strings from `first`, read at once."""
        bounds = self.bounds[first : first + count + 1].tolist()
        data = self.data[bounds[0] : bounds[-1]].tobytes()
        return [data[start - bounds[0] : end - bounds[0]] for start, end in pairwise(bounds)]
