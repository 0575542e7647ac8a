"""Bars around a film: lines at its edges that are of one colour and stay so, whatever is shown between them."""

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Bools = NDArray[np.bool_]
Inner = tuple[slice, slice]

STILL, EVEN = 6.0, 10
"""Largest change over time, and departure from the line's own colour, of a pixel of a bar."""
MOST_OF_A_LINE = 0.6
"""Share of a line that must be so: a title may stand on a bar."""
MOST_CUT = 0.42
"""Largest share cut off at one side."""
SHORTEST_LEFT = 48
LOOKED_AT = 48


def inner(frames: NDArray[np.uint8]) -> Inner:
    """The part (rows, columns) of frames (n×height×width) that lies within the bars; all of it if there are none."""
    chosen = frames[np.linspace(0, len(frames) - 1, min(LOOKED_AT, len(frames))).astype(int)]
    still = np.ptp(chosen, axis=0) <= STILL
    middle = np.median(chosen, axis=0)
    top, bottom = _bar(still, middle), _bar(still[::-1], middle[::-1])
    left, right = _bar(still.T, middle.T), _bar(still.T[::-1], middle.T[::-1])
    height, width = still.shape
    if height - top - bottom < SHORTEST_LEFT or width - left - right < SHORTEST_LEFT:
        return slice(0, height), slice(0, width)
    return slice(top, height - bottom), slice(left, width - right)


def _bar(still: Bools, middle: NDArray[np.float64]) -> int:
    """Lines from the top that belong to a bar; 0 when it would never end."""
    limit = int(MOST_CUT * len(still))
    own = np.median(middle[:limit], axis=1, keepdims=True)
    plain = still[:limit] & (np.abs(middle[:limit] - own) <= EVEN) & (np.abs(own - own[:1]) <= EVEN)
    part = plain.mean(axis=1) >= MOST_OF_A_LINE
    return 0 if part.all() else int(np.argmin(part))
