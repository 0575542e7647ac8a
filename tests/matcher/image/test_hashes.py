"""Hashes near a hash are found exactly: what brute force finds, each pair once."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matcher.image import hashes as module
from matcher.image.hashes import CHUNK_BITS, CHUNKS, FARTHEST, HashIndex

U8 = NDArray[np.uint8]
Pairs = list[tuple[int, int, int]]

FLIPS = st.one_of(
    # As tight as it can be: two bits in each chunk but one, or but none.
    st.permutations([2] * 15 + [1]),
    st.just([2] * CHUNKS),
    # Long runs of what the ring allows, and anything else.
    st.permutations([4, 4, 4, 3, 3, 3, 3, 2, 2, 2, 1, 0, 0, 0, 0, 0]),
    st.lists(st.integers(0, 4), min_size=CHUNKS, max_size=CHUNKS),
)


@pytest.fixture(scope="module", autouse=True)
def _always_with_tables() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FEW", 1)
        yield


def flipped(code: U8, counts: list[int], seed: int) -> U8:
    """The hash with so many bits of each chunk turned."""
    chance, bits = np.random.default_rng(seed), np.unpackbits(code, bitorder="little")
    for chunk, count in enumerate(counts):
        bits[chunk * CHUNK_BITS + chance.permutation(CHUNK_BITS)[:count]] ^= 1
    return np.packbits(bits, bitorder="little")


def drawn(count: int, seed: int = 0) -> U8:
    return np.random.default_rng(seed).integers(0, 256, (count, 32), np.uint8)


def brute_force(registered: U8, asked: U8, distance: int) -> Pairs:
    apart = np.bitwise_count(asked[:, None] ^ registered[None]).sum(axis=2)
    return [(int(q), int(i), int(apart[q, i])) for q, i in np.argwhere(apart <= distance)]


def found(index: HashIndex, asked: U8, distance: int) -> Pairs:
    """In the order of brute force; a pair found twice stays twice."""
    return sorted(zip(*(column.tolist() for column in index.near(asked, distance)), strict=True))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), FLIPS, st.integers(0, 9)), max_size=40), st.integers(0, FARTHEST))
def test_it_finds_exactly_what_brute_force_finds(made: list[tuple[int, list[int], int]], distance: int) -> None:
    asked = drawn(3)
    registered = np.array([flipped(asked[n], counts, seed) for n, counts, seed in made], np.uint8).reshape(-1, 32)
    for farthest in (distance, FARTHEST):
        assert found(HashIndex.build(registered), asked, farthest) == brute_force(registered, asked, farthest)


@settings(max_examples=30, deadline=None)
@given(st.lists(FLIPS, min_size=2, max_size=30), st.integers(1, 29))
def test_two_indexes_find_what_one_does(made: list[list[int]], cut: int) -> None:
    asked = drawn(1)
    registered = np.stack([flipped(asked[0], counts, n) for n, counts in enumerate(made)])
    cut = min(cut, len(registered) - 1)
    first, second = (found(HashIndex.build(part), asked, FARTHEST) for part in (registered[:cut], registered[cut:]))
    both = first + [(q, i + cut, apart) for q, i, apart in second]
    assert both == found(HashIndex.build(registered), asked, FARTHEST)


@pytest.mark.parametrize("few", [1, 10**9])
@pytest.mark.parametrize("count", [0, 1, 2, 5000])
def test_every_size_with_and_without_tables(monkeypatch: pytest.MonkeyPatch, few: int, count: int) -> None:
    monkeypatch.setattr(module, "FEW", few)
    registered = drawn(count)
    asked = np.concatenate([flipped(code, [2] * 15 + [1], 1)[None] for code in registered[:20]] + [drawn(20, seed=1)])
    index = HashIndex.build(registered)
    assert found(index, asked, FARTHEST) == brute_force(registered, asked, FARTHEST)
    assert HashIndex.of(index.columns("pdq"), "pdq").near(asked, 0)[0].size == 0


def test_equal_hashes_are_all_found_once() -> None:
    registered = np.repeat(drawn(1), 20_000, axis=0)
    asked, rows, apart = HashIndex.build(registered).near(registered[:2], FARTHEST)
    assert np.array_equal(asked, np.repeat([0, 1], 20_000))
    assert np.array_equal(rows, np.tile(np.arange(20_000), 2))
    assert not apart.any()


def test_a_bucket_that_holds_half_of_all_hashes_is_searched_exactly() -> None:
    registered = drawn(4000)
    registered[::2, :4] = registered[0, :4]
    asked = np.stack([flipped(registered[n], [2] * 15 + [1], n) for n in range(0, 40, 2)])
    assert found(HashIndex.build(registered), asked, FARTHEST) == brute_force(registered, asked, FARTHEST)


def test_farther_than_it_can_see_and_more_than_it_can_hold_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="exact up to 31 bits, not 32"):
        HashIndex.build(drawn(2)).near(drawn(1), FARTHEST + 1)
    monkeypatch.setattr(module, "MOST", 1)
    with pytest.raises(ValueError, match="at most 1 hashes, not 2"):
        HashIndex.build(drawn(2))
