"""When the pages of a site are worth drawing."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.rendering import Experience, is_worth_drawing

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("drawn", "gained", "days", "worth"),
    [
        (0, 0, 0, True),
        (5, 0, 0, True),
        (6, 0, 0, False),
        (6, 1, 0, True),
        (100, 9, 0, False),
        (100, 10, 0, True),
        (100, 0, 29, False),
        (100, 0, 30, True),
    ],
)
def test_what_gained_nothing_is_left_alone_for_a_month(drawn: int, gained: int, days: int, worth: bool) -> None:
    experience = Experience(drawn=drawn, gained=gained, last_at=NOW - timedelta(days=days))
    assert is_worth_drawing(experience, NOW) is worth


def test_an_unknown_site_is_tried() -> None:
    assert is_worth_drawing(None, NOW)
