"""Where each token of a text stands in it, in a byte a token: the gap before it and its length."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.segments.stored import StoredValue
from matcher.text.normalise import Tokens

ANCHOR_EVERY = 1024
"""Tokens after which a place is written out, so that few steps are added up to find one."""
LONG = 15
"""A gap or a length of so many characters or more does not fit; such tokens are written out beside."""


@dataclass(frozen=True, slots=True)
class TokenPlaces(StoredValue):
    """Places of the tokens of several texts one after another, each counted from its own beginning."""

    steps: NDArray[np.uint8]
    """Gap before the token (four bits), length of the token (four bits)."""
    anchors: NDArray[np.uint32]
    """Start of every ANCHOR_EVERY-th token."""
    odd: NDArray[np.uint32]
    """Numbers of the tokens whose step says too little, and of the first of each text; sorted."""
    odd_places: NDArray[np.uint32]
    """Start and end of those (n×2)."""

    @classmethod
    def build(cls, starts: NDArray[np.uint32], ends: NDArray[np.uint32], bounds: NDArray[np.uint32]) -> "TokenPlaces":
        """Places from the starts and ends of all tokens; text t has the tokens from `bounds[t]` to `bounds[t + 1]`."""
        gaps = np.diff(starts, prepend=np.uint32(0)).astype(np.int64)
        gaps[1:] -= ends[:-1].astype(np.int64) - starts[:-1]
        lengths = ends.astype(np.int64) - starts
        odd = (gaps < 0) | (gaps >= LONG) | (lengths >= LONG)
        odd[bounds[:-1][bounds[:-1] < starts.size]] = True
        rows = np.nonzero(odd)[0]
        steps = (np.where(odd, 0, gaps) << 4) | np.where(odd, 0, lengths)
        return cls(
            steps=steps.astype(np.uint8),
            anchors=starts[::ANCHOR_EVERY].astype(np.uint32),
            odd=rows.astype(np.uint32),
            odd_places=np.column_stack([starts[rows], ends[rows]]).astype(np.uint32),
        )

    def place(self, token: int) -> tuple[int, int]:
        """Where a token starts and ends in its text, in characters."""
        return _place(self.steps, self.anchors, self.odd, self.odd_places, token)


@compiled
def _place(
    steps: NDArray[np.uint8],
    anchors: NDArray[np.uint32],
    odd: NDArray[np.uint32],
    places: NDArray[np.uint32],
    token: int,
) -> tuple[int, int]:
    before = np.searchsorted(odd, token, side="right") - 1
    anchor = token - token % ANCHOR_EVERY
    at = int(odd[before])
    start, end = int(places[before, 0]), int(places[before, 1])
    if at < anchor:
        at, start = anchor, int(anchors[anchor // ANCHOR_EVERY])
        end = start + int(steps[anchor] & 15)
    # From end to end: each token adds its gap and its length.
    while at < token:
        at += 1
        start = end + int(steps[at] >> 4)
        end = start + int(steps[at] & 15)
    return start, end


def places_of(each: list[Tokens], bounds: NDArray[np.uint32]) -> TokenPlaces:
    """The places of the tokens of several texts."""
    empty = [np.empty(0, np.uint32)]
    starts = np.concatenate([*empty, *(t.starts for t in each)])
    ends = np.concatenate([*empty, *(t.ends for t in each)])
    return TokenPlaces.build(starts, ends, bounds)
