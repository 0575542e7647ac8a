"""The interface by which MacCMS film sites hand their lists to each other: `api.php/provide/vod/`, JSON and XML.

`ac=list` and `ac=detail` give a page of entries, `pg` chooses it, `h` bounds it to those changed within so many hours
(magicblack/maccms10, its interface documentation). Each entry names its film and, by source, what plays it:
`第1集$address#第2集$address`, sources parted by `$$$`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree

from crawler.discovery.documents import children, elements, json_in, text_of
from crawler.leads import media
from crawler.leads.finding import links_within
from crawler.leads.forms import Hidden
from crawler.urls import resolve
from domain.leads import LONGEST_WRITTEN, LeadKind

MOST_ENTRIES = 200
MOST_PAGES = 500
MOST_IDS = 20
"""Entries asked for at once by their ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One film as the interface has it."""

    id: str
    name: str
    plays: str
    """Episodes of all sources, as written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiPage:
    """A page of the interface: where to go on, and what it plays."""

    pages: tuple[str, ...]
    hidden: tuple[Hidden, ...]


def first_address(api: str, hours: int) -> str:
    """The address of an interface's first page with details, of the last `hours` (0 for all there is)."""
    return _with(api, ac="detail", pg="1", **({"h": str(hours)} if hours else {}))


def read_page(url: str, text: str) -> ApiPage | None:
    """The page of such an interface at `url`; None for any other document."""
    told = _from_json(text) if text.lstrip("\ufeff \r\n\t")[:1] == "{" else _from_xml(text)
    if told is None:
        return None
    number, count, entries = told
    onward = [_with(url, pg=str(number + 1))] if 0 < number < min(count, MOST_PAGES) else []
    bare = [entry.id for entry in entries if not entry.plays and entry.id.isdigit()]
    batches = (",".join(bare[start : start + MOST_IDS]) for start in range(0, len(bare), MOST_IDS))
    onward += [_with(url, ac="detail", pg="1", ids=ids) for ids in batches]
    pages = tuple(filter(None, (resolve(url, address) for address in onward)))
    return ApiPage(pages=pages, hidden=tuple(_once(_hidden(entries))))


def _from_json(text: str) -> tuple[int, int, list[Entry]] | None:
    told = json_in(text)
    listed = told.get("list") if isinstance(told, dict) else None
    if not isinstance(listed, list) or not isinstance(told, dict) or "pagecount" not in told:
        return None
    entries = [_entry(each) for each in listed[:MOST_ENTRIES] if isinstance(each, dict) and "vod_id" in each]
    return _number(told.get("page")), _number(told.get("pagecount")), entries


def _entry(each: dict[str, Any]) -> Entry:
    plays = [each.get(key) for key in ("vod_play_url", "vod_down_url")]
    return Entry(
        id=str(each["vod_id"]),
        name=str(each.get("vod_name") or "")[:300],
        plays="$$$".join(play for play in plays if isinstance(play, str) and play),
    )


def _from_xml(text: str) -> tuple[int, int, list[Entry]] | None:
    if "<video" not in text[:20_000] or "<list" not in text[:4_096]:
        return None
    entries: list[Entry] = []
    page = count = 0
    for name, element in elements(text):
        if name == "video" and len(entries) < MOST_ENTRIES:
            entries.append(_video(element))
            element.clear()
        elif name == "list":
            page, count = _number(element.get("page")), _number(element.get("pagecount"))
    return (page, count, entries) if count else None


def _video(element: etree._Element) -> Entry:
    said = {name: text_of(child).strip() for name, child in children(element) if name in {"id", "name"}}
    plays = [text_of(dd) for name, child in children(element) if name == "dl" for _, dd in children(child)]
    return Entry(id=said.get("id", ""), name=said.get("name", "")[:300], plays="$$$".join(filter(None, plays)))


def _hidden(entries: Iterable[Entry]) -> Iterator[Hidden]:
    """The first and last episode of each source: one copy says as much as a hundred of one series."""
    for entry in entries:
        for source in entry.plays.split("$$$")[:10]:
            episodes = [episode for episode in source.split("#") if episode.strip()]
            for episode in dict.fromkeys([*episodes[:1], *episodes[-1:]]):
                if found := _played(entry, episode):
                    yield found


def _played(entry: Entry, episode: str) -> Hidden | None:
    label, mark, address = episode.rpartition("$")
    address = address.strip()
    found = next(links_within(address), None) or media.handed_to_player(address)
    if found is None:
        if not media.ADDRESS.fullmatch(address) or media.is_official(address):
            return None
        found = Hidden(kind=LeadKind.PLAYER, target=address, written=address)
    detail = f"{entry.name} {label}".strip() if mark else entry.name
    return Hidden(
        kind=found.kind,
        target=found.target,
        written=episode[:LONGEST_WRITTEN],
        code=found.code,
        provider=found.provider,
        names=(entry.name,),
        detail=detail[:300],
    )


def _once(found: Iterable[Hidden]) -> list[Hidden]:
    return list({(each.kind, each.target): each for each in found}.values())


def _number(value: Any) -> int:
    written = str(value or 0)
    return int(written) if written.isdecimal() and len(written) < 10 else 0


def _with(url: str, **changes: str) -> str:
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in changes]
    return urlunsplit(parts._replace(query=urlencode([*kept, *changes.items()])))
