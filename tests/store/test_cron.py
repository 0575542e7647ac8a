from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.cron import Schedule

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def fires(line: str, zone: ZoneInfo, since: str, until: str) -> list[str]:
    """Local times at which a line fires."""
    begin, end = (datetime.fromisoformat(day).replace(tzinfo=zone) for day in (since, until))
    return [f"{t.astimezone(zone):%a %m-%d %H:%M}" for t in Schedule(line, zone).between(begin, end)]


def test_every_night_at_three_in_shanghai() -> None:
    night = Schedule("0 3 * * *", SHANGHAI).after(datetime(2026, 11, 22, 19, 0, tzinfo=UTC))
    assert night == datetime(2026, 11, 23, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("weekdays", "days"),
    [
        ("0", "Sun"),
        ("7", "Sun"),
        ("1", "Mon"),
        ("sun", "Sun"),
        ("MON-WED", "Mon Tue Wed"),
        ("5-7", "Fri Sat Sun"),
        ("*/3", "Wed Sat Sun"),
        ("1,3", "Mon Wed"),
    ],
)
def test_weekdays_are_those_of_cron(weekdays: str, days: str) -> None:
    found = fires(f"0 3 * * {weekdays}", SHANGHAI, "2026-11-23", "2026-11-30")
    assert [day.split()[0] for day in found] == days.split()


def test_a_day_of_the_month_or_a_weekday_is_enough() -> None:
    assert fires("0 3 13 * 5", SHANGHAI, "2026-11-10", "2026-11-28") == [
        "Fri 11-13 03:00",
        "Fri 11-20 03:00",
        "Fri 11-27 03:00",
    ]
    assert fires("0 3 15 * 5", SHANGHAI, "2026-11-10", "2026-11-18") == ["Fri 11-13 03:00", "Sun 11-15 03:00"]


def test_an_hour_that_comes_twice_counts_once() -> None:
    assert fires("30 2 * * *", BERLIN, "2026-10-24", "2026-10-27") == [
        "Sat 10-24 02:30",
        "Sun 10-25 02:30",
        "Mon 10-26 02:30",
    ]
    twice = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)  # 02:00 for the second time
    assert Schedule("30 2 * * *", BERLIN).after(twice) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_an_hour_that_is_skipped_is_made_up_for() -> None:
    assert fires("30 2 * * *", BERLIN, "2026-03-28", "2026-03-31") == [
        "Sat 03-28 02:30",
        "Sun 03-29 03:30",
        "Mon 03-30 02:30",
    ]


@given(
    st.sampled_from(["0 3 * * *", "*/7 1-4 * * 1-5", "30 2 29 2 *", "0 0 1 */3 0", "15 2 * * *"]),
    st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("America/St_Johns"), ZoneInfo("Australia/Lord_Howe")]),
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
)
def test_the_next_time_is_always_later_and_on_the_line(line: str, zone: ZoneInfo, since: datetime) -> None:
    plan = Schedule(line, zone)
    first = plan.after(since)
    assert first is not None
    assert first > since
    second = plan.after(first)
    assert second is not None
    assert second > first
    assert plan.after(first.replace(microsecond=1)) == second


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("every night", "2 fields instead of five"),
        ("0 3 * *", "4 fields instead of five"),
        ("0 3 * * 8", "'8' is no weekday"),
        ("0 3 * * fri-mon", "is no span of weekdays"),
        ("0 3 * * x?", "is no weekday"),
        ("0 3 * * */0", "is no span of weekdays"),
        ("61 3 * * *", "61"),
        ("0 3 30 2 *", "names a day that never comes"),
    ],
)
def test_a_line_that_is_none_is_refused(line: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem.replace("?", r"\?")):
        Schedule(line, SHANGHAI)
