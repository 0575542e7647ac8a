"""Hosts on which a crawler could stay for ever. The demonstration leaves them out: some are slow, none ends."""

import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping

from tests.mocksite.alterations import Page, page

DRIP_SECONDS = 0.2
ROOMS = 6
"""Pages behind the session ids; every link to one is new."""
DOORS = 3
FIRST_MONTH = "/month/2025-06"
NEVER = "/month/2099-01"
"""A month in which nothing can have been published."""
MONTH = re.compile(r"/month/(\d{4})-(\d{2})")


def slow(path: str) -> Page | None:
    """A page that comes byte by byte, and promises to go on for hours."""
    if path == "/drip":
        return Page(b"<html>", announced=100_000, tail=_drip)
    return page("慢", "<p>请稍候</p>", ["/drip"]) if path == "/" else None


def calendar(path: str) -> Page | None:
    """A month with a link to the one before and the one after."""
    if found := MONTH.fullmatch(path):
        months = 12 * int(found[1]) + int(found[2]) - 1
        beside = [f"/month/{n // 12}-{n % 12 + 1:02}" for n in (months - 1, months + 1)]
        return page(f"日历 {path}", "<p>本月没有活动</p>", beside)
    return page("日历", "<p>按月查看</p>", [FIRST_MONTH, NEVER]) if path == "/" else None


def sessions(path: str) -> Page | None:
    """A few rooms that give every visitor, and every link, a session of its own."""
    if path != "/" and not path.startswith("/room"):
        return None
    links = []
    for n in range(ROOMS):
        token = secrets.token_hex(16)
        links += [f"/room?n={n}&PHPSESSID={token}", f"/room;jsessionid={token}?n={n}", f"/room?sid={token}&n={n}"]
    return page("会话", "<p>欢迎光临</p>", links)


def halls(path: str) -> Page | None:
    """Session ids as parts of the path, which nothing tells from names: only depth and budget end this one."""
    if path != "/" and not path.startswith("/hall-"):
        return None
    return page("大厅", "<p>请继续往前走</p>", [f"/hall-{secrets.token_hex(8)}/" for _ in range(DOORS)])


TRAPS: Mapping[str, Callable[[str], Page | None]] = {
    "slow": slow,
    "calendar": calendar,
    "sessions": sessions,
    "halls": halls,
}


def _drip() -> Iterator[bytes]:
    while True:
        time.sleep(DRIP_SECONDS)
        yield b"."
