"""Runs along a sequence."""

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled


@compiled
def heaviest(gain: NDArray[np.float64]) -> tuple[int, int]:
    """The bounds of the run with the largest sum (Kadane's algorithm); an empty one when no gain is above 0."""
    best, first, last = 0.0, 0, 0
    total, begin = 0.0, 0
    for i in range(gain.size):
        total += gain[i]
        if total <= 0:
            total, begin = 0.0, i + 1
        elif total > best:
            best, first, last = total, begin, i + 1
    return first, last
