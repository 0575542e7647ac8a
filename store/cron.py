"""Cron lines: on which nights a campaign is swept.

Five fields as cron(8) has them: weekday 0 and 7 are Sunday, and when both a day of the month and a weekday are named,
either is enough. Times are wall-clock times of a zone. One that a clock change skips is made up for right after it,
and one that comes twice counts once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

FIELDS = ("minute", "hour", "day", "month", "day_of_week")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_ITEM = re.compile(r"(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:/(\d+))?")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cron line in a time zone. Raises `ValueError` for a line that is none, or that never comes."""

    line: str
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.after(datetime(2026, 1, 1, tzinfo=UTC)) is None:
            raise ValueError("it names a day that never comes")

    def after(self, time: datetime) -> datetime | None:
        """The first time strictly after `time`, in UTC."""
        wall = time.astimezone(self.zone).replace(tzinfo=UTC)
        while (following := _next(_triggers(self.line), wall)) is not None:
            found = following.replace(tzinfo=self.zone, fold=0).astimezone(UTC)
            if found > time:
                return found
            # The clock was put back, and this hour was there before.
            wall = following.replace(second=1)
        return None

    def between(self, since: datetime, until: datetime) -> Iterator[datetime]:
        """Every time after `since` and not after `until`, oldest first."""
        time = self.after(since)
        while time is not None and time <= until:
            yield time
            time = self.after(time)


def _next(triggers: tuple[CronTrigger, ...], wall: datetime) -> datetime | None:
    """The first wall-clock time at or after `wall`."""
    times = [trigger.get_next_fire_time(None, wall) for trigger in triggers]
    return min((time for time in times if time is not None), default=None)


@lru_cache(maxsize=256)
def _triggers(line: str) -> tuple[CronTrigger, ...]:
    """Triggers over wall-clock time, any of which may fire. The zone named to them is UTC, which has no changes."""
    parts = line.split()
    if len(parts) != len(FIELDS):
        raise ValueError(f"it has {len(parts)} fields instead of five")
    given = dict(zip(FIELDS, parts, strict=True))
    given["day_of_week"] = _weekdays(given["day_of_week"])
    day, weekday = given["day"], given["day_of_week"]
    if day == "*" or weekday == "*":
        return (CronTrigger(**given, timezone=UTC),)
    return (
        CronTrigger(**given | {"day_of_week": "*"}, timezone=UTC),
        CronTrigger(**given | {"day": "*"}, timezone=UTC),
    )


def _weekdays(field: str) -> str:
    """Cron's weekdays as names, which mean the same to everyone."""
    if field == "*":
        return field
    days: set[int] = set()
    for item in field.lower().split(","):
        match = _ITEM.fullmatch(item)
        if not match:
            raise ValueError(f"{item!r} is no weekday")
        first, last, step = match.groups()
        begin, end = (0, 6) if first == "*" else (_weekday(first), _weekday(last or first))
        if begin > end or step == "0":
            raise ValueError(f"{item!r} is no span of weekdays")
        days |= {day % 7 for day in range(begin, end + 1, int(step or 1))}
    return ",".join(WEEKDAYS[day] for day in sorted(days))


def _weekday(name: str) -> int:
    if name in WEEKDAYS:
        return WEEKDAYS.index(name)
    if not name.isdigit() or int(name) > 7:
        raise ValueError(f"{name!r} is no weekday")
    return int(name)
