"""The registered texts of one segment, as columns: tokens, their places, seeds, and how often each token stands."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.segments.columns import Columns
from matcher.segments.snapshot import Segment
from matcher.terms import PositionIndex
from matcher.text.normalise import PLANE, tokenise
from matcher.text.payload import text_of
from matcher.text.places import TokenPlaces, places_of
from matcher.text.seeds import seeds
from matcher.worktypes import Reference

U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The texts of one segment. A position is the number of a token among those of all its texts."""

    base: int
    """Number of its first text among all."""
    tokens: U16
    bounds: U32
    """Position at which each text begins; one more entry at the end."""
    seeds: PositionIndex
    places: TokenPlaces
    counts: U32
    """How often each token stands in them."""
    removed: NDArray[np.bool_]

    @classmethod
    def of(cls, segment: Segment) -> "Shelf":
        columns = segment.columns
        return cls(
            base=segment.base,
            tokens=columns["text.tokens"],
            bounds=columns["text.bounds"],
            seeds=PositionIndex.of(columns, "text.seeds"),
            places=TokenPlaces.of(columns, "text.places"),
            counts=columns["text.counts"],
            removed=segment.removed,
        )


def text_columns(references: Sequence[Reference], seed_length: int, seed_density: float) -> Columns:
    """The columns of a segment of texts."""
    each = [tokenise(text_of(reference.fingerprint)) for reference in references]
    bounds = np.concatenate(([0], np.cumsum([len(tokens) for tokens in each]))).astype(np.uint32)
    tokens = np.concatenate([np.empty(0, np.uint16), *(t.ids for t in each)])
    # Text by text: a seed does not run on from one into the next.
    found = [seeds(t.ids, seed_length, seed_density) for t in each]
    terms = np.concatenate([np.empty(0, np.uint64), *(t for t, _ in found)])
    positions = [p + start for (_, p), start in zip(found, bounds[:-1], strict=True)]
    index = PositionIndex.build(terms, np.concatenate([np.empty(0, np.uint32), *positions]))
    return {
        "text.tokens": tokens,
        "text.bounds": bounds,
        "text.counts": np.bincount(tokens, minlength=PLANE).astype(np.uint32),
        **index.columns("text.seeds"),
        **places_of(each, bounds).columns("text.places"),
    }
