"""Where a registered picture lies in a query whose hash is near its own: by the orientation, and by what was trimmed.

A placement is an affine map (2×3) from the registered picture to the query, both in shares of width and height.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matcher.image.overlay import Overlay, lay
from matcher.image.payload import ImagePrint
from matcher.image.thumbnail import Box, Thumbnail

F64 = NDArray[np.float64]

WHOLE = (0.0, 0.0, 1.0, 1.0)
QUARTER = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
"""Where the places of a picture that was turned a quarter, left, were before."""
MIRROR = np.array([[-1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])


def mirrored(placement: F64) -> F64:
    """A placement in the mirror image of a query, as one in the query."""
    return np.asarray((MIRROR @ np.vstack([placement, [0, 0, 1]]))[:2])


def lay_by_hash(work: Thumbnail, content: Box, query: ImagePrint, form: int) -> Overlay:
    """The best overlay of the pictures, each with its borders or without, in orientation `form` of the query."""
    tried = [lay(work, query.thumbnail, placement) for placement in _placements(content, query.content, form)]
    return max(tried, key=lambda overlay: (overlay.likeness, -overlay.contradicted))


def _placements(work: Box, query: Box, form: int) -> Iterator[F64]:
    turned = np.linalg.matrix_power(QUARTER, form % 4) @ (MIRROR if form >= 4 else np.eye(3))
    for own in {WHOLE, work}:
        for asked in {WHOLE, query}:
            yield np.asarray((_onto(asked) @ turned @ np.linalg.inv(_onto(own)))[:2])


def _onto(box: Box) -> F64:
    """The map of a whole picture onto a box of it."""
    left, top, right, bottom = box
    return np.array([[right - left, 0.0, left], [0.0, bottom - top, top], [0.0, 0.0, 1.0]])
