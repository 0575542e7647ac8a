"""A registered picture laid over a query, to see whether anything of it is contradicted.

Keypoints say where the two agree. Drawings of one series agree in all that they share, a frame or a figure, and are
still other works: what tells them is a part in which the shapes or the colours are others. Correlation leaves out
brightness and contrast, and colours are compared by hue alone, as copies keep neither.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.image.thumbnail import COLOURS, NEUTRAL, TONES, Thumbnail

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]

SUPERSAMPLED = 3
EDGE, BLOCK, STEP = 2, 8, 4
"""Cells at the edge that are left out, as what lies beside the picture shines in; side of the blocks that are compared;
and from one to the next."""
PLAIN, PLAIN_SHARE = 2.0, 0.28
"""Spread of tones up to which a block holds nothing: so much, and this share of the picture's own spread."""
UNLIKE = 0.8
"""Correlation below which a block is contradicted."""
COLOURLESS = 3.0
"""Mean strength of colour up to which a query is grey, and no colour of it counts."""
COLOURED, FAINT, STRONG = 8.0, 4.0, 14.0
ALIKE = 0.8
"""Cosine of two hues that are the same."""
LEAST_CELLS = 0.5
"""A clash of colours is taken of at least this share of the cells: one mark in a grey drawing is no recolouring."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """What came of laying a registered picture over a query."""

    visible: float
    """Share of the registered picture that lies inside the query."""
    likeness: float
    """Correlation of the tones in the block that agrees least, -1 to 1; 0 where nothing can be compared."""
    contradicted: float
    """Share of the blocks with something in them that do not agree."""
    clash: float
    """Share of the coloured cells that have another colour; 0 for a grey query."""


def lay(work: Thumbnail, query: Thumbnail, placement: F64) -> Overlay:
    """Compare `work` with what `query` has in its place.

    `placement` (2×3) takes a point of the registered picture to one of the query, both in shares of width and height.
    """
    shown, visible = _seen(query.tones, TONES, placement)
    likeness, contradicted = _blocks(work.tones.astype(np.float32), shown, visible)
    colours, there = _seen(query.colours, COLOURS, placement)
    return Overlay(
        visible=float(visible.mean()),
        likeness=likeness,
        contradicted=contradicted,
        clash=_clash(work.colours.astype(np.float32)[there] - NEUTRAL, colours[there] - NEUTRAL),
    )


def _seen(asked: NDArray[np.uint8], side: int, placement: F64) -> tuple[F32, Bools]:
    """What a query's thumbnail shows in each of side×side cells of the registered picture, and which lie inside it."""
    height, width = asked.shape[:2]
    fine = side * SUPERSAMPLED
    to_asked = placement * np.array([[width], [height]])
    matrix = np.column_stack([to_asked[:, :2] / fine, to_asked[:, 2] + to_asked[:, :2].sum(axis=1) * 0.5 / fine - 0.5])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    drawn = cv2.warpAffine(asked, matrix, (fine, fine), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    shown = cv2.resize(drawn.astype(np.float32), (side, side), interpolation=cv2.INTER_AREA)
    middles = (np.arange(side) + 0.5) / side
    across, down = (row[0] * middles + (row[1] * middles[:, None] + row[2]) for row in placement)
    inside = (across > 0) & (across < 1) & (down > 0) & (down < 1)
    return np.asarray(shown, np.float32), np.asarray(inside)


@compiled
def _blocks(tones: F32, shown: F32, visible: Bools) -> tuple[float, float]:
    """Least correlation of a block, and share of the blocks with something in them that do not agree."""
    of_all, other_of_all, _ = _spreads(tones, shown, visible)
    stretch = of_all / max(other_of_all, 1.0)
    least, contradicted, full = 1.0, 0, 0
    for top in range(EDGE, tones.shape[0] - EDGE - BLOCK + 1, STEP):
        for left in range(EDGE, tones.shape[1] - EDGE - BLOCK + 1, STEP):
            rows, columns = slice(top, top + BLOCK), slice(left, left + BLOCK)
            inside = visible[rows, columns]
            if not inside.all():
                continue
            spread, other_spread, product = _spreads(tones[rows, columns], shown[rows, columns], inside)
            if max(spread, stretch * other_spread) <= PLAIN + PLAIN_SHARE * of_all:
                continue
            told = spread > 0.5 and other_spread > 0.5
            correlation = product / max(spread * other_spread, 1e-6) if told else 0.0
            least, contradicted, full = min(least, correlation), contradicted + (correlation < UNLIKE), full + 1
    return (least, contradicted / full) if full else (0.0, 1.0)


@compiled
def _spreads(own: F32, other: F32, counted: Bools) -> tuple[float, float, float]:
    """Standard deviations of both over the cells that count, and their covariance."""
    count, first, second = 0, 0.0, 0.0
    for y in range(own.shape[0]):
        for x in range(own.shape[1]):
            if counted[y, x]:
                count, first, second = count + 1, first + own[y, x], second + other[y, x]
    if count == 0:
        return 0.0, 0.0, 0.0
    first, second = first / count, second / count
    squares, other_squares, products = 0.0, 0.0, 0.0
    for y in range(own.shape[0]):
        for x in range(own.shape[1]):
            if counted[y, x]:
                a, b = own[y, x] - first, other[y, x] - second
                squares, other_squares, products = squares + a * a, other_squares + b * b, products + a * b
    return np.sqrt(squares / count), np.sqrt(other_squares / count), products / count


def _clash(own: F32, other: F32) -> float:
    """Share of the coloured cells (n×2 each) whose hue is another, or that are coloured only in the query."""
    strength, other_strength = (np.linalg.norm(cells, axis=1) for cells in (own, other))
    if not len(own) or np.sqrt((other_strength**2).mean()) < COLOURLESS:
        return 0.0
    coloured = (strength >= COLOURED) | (other_strength >= COLOURED)
    cosine = (own * other).sum(axis=1) / np.maximum(strength * other_strength, 1e-6)
    turned = (strength >= COLOURED) & (other_strength >= FAINT) & (cosine < ALIKE)
    added = (strength < COLOURLESS) & (other_strength >= STRONG)
    return float(((turned | added) & coloured).sum() / max(float(coloured.sum()), LEAST_CELLS * len(own)))
