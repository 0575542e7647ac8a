"""Addresses that lead nowhere new, told from the address alone, so that every run of a sweep judges alike.

Counting variations of one path would tell a calendar, but just as well a novel of two thousand chapters; so calendars
are told by dates to which nothing can have been published. Backwards, the depth limit ends them.
"""

import re
from datetime import date, timedelta

from crawler.urls import path_of

REPEATED = re.compile(r"((?:/[^/]+){1,3}?)\1{3,}(?=/|$)")
MAX_SEGMENTS = 30
MAX_PARAMETERS = 20
DATE = re.compile(r"(?<!\d)(?P<year>[12]\d{3})[-/_.]?(?P<month>0?[1-9]|1[0-2])(?:[-/_.]?(?P<day>\d{1,2}))?(?!\d)")
YEAR_PARAMETER = re.compile(r"(?:^|[?&])(?:year|y|yy|yyyy)=(?P<year>\d{4})(?:&|$)", re.IGNORECASE)
DATE_WORDS = re.compile(r"calendar|archive|date|month|day|event|schedule|rili|riqi", re.IGNORECASE)
FIRST_YEAR = 1990
AHEAD = timedelta(days=62)


def trap_in(url: str, today: date) -> str:
    """Why a canonical address looks like a trap; empty when it does not."""
    path = path_of(url)
    if path.count("/") > MAX_SEGMENTS or url.count("&") > MAX_PARAMETERS:
        return "the address has too many parts"
    if REPEATED.search(path):
        return "the path repeats itself"
    if _is_calendar(url, today):
        return "a calendar page of a time at which nothing was published"
    return ""


def _is_calendar(url: str, today: date) -> bool:
    """Only where a word says that the numbers are a date: 2077 may as well number a chapter."""
    rest = url.partition("://")[2].partition("/")[2]
    if not DATE_WORDS.search(rest):
        return False
    if found := DATE.search(rest):
        year, month = int(found["year"]), int(found["month"])
        return year < FIRST_YEAR or date(year, month, 1) > today + AHEAD
    found = YEAR_PARAMETER.search(rest)
    return found is not None and not FIRST_YEAR <= int(found["year"]) <= (today + AHEAD).year
