"""What is found does not depend on how the register is cut into segments, and what was removed is not found."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from domain.ids import WorkId
from matcher.image import references as module
from tests.matcher.image.registering import opened, query, query_of, reference
from tests.mocksite.pictures import drawing
from tests.support.image_alterations import ALTERATIONS, cropped, on_a_page, watermarked

REGISTERED = 12
ALTERED = (None, cropped(0.2), on_a_page, watermarked, ALTERATIONS["mirror"], ALTERATIONS["border"])


@pytest.mark.parametrize("sizes", [[1] * REGISTERED, [5, 7], [1, 10, 1]])
def test_many_segments_find_what_one_does(sizes: Sequence[int]) -> None:
    references = [reference(n) for n in range(REGISTERED)]
    one, many = opened(references, [REGISTERED]), opened(references, sizes)
    assert len(one) == len(many) == REGISTERED
    for n in (0, 4, 11, 50):
        for alter in ALTERED:
            found = one.compare(query(n, alter))
            assert many.compare(query(n, alter)) == found
            assert bool(found) == (n < REGISTERED)


def test_what_is_removed_is_found_by_no_rung() -> None:
    references = [reference(n) for n in range(REGISTERED)]
    left = opened(references, [5, 7], removed=[4, 5])
    assert len(left) == REGISTERED - 2
    for n in (4, 5):
        assert not any(left.compare(query(n, alter)) for alter in ALTERED)
    assert left.compare(query(6))[0].work_id == "6"
    assert not opened(references, [5, 7], removed=range(REGISTERED)).compare(query(3))


def test_equal_pictures_are_all_found_wherever_they_stand() -> None:
    references = [replace(reference(n), work_id=WorkId(f"work {i}")) for i, n in enumerate((1, 1, 2, 1))]
    named = [c.work_id for c in opened(references, [1, 2, 1]).compare(query(1, ALTERATIONS["jpeg30"]))]
    assert sorted(named) == ["work 0", "work 1", "work 3"]


def test_of_very_many_equal_pictures_the_first_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_NEAR", 2)
    references = [replace(reference(1), work_id=WorkId(f"work {i}")) for i in range(4)]
    found = opened(references, [2, 2]).compare(query(1, ALTERATIONS["jpeg30"]))
    assert [c.work_id for c in found if c.method == "pdq"] == ["work 0", "work 1"]


@pytest.mark.parametrize("sizes", [[], [1]])
def test_none_and_one_are_registers_too(sizes: Sequence[int]) -> None:
    references = [reference(0)] * len(sizes)
    assert len(opened(references, sizes).compare(query(0, cropped(0.2)))) == len(sizes)
    assert opened(references, sizes).compare(query_of(drawing(9))) == ()
