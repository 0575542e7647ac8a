"""Folders as parts of a program: of a library that two programs use, whole folders are found and whole ones missing."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FEWEST = 3
"""Members of a part; smaller folders count as part of the one above them."""


def absent_weight(paths: Sequence[str], own: NDArray[np.float64], found: NDArray[np.bool_]) -> float:
    """The weight of the own members in parts of which nothing was found."""
    members = [int(i) for i in np.nonzero(own)[0]]
    part_of = _parts([paths[i] for i in members])
    present = {part for part, i in zip(part_of, members, strict=True) if found[i]}
    return float(sum(own[i] for part, i in zip(part_of, members, strict=True) if part not in present))


def _parts(paths: Sequence[str]) -> list[str]:
    """For each path the folder that it counts as part of."""
    parts = [path.rpartition("/")[0] for path in paths]
    deepest = max((part.count("/") + 1 for part in parts if part), default=0)
    for depth in range(deepest, 0, -1):
        sizes = Counter(parts)
        parts = [
            part.rpartition("/")[0] if part and part.count("/") + 1 == depth and sizes[part] < FEWEST else part
            for part in parts
        ]
    return parts
