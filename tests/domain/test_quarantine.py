from hypothesis import given
from hypothesis import strategies as st

from domain.quarantine import is_flood


@given(st.lists(st.floats(0.5, 5.0), min_size=1, max_size=20), st.integers(1, 300))
def test_growth_that_is_steady_never_is_one(growth: list[float], first: int) -> None:
    counts = [first]
    for rate in growth:
        counts.insert(0, int(counts[0] * rate))
        assert not is_flood(counts, factor=5.0, least=300)


@given(st.lists(st.integers(0, 1000), max_size=30))
def test_more_than_the_least_and_the_factor_allow_is_one(history: list[int]) -> None:
    bound = max(300, 5 * max(history, default=0))
    assert not is_flood([bound, *history], factor=5.0, least=300)
    assert is_flood([bound + 1, *history], factor=5.0, least=300)
