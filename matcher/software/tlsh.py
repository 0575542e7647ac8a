"""Trend Micro's locality-sensitive hash (Oliver et al. 2013): files that differ in places have a small distance.

The table is our own, so these digests do not compare with those of other programs; distances mean the same.
"""

import math

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled

U8 = NDArray[np.uint8]
U64 = NDArray[np.uint64]

LENGTH = 35
"""Bytes of a digest: checksum, logarithm of the length, quartile ratios, then 128 quartile codes of two bits."""
SHORTEST = 256
LONGEST = 1 << 13
"""Only so much from a file's beginning is hashed; its length counts in full."""
BUCKETS = 128
BANDS = 16
NEAR_STEPS = 2
"""By how many steps of length near files may differ, to be found by their bands."""
SHIFTS = np.arange(6, dtype=np.uint64) * np.uint64(8)
TABLE = np.random.default_rng(20131).permutation(256).astype(np.uint8)
SALTED = (TABLE[np.array([2, 3, 5, 7, 11, 13]) ^ np.arange(256)[:, None]].astype(np.uint64) << SHIFTS).sum(1, np.uint64)
"""What a byte is mapped to with each of six salts, one salt a byte, so that one read fetches all (256)."""


def tlsh(data: bytes, longest: int = LONGEST) -> U8 | None:
    """The digest of the first `longest` bytes (35 bytes); None when they are too few or too uniform to have one."""
    if len(data) < SHORTEST:
        return None
    digest = np.zeros(LENGTH, np.uint8)
    if not _fill(digest, np.frombuffer(data, np.uint8, min(len(data), longest)), TABLE, SALTED):
        return None
    digest[1] = _length_step(len(data))
    return digest


def band_terms(digests: U8) -> U64:
    """Terms by which near digests (n×35) are found: sixteen bands of eight codes, beside the length (n×16).

    Digests whose lengths differ by more than two steps (12 to 36 of the distance) have no term in common.
    """
    return _with_length(digests, digests[:, 1].astype(np.uint64))


def asked_terms(digests: U8) -> U64:
    """The terms that digests near these ones may have (n×32); 0, which is no term, where there is but one."""
    steps = digests[:, 1].astype(np.uint64)
    two, last = np.uint64(NEAR_STEPS), np.uint64(255)
    shorter = _with_length(digests, steps - np.minimum(steps, two))
    longer = _with_length(digests, np.minimum(steps + two, last))
    return np.concatenate([shorter, np.where(longer == shorter, np.uint64(0), longer)], axis=1)


def _with_length(digests: U8, steps: U64) -> U64:
    bands = digests[:, 3:].astype(np.uint64).reshape(len(digests), BANDS, 2)
    values = bands[:, :, 0] | bands[:, :, 1] << np.uint64(8)
    values |= np.arange(1, BANDS + 1, dtype=np.uint64) << np.uint64(16)
    # Two steps either way touch at most two groups of four.
    return np.asarray(values | (steps >> np.uint64(2))[:, None] << np.uint64(24), np.uint64)


def _length_step(length: int) -> int:
    """The logarithm of a length, in steps that are finer for longer files."""
    if length <= 656:
        step = math.log(length) / math.log(1.5)
    elif length <= 3199:
        step = math.log(length) / math.log(1.3) - 8.72777
    else:
        step = math.log(length) / math.log(1.1) - 62.5472
    return int(step) % 256


@compiled
def _fill(digest: U8, data: U8, table: U8, salted: U64) -> bool:
    """Write checksum, ratios and codes; False when fewer than half of the buckets are hit, or a quarter rarely."""
    counts = np.zeros(256, np.uint32)
    low8, one = np.uint64(0xFF), np.uint32(1)
    # Unsigned numbers throughout: they are used as places without a look at their sign.
    checksum = np.uint64(0)
    e, d, c, b = np.uint64(data[0]), np.uint64(data[1]), np.uint64(data[2]), np.uint64(data[3])
    for i in range(4, data.size):
        a = salted[data[i]]
        first = table[(a & low8) ^ b]
        checksum = np.uint64(table[first ^ checksum])
        counts[table[first ^ c]] += one
        counts[table[table[(a >> np.uint64(8) & low8) ^ b] ^ d]] += one
        counts[table[table[(a >> np.uint64(16) & low8) ^ c] ^ d]] += one
        counts[table[table[(a >> np.uint64(24) & low8) ^ c] ^ e]] += one
        counts[table[table[(a >> np.uint64(32) & low8) ^ b] ^ e]] += one
        counts[table[table[(a >> np.uint64(40) & low8) ^ d] ^ e]] += one
        e, d, c, b = d, c, b, np.uint64(data[i])
    ranked = np.sort(counts[:BUCKETS])
    low, middle, high = int(ranked[31]), int(ranked[63]), int(ranked[95])
    if not middle:
        return False
    digest[0] = checksum
    digest[2] = ((low * 100 // high) % 16) << 4 | (middle * 100 // high) % 16
    for bucket in range(BUCKETS):
        code = int(counts[bucket] > low) + int(counts[bucket] > middle) + int(counts[bucket] > high)
        digest[3 + bucket // 4] |= code << (2 * (bucket % 4))
    return True


@compiled
def distance(left: U8, right: U8, limit: int) -> int:
    """The distance of two digests, 0 for files with the same trends; above `limit` it is only known to be above."""
    total = 0
    step = (int(left[1]) - int(right[1])) % 256
    step = min(step, 256 - step)
    total += step if step <= 1 else step * 12
    for shift in (0, 4):
        ratio = ((int(left[2]) >> shift) - (int(right[2]) >> shift)) % 16
        ratio = min(ratio, 16 - ratio)
        total += ratio if ratio <= 1 else (ratio - 1) * 12
    total += 1 if left[0] != right[0] else 0
    for i in range(3, left.size):
        if total > limit:
            return total
        x, y = int(left[i]), int(right[i])
        if x != y:
            for shift in (0, 2, 4, 6):
                apart = abs(((x >> shift) & 3) - ((y >> shift) & 3))
                total += 6 if apart == 3 else apart
    return total


@compiled
def nearest(wanted: U8, offered: U8, limit: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each wanted digest the row of the nearest offered one and their distance; -1 when none is within `limit`."""
    rows = np.full(len(wanted), -1, np.int64)
    best = np.full(len(wanted), limit + 1, np.int64)
    for i in range(len(wanted)):
        for j in range(len(offered)):
            if best[i] == 0:
                break
            apart = distance(wanted[i], offered[j], best[i] - 1)
            if apart < best[i]:
                rows[i], best[i] = j, apart
    return rows, best
