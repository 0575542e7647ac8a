"""Seeds: the short runs of tokens by which candidate works are found.

A run is kept or not by its own hash alone, so both sides keep the same ones wherever they stand (hash sampling). A run
of Chinese characters is `length` long; words carry more, so a run with words in it is shorter.
"""

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.text.normalise import HAN_FIRST, HAN_LAST

U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]

WORD_WEIGHT = 4
CHARACTER_WEIGHT = 3
"""A run is complete when its weights reach `length` characters: four characters, or three words, or a mixture."""


@compiled
def seeds(tokens: U16, length: int, density: float) -> tuple[U64, U32]:
    """Terms and token positions of the kept seeds. `density` is the share kept, 0 to 1."""
    terms = np.empty(tokens.size, np.uint64)
    positions = np.empty(tokens.size, np.uint32)
    bound = np.uint64(density * 65536)
    count = 0
    for i in range(tokens.size):
        weight = 0
        term = np.uint64(0xCBF29CE484222325)
        for j in range(i, tokens.size):
            token = tokens[j]
            term = (term ^ np.uint64(token)) * np.uint64(0x100000001B3)
            weight += CHARACTER_WEIGHT if HAN_FIRST <= token < HAN_LAST else WORD_WEIGHT
            if weight >= length * CHARACTER_WEIGHT:
                term = (term ^ (term >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
                term ^= term >> np.uint64(32)
                if (term & np.uint64(0xFFFF)) < bound:
                    terms[count], positions[count] = term, i
                    count += 1
                break
    return terms[:count].copy(), positions[:count].copy()


@compiled
def hits_of(positions: U32, rare: Mask, first: I64, last: I64, postings: U32) -> tuple[U32, U32]:
    """Where the rare ones among a page's seeds stand in one segment: positions on the page, and in the segment.

    `first` and `last` bound each seed's rows of `postings`.
    """
    total = 0
    for i in range(first.size):
        total += last[i] - first[i] if rare[i] else 0
    on_page, in_segment = np.empty(total, np.uint32), np.empty(total, np.uint32)
    count = 0
    for i in range(first.size):
        if rare[i]:
            for row in range(first[i], last[i]):
                on_page[count], in_segment[count] = positions[i], postings[row]
                count += 1
    return on_page, in_segment
