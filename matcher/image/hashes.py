"""PDQ hashes within a Hamming distance, exactly.

Multi-index hashing (Norouzi et al. 2012): two 256-bit hashes at most 31 bits apart agree in one of their sixteen 16-bit
chunks but for one bit, so that looking up each chunk and its sixteen neighbours misses none. With the chunks in a ring,
one of them even begins a run that stays within its share of the bits however far it goes (the pigeonring principle, Qin
and Xiao 2018): it and the next are at most 3 bits apart. Each posting keeps half of the next chunk, by which six of
seven hashes are passed over unread.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.image.bits import ones
from matcher.segments.stored import StoredValue

CHUNKS, CHUNK_BITS = 16, 16
FARTHEST = 2 * CHUNKS - 1
TAG_BITS = 8
MOST = 1 << (32 - TAG_BITS)
"""Hashes of one index: a posting is a row and a tag in 32 bits."""
FEW = 16_384
"""So many hashes are compared one by one as fast as they are looked up, and take no tables."""
BLOCK = 1024

U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class HashIndex(StoredValue):
    """Registered hashes, found again from hashes near them. 96 bytes a hash, and 4 MB from `FEW` hashes on."""

    codes: U64
    """The hashes, n×4."""
    offsets: U32
    """By chunk, the row of `postings` at which each value of the chunk begins (16×65537); 16×0 for few hashes."""
    postings: U32
    """By chunk, the rows of `codes` in the order of the chunk's value, above the low bits of the next chunk (16×n)."""

    @classmethod
    def build(cls, hashes: U8) -> "HashIndex":
        """An index of hashes (n×32 bytes). Raises ValueError for more than `MOST`."""
        if len(hashes) > MOST:
            msg = f"one index holds at most {MOST} hashes, not {len(hashes)}"
            raise ValueError(msg)
        codes = _words(hashes)
        few = np.empty((CHUNKS, 0), np.uint32)
        offsets, postings = (few, few) if len(hashes) < FEW else _tables(codes.view("<u2"))
        return cls(codes=codes, offsets=offsets, postings=postings)

    def __len__(self) -> int:
        return int(self.codes.shape[0])

    def near(self, hashes: U8, distance: int) -> tuple[U32, U32, U32]:
        """Pairs at most `distance` (up to 31) bits apart: row of `hashes`, row registered, distance.

        They come by row of `hashes`, each pair once. Raises ValueError for a larger distance.
        """
        if distance > FARTHEST:
            msg = f"the index is exact up to {FARTHEST} bits, not {distance}"
            raise ValueError(msg)
        pairs = _near(self.codes, self.offsets, self.postings, _words(hashes), distance)
        return pairs[:, 0], pairs[:, 1], pairs[:, 2]


def _words(hashes: U8) -> U64:
    """Hashes (n×32 bytes) as n×4 numbers."""
    return np.ascontiguousarray(hashes, np.uint8).reshape(-1, 32).view("<u8")


@compiled
def _tables(chunks: U16) -> tuple[U32, U32]:
    """Offsets and postings of hashes (n×16 chunks): a counting sort for each chunk."""
    count = chunks.shape[0]
    offsets = np.zeros((CHUNKS, (1 << CHUNK_BITS) + 1), np.uint32)
    postings = np.empty((CHUNKS, count), np.uint32)
    for c in range(CHUNKS):
        for i in range(count):
            offsets[c, np.int64(chunks[i, c]) + 1] += np.uint32(1)
        for value in range(1 << CHUNK_BITS):
            offsets[c, value + 1] += offsets[c, value]
        free = offsets[c].copy()
        for i in range(count):
            tag = np.uint32(chunks[i, (c + 1) % CHUNKS]) & np.uint32((1 << TAG_BITS) - 1)
            postings[c, free[chunks[i, c]]] = (np.uint32(i) << np.uint32(TAG_BITS)) | tag
            free[chunks[i, c]] += np.uint32(1)
    return offsets, postings


@compiled
def _near(codes: U64, offsets: U32, postings: U32, asked: U64, distance: int) -> U32:
    """Rows of asked, registered, distance."""
    found, count = np.empty((64, 3), np.uint32), 0
    rows = np.empty(BLOCK, np.uint32)
    for q in range(asked.shape[0]):
        # Buckets that hold more than there are hashes cost more than comparing with every one.
        if offsets.shape[1] == 0 or _postings(offsets, asked[q], distance) > codes.shape[0]:
            for begin in range(0, codes.shape[0], BLOCK):
                end = min(begin + BLOCK, codes.shape[0])
                for i in range(begin, end):
                    rows[i - begin] = i
                found, count = _kept(codes, asked[q], q, rows[: end - begin], -1, distance, found, count)
            continue
        for c in range(CHUNKS):
            for neighbour in range(_neighbours(distance)):
                bucket = _bucket(asked[q], c, neighbour)
                for begin in range(offsets[c, bucket], offsets[c, bucket + 1], BLOCK):
                    block = postings[c, begin : min(begin + BLOCK, offsets[c, bucket + 1])]
                    likely = _likely(block, asked[q], c, 2 * distance // CHUNKS - min(1, neighbour), rows)
                    found, count = _kept(codes, asked[q], q, rows[:likely], c, distance, found, count)
    return found[:count]


@compiled
def _postings(offsets: U32, code: U64, distance: int) -> int:
    """How many postings the buckets to look into hold."""
    total = 0
    for c in range(CHUNKS):
        for neighbour in range(_neighbours(distance)):
            bucket = _bucket(code, c, neighbour)
            total += int(offsets[c, bucket + 1]) - int(offsets[c, bucket])
    return total


@compiled
def _neighbours(distance: int) -> int:
    """How many buckets of a chunk must be looked into: its own, and from 16 bits on those one bit away."""
    return 1 + CHUNK_BITS * (distance // CHUNKS)


@compiled
def _chunk(code: U64, c: int) -> int:
    return int((code[c // 4] >> np.uint64(CHUNK_BITS * (c % 4))) & np.uint64((1 << CHUNK_BITS) - 1))


@compiled
def _bucket(code: U64, c: int, neighbour: int) -> int:
    """The value of chunk c, and its neighbours in one bit."""
    return _chunk(code, c) ^ ((1 << neighbour) >> 1)


@compiled
def _likely(block: U32, code: U64, c: int, allowed: int, rows: U32) -> int:
    """Put into `rows` the rows of the postings whose tag is at most so many bits away; how many they are."""
    tag = np.uint32(_chunk(code, (c + 1) % CHUNKS) & ((1 << TAG_BITS) - 1))
    kept = 0
    for k in range(block.size):
        rows[kept] = block[k] >> np.uint32(TAG_BITS)
        kept += ones(np.uint64((block[k] ^ tag) & np.uint32((1 << TAG_BITS) - 1))) <= allowed
    return kept


@compiled
def _kept(
    codes: U64, code: U64, asked: int, rows: U32, c: int, distance: int, found: U32, count: int
) -> tuple[U32, int]:
    """Add those of `rows` that are near enough and that no chunk before c found; c is -1 where every row is tried."""
    for k in range(rows.size):
        i = rows[k]
        apart = ones(codes[i, 0] ^ code[0]) + ones(codes[i, 1] ^ code[1])
        apart += ones(codes[i, 2] ^ code[2]) + ones(codes[i, 3] ^ code[3])
        if apart <= distance and (c < 0 or _first(codes[i], code, distance) == c):
            if count == found.shape[0]:
                larger = np.empty((2 * count, 3), np.uint32)
                larger[:count] = found
                found = larger
            found[count, 0], found[count, 1], found[count, 2] = asked, i, apart
            count += 1
    return found, count


@compiled
def _first(registered: U64, code: U64, distance: int) -> int:
    """The first chunk by which a near hash is found."""
    for c in range(CHUNKS):
        here = ones(np.uint64(_chunk(registered, c) ^ _chunk(code, c)))
        after = _chunk(registered, (c + 1) % CHUNKS) ^ _chunk(code, (c + 1) % CHUNKS)
        tagged = ones(np.uint64(after & ((1 << TAG_BITS) - 1)))
        if here <= distance // CHUNKS and here + tagged <= 2 * distance // CHUNKS:
            return c
    return -1
