"""PDQ hashes within a Hamming distance, exactly, through the term index.

Multi-index hashing (Norouzi et al. 2012): two 256-bit hashes at most 31 bits apart agree in one of their sixteen 16-bit
chunks but for one bit, so looking up each chunk and its sixteen neighbours misses none.
"""

import numpy as np
from numpy.typing import NDArray

from matcher.terms import LocalTermIndex

CHUNKS, CHUNK_BITS = 16, 16
FARTHEST = 2 * CHUNKS - 1

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]


class HashIndex:
    """Registered hashes (n×32 bytes), found again from hashes near them."""

    def __init__(self, hashes: U8) -> None:
        self._hashes = hashes
        self._index = self._make()

    def _make(self) -> LocalTermIndex:
        rows = np.repeat(np.arange(len(self._hashes), dtype=np.uint32), CHUNKS)
        return LocalTermIndex.build(chunk_terms(self._hashes).ravel(), rows, np.zeros(rows.size, np.uint32))

    def near(self, hashes: U8, distance: int) -> tuple[U32, U32, U32]:
        """Pairs at most `distance` (up to 31) bits apart: row of `hashes`, row registered, distance."""
        if distance > FARTHEST:
            msg = f"the index is exact up to {FARTHEST} bits, not {distance}"
            raise ValueError(msg)
        neighbours = np.concatenate(([0], 1 << np.arange(CHUNK_BITS))).astype(np.uint64)
        terms = chunk_terms(hashes)[:, :, None] ^ neighbours
        hits = self._index.lookup(terms.ravel(), limit=len(self._hashes))
        asked = hits.query // np.uint32(CHUNKS * neighbours.size)
        pairs = np.unique(np.stack([asked, hits.owner], axis=1), axis=0)
        apart = hamming(hashes[pairs[:, 0]], self._hashes[pairs[:, 1]])
        near = apart <= distance
        return pairs[near, 0], pairs[near, 1], apart[near]


def chunk_terms(hashes: U8) -> U64:
    """The terms of hashes (n×32 bytes): chunk number above, chunk below (n×16)."""
    chunks = np.ascontiguousarray(hashes).view("<u2").astype(np.uint64)
    return np.asarray(chunks | (np.arange(CHUNKS, dtype=np.uint64) << np.uint64(CHUNK_BITS)), np.uint64)


def hamming(first: U8, second: U8) -> U32:
    """Bits in which the rows of two n×32 arrays differ."""
    return np.asarray(np.bitwise_count(first ^ second).sum(axis=1), np.uint32)
