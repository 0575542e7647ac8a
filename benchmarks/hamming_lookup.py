"""Hashes within 31 of 256 bits, beside faiss: `python benchmarks/hamming_lookup.py [COUNT...]`.

Registers COUNT random hashes (1 and 10 million unless given), then asks, in the same process and on one thread, both
our index and `faiss.IndexBinaryFlat.range_search` (pip install faiss-cpu) for altered ones and random ones in turn. A
third of the altered have 31 bits turned, as evenly over the chunks as they can be: the hardest to find. Prints queries
a second of process time, bytes a hash and the share of all pairs that each found.
"""

import sys
import time
from collections.abc import Callable

import faiss
import numpy as np
from numpy.typing import NDArray

from matcher.image.hashes import CHUNK_BITS, CHUNKS, FARTHEST, HashIndex

QUERIES, PEER_QUERIES = 2000, 200
SEED = 11

U8 = NDArray[np.uint8]
Pairs = set[tuple[int, int]]


def altered(code: U8, kind: int, chance: np.random.Generator) -> U8:
    """The hash with 31 bits turned, two in each chunk but one; with up to 31 anywhere; or another one."""
    if kind % 2:
        return chance.integers(0, 256, 32, np.uint8)
    bits = np.unpackbits(code, bitorder="little")
    if kind % 3 == 0:
        counts = chance.permutation([2] * (CHUNKS - 1) + [1])
        for chunk, count in enumerate(counts):
            bits[chunk * CHUNK_BITS + chance.permutation(CHUNK_BITS)[:count]] ^= 1
    else:
        bits[chance.permutation(bits.size)[: chance.integers(0, FARTHEST + 1)]] ^= 1
    return np.packbits(bits, bitorder="little")


def timed(ask: Callable[[U8], Pairs], asked: U8) -> tuple[Pairs, float]:
    """What it found, and queries a second."""
    ask(asked[:8])
    begin = time.process_time()
    found = ask(asked)
    return found, len(asked) / (time.process_time() - begin)


def main(count: int) -> None:
    """Build, ask and print for one size."""
    chance = np.random.default_rng(SEED)
    registered = np.frombuffer(chance.bytes(count * 32), np.uint8).reshape(-1, 32)
    rows = chance.integers(0, count, QUERIES)
    asked = np.stack([altered(registered[row], kind, chance) for kind, row in enumerate(rows)])
    begin = time.process_time()
    index = HashIndex.build(registered)
    built = time.process_time() - begin
    size = sum(column.nbytes for column in index.columns("pdq").values())
    peer = faiss.IndexBinaryFlat(256)
    peer.add(registered)

    def ours(some: U8) -> Pairs:
        first, second, _ = index.near(some, FARTHEST)
        return set(zip(first.tolist(), second.tolist(), strict=True))

    def theirs(some: U8) -> Pairs:
        limits, _, found = peer.range_search(some, FARTHEST + 1)
        return set(
            zip(np.repeat(np.arange(len(some)), np.diff(limits.astype(np.int64))).tolist(), found.tolist(), strict=True)
        )

    found, speed = timed(ours, asked)
    known, peer_speed = timed(theirs, asked[:PEER_QUERIES])
    true = known | {(n, int(row)) for n, row in enumerate(rows) if n % 2 == 0}
    both = {pair for pair in found if pair[0] < PEER_QUERIES}
    print(f"{count} hashes, {QUERIES} queries ({PEER_QUERIES} for faiss), built in {built:.1f} s")
    print(f"  ours   {speed:8.0f} a second  {size / 1e9:.3f} GB  recall {len(found & true) / len(true):.4f}")
    print(f"  faiss  {peer_speed:8.0f} a second  {registered.nbytes / 1e9:.3f} GB  ({speed / peer_speed:.0f} times)")
    print(f"  same pairs as faiss among its queries: {both == known}", flush=True)


if __name__ == "__main__":
    faiss.omp_set_num_threads(1)
    for size in sys.argv[1:] or ["1000000", "10000000"]:
        main(int(size))
