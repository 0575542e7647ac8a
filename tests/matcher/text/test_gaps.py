"""Alignments with gaps: what was deleted, put in or exchanged between equal tokens does not stop them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.text.gaps import bridge, prolong

TOKENS = st.lists(st.integers(0x4E00, 0x4E03), max_size=12)
WORK = np.arange(0x5000, 0x5000 + 120).astype(np.uint16)


def gains(tokens: np.ndarray) -> np.ndarray:
    return np.full(tokens.size, 4.0, np.float32)


def longest_common(a: list[int], b: list[int]) -> int:
    row = [0] * (len(b) + 1)
    for x in a:
        before, row = row, [0]
        for j, y in enumerate(b):
            row.append(before[j] + 1 if x == y else max(before[j + 1], row[-1]))
    return row[-1]


@given(TOKENS, TOKENS)
@settings(max_examples=200, deadline=None)
def test_a_bridge_finds_as_much_as_a_longest_common_subsequence(left: list[int], right: list[int]) -> None:
    """Gaps cost less than what equal tokens are worth, so nothing that could be matched is left out."""
    page, work = np.array(left, np.uint16), np.array(right, np.uint16)
    partner = np.full(page.size, -1, np.int64)
    bridge(page, gains(page), work, 0, page.size, 0, work.size, partner)
    found = [(q, g) for q, g in enumerate(partner.tolist()) if g >= 0]
    assert all(page[q] == work[g] for q, g in found)
    assert [g for _, g in found] == sorted({g for _, g in found})
    assert len(found) == longest_common(left, right)


@given(st.sets(st.integers(1, 118), max_size=11), st.sampled_from([1, -1]))
@settings(max_examples=50, deadline=None)
def test_a_passage_goes_on_over_deleted_tokens(gone: set[int], step: int) -> None:
    """Eleven at once are less than the score may fall, and than the band is wide."""
    kept = [i for i in range(WORK.size) if i not in gone]
    page = WORK[kept]
    partner = np.full(page.size, -1, np.int64)
    first, stop, at, end = (0, page.size, 0, WORK.size) if step == 1 else (page.size - 1, -1, WORK.size - 1, -1)
    assert prolong(page, gains(page), WORK, first, at, stop, end, step, partner) == page.size
    assert partner.tolist() == kept


def test_a_passage_stops_where_the_texts_part() -> None:
    page = np.concatenate([WORK[:40], np.arange(0x6000, 0x6000 + 60).astype(np.uint16)])
    partner = np.full(page.size, -1, np.int64)
    assert prolong(page, gains(page), WORK, 0, 0, page.size, WORK.size, 1, partner) == 40
    assert (partner[40:] == -1).all()
