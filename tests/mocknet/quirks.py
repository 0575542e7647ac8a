"""Habits of real sites: redirects that count, visits in addresses, endless calendars, trees mirrored in themselves."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace

from tests.mocknet.innocents import other_pieces
from tests.mocknet.world import SiteBuilder, paragraphs
from tests.mocksite.alterations import Page
from tests.mocksite.traps import calendar

MIRRORS = re.compile(r"^(?:/m)+(?=/)")


def redirects(site: SiteBuilder) -> None:
    """Lists lead to addresses that count and send on."""
    for n, (path, words) in enumerate(site.shown):
        site.redirect(f"/jump/{n}", path)
        site.shown[n] = (f"/jump/{n}", words)


def sessions(site: SiteBuilder) -> None:
    """Every visitor, and every view of a list, gets a visit of its own."""
    pages = site.network.pages

    def answer(path: str, query: Mapping[str, str]) -> Page | None:
        page = pages.get((site.label, path))
        if page is None or not page.media_type.startswith("text/html"):
            return None
        token = secrets.token_hex(16).encode()
        return replace(
            page, body=re.sub(rb'href="(/[^"?]*\.html)"', rb'href="\1?PHPSESSID=' + token + rb'"', page.body)
        )

    site.answer(answer)


def calendars(site: SiteBuilder) -> None:
    """Months that lead to months."""
    site.show("/month/2026-10", "活动日历")
    site.answer(lambda path, _query: calendar(path) if path.startswith("/month/") else None)


def mirror(site: SiteBuilder) -> None:
    """The whole site once more below /m, and below /m/m, and so on; every page leads one deeper."""
    pages = site.network.pages

    def answer(path: str, _query: Mapping[str, str]) -> Page | None:
        page = pages.get((site.label, MIRRORS.sub("", path)))
        if page is None or not page.media_type.startswith("text/html"):
            return page
        deeper = f'<a href="/m{path}">手机版</a></body>'.encode()
        return replace(page, body=page.body.replace(b"</body>", deeper))

    site.answer(answer)


def robots(site: SiteBuilder) -> None:
    """A folder that robots.txt asks to leave alone."""
    for n, piece in enumerate(other_pieces()[:3]):
        path = f"/vip/{n}.html"
        site.page(path, piece.title, paragraphs(piece.text))
        site.wall("robots", path, ("robots",))


QUIRKS: Mapping[str, Callable[[SiteBuilder], None]] = {
    "redirects": redirects,
    "sessions": sessions,
    "calendar": calendars,
    "mirror": mirror,
    "robots": robots,
}
