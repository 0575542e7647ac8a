import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.terms import FEWEST_BITS, LocalTermIndex, PositionIndex, mix, rows_of

Posting = tuple[int, int, int]
# Few distinct terms, so that they meet; some at the ends of the range.
TERM = st.one_of(st.integers(0, 20), st.integers(2**64 - 3, 2**64 - 1), st.integers(0, 2**64 - 1))
POSTINGS = st.lists(st.tuples(TERM, st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)), max_size=80)


def built(postings: list[Posting]) -> LocalTermIndex:
    return LocalTermIndex.build(*columns(postings))


def columns(postings: list[Posting]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    terms, owners, positions = ([p[i] for p in postings] for i in range(3))
    return np.array(terms, np.uint64), np.array(owners, np.uint32), np.array(positions, np.uint32)


def brute_force(postings: list[Posting], wanted: list[int], limit: int) -> list[tuple[int, int, int]]:
    """What `lookup` must find, the slow and obvious way."""
    found: list[tuple[int, int, int]] = []
    for i, term in enumerate(wanted):
        places = sorted((owner, position) for t, owner, position in postings if t == term)
        if len(places) <= limit:
            found.extend((i, owner, position) for owner, position in places)
    return found


def asked(index: LocalTermIndex, wanted: list[int], limit: int) -> list[tuple[int, int, int]]:
    hits = index.lookup(np.array(wanted, np.uint64), limit)
    return list(zip(hits.query.tolist(), hits.owner.tolist(), hits.position.tolist(), strict=True))


@given(POSTINGS, st.lists(TERM, max_size=20), st.integers(0, 5))
def test_it_finds_exactly_what_brute_force_finds(postings: list[Posting], wanted: list[int], limit: int) -> None:
    assert asked(built(postings), wanted, limit) == brute_force(postings, wanted, limit)


@given(POSTINGS, st.lists(TERM, max_size=20))
def test_positions_alone_are_found_in_their_order(postings: list[Posting], wanted: list[int]) -> None:
    terms, _, positions = columns(postings)
    index = PositionIndex.build(terms, positions)
    query, rows = rows_of(*index.ranges(np.array(wanted, np.uint64)))
    found = list(zip(query.tolist(), index.positions[rows].tolist(), strict=True))
    assert found == [(i, p) for i, term in enumerate(wanted) for t, _, p in postings if t == term]


def test_frequent_terms_in_one_bucket_are_told_apart() -> None:
    """More postings of each than are sorted by insertion, interleaved."""
    buckets = mix(np.arange(20_000, dtype=np.uint64)) >> np.uint64(64 - FEWEST_BITS)
    terms = np.flatnonzero(buckets == buckets[0])[:3].tolist()
    postings = [(terms[n % 3], n // 3, n) for n in range(300)]
    index = built(postings)
    assert np.count_nonzero(np.diff(index.table)) == 1
    assert asked(index, [*terms, 1], 1000) == brute_force(postings, [*terms, 1], 1000)
