from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import IntegrityError
from matcher.terms import ARRAYS, LocalTermIndex, open_or_build

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


@pytest.mark.parametrize("count", [0, 1, 2, 3, 1000])
def test_every_size_survives_a_restart(tmp_path: Path, count: int) -> None:
    postings = [(n * 7919, n, n + 1) for n in range(count)]
    built(postings).save(tmp_path / "index")
    loaded = LocalTermIndex.load(tmp_path / "index")
    wanted = [n * 7919 for n in range(count + 2)]
    assert len(loaded) == count
    assert asked(loaded, wanted, 9) == brute_force(postings, wanted, 9)


@pytest.mark.parametrize("name", ARRAYS)
def test_a_changed_file_is_refused_and_made_again(tmp_path: Path, name: str) -> None:
    postings = [(n, n, n) for n in range(50)]
    built(postings).save(tmp_path / "index")
    file = tmp_path / "index" / f"{name}.npy"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    with pytest.raises(IntegrityError, match=f"{name} of the index .* was changed"):
        LocalTermIndex.load(tmp_path / "index")
    again = open_or_build(tmp_path / "index", lambda: built(postings))
    assert asked(again, [3], 9) == [(0, 3, 3)]


def test_a_missing_or_newer_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IntegrityError, match="cannot be read"):
        LocalTermIndex.load(tmp_path / "none")
    built([(1, 1, 1)]).save(tmp_path / "index")
    (tmp_path / "index" / "header.json").write_text('{"format": 99}')
    with pytest.raises(IntegrityError, match="has format 99"):
        LocalTermIndex.load(tmp_path / "index")


def test_several_at_once_make_one_index(tmp_path: Path) -> None:
    postings = [(n, n, n) for n in range(500)]
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(open_or_build, tmp_path / "index", lambda: built(postings)) for _ in range(4)]
        assert {len(job.result()) for job in jobs} == {500}
    assert [p.name for p in tmp_path.iterdir()] == ["index"]
