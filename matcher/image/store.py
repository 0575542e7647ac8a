"""The keypoints of all registered pictures, column by column: 14 bytes each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.image.features import Features
from matcher.image.payload import FINENESS, TURN
from matcher.segments.stored import StoredValue

U64 = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class KeypointStore(StoredValue):
    """Parallel arrays over all keypoints; those of picture i are rows `starts[i]` to `starts[i + 1]`."""

    starts: NDArray[np.int64]
    sizes: NDArray[np.uint16]
    """Width and height of each scaled picture (n×2)."""
    places: NDArray[np.uint16]
    """x, y in 1/32 pixel of the scaled picture."""
    angles: NDArray[np.uint8]
    """In 1/256 of a turn."""
    levels: NDArray[np.uint8]
    signatures: U64

    @classmethod
    def build(cls, pictures: Sequence[Features]) -> "KeypointStore":
        """The store of registered pictures, in their order."""
        counts = np.array([len(features) for features in pictures], np.int64)
        total = int(counts.sum())
        made = cls(
            starts=np.concatenate(([0], np.cumsum(counts))),
            sizes=np.array([features.size for features in pictures], np.uint16).reshape(-1, 2),
            places=np.empty((total, 2), np.uint16),
            angles=np.empty(total, np.uint8),
            levels=np.empty(total, np.uint8),
            signatures=np.empty(total, np.uint64),
        )
        for i, features in enumerate(pictures):
            rows = slice(int(made.starts[i]), int(made.starts[i + 1]))
            made.places[rows] = np.rint(features.points * FINENESS)
            made.angles[rows] = np.rint(features.angles * TURN) % 256
            made.levels[rows], made.signatures[rows] = features.levels, features.signatures
        return made

    def __len__(self) -> int:
        return len(self.sizes)

    def features(self, i: int) -> Features:
        """The keypoints of picture i."""
        rows = slice(int(self.starts[i]), int(self.starts[i + 1]))
        width, height = self.sizes[i].tolist()
        return Features(
            size=(width, height),
            points=self.places[rows].astype(np.float32) / np.float32(FINENESS),
            angles=(self.angles[rows] / TURN).astype(np.float32),
            levels=self.levels[rows],
            signatures=self.signatures[rows],
            words=np.empty(0, np.uint32),
            mirrored_signatures=np.empty(0, np.uint64),
            mirrored_words=np.empty(0, np.uint32),
        )
