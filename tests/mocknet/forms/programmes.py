"""The interface that MacCMS sites offer to collectors: `ac=list|detail`, `wd`, `ids`, `pg`, `h`, as JSON and XML."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.mocknet.forms.reach import asked_for
from tests.mocknet.world import SiteBuilder
from tests.mocksite.alterations import Page

A_PAGE = 4
UPDATED = "2026-11-24 20:00:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A film as the interface tells of it; `hours_ago` is how long ago it was changed."""

    vod_id: int
    title: str
    address: str
    hours_ago: int


def offer_programmes(site: SiteBuilder, path: str, programmes: Sequence[Programme]) -> None:
    """Answer below `path`; `at/xml/` after it asks for XML."""

    def answer(asked: str, query: Mapping[str, str]) -> Page | None:
        if asked.rstrip("/") not in {path.rstrip("/"), f"{path}at/xml"}:
            return None
        found = _asked(programmes, query)
        number = int(query.get("pg", "1")) if query.get("pg", "1").isdigit() else 1
        shown = found[(number - 1) * A_PAGE : number * A_PAGE]
        pages = -(-len(found) // A_PAGE)
        detail = query.get("ac", "list") in {"detail", "videolist"}
        if asked != path and asked.rstrip("/") != path.rstrip("/"):
            return Page(_xml(shown, number, pages, len(found), detail=detail).encode(), "text/xml; charset=utf-8")
        told = {
            "code": 1,
            "msg": "数据列表",
            "page": number,
            "pagecount": pages,
            "limit": str(A_PAGE),
            "total": len(found),
            "list": [_row(programme, detail=detail) for programme in shown],
        }
        return Page(json.dumps(told, ensure_ascii=False).encode(), "application/json; charset=utf-8")

    site.answer(answer)


def _asked(programmes: Sequence[Programme], query: Mapping[str, str]) -> list[Programme]:
    ids = {int(each) for each in query.get("ids", "").split(",") if each.isdigit()}
    wanted, hours = asked_for(query), query.get("h", "")
    return [
        p
        for p in programmes
        if (not ids or p.vod_id in ids) and wanted in p.title and (not hours.isdigit() or p.hours_ago <= int(hours))
    ]


def _row(programme: Programme, *, detail: bool) -> dict[str, object]:
    row: dict[str, object] = {
        "vod_id": programme.vod_id,
        "vod_name": programme.title,
        "type_name": "剧情片",
        "vod_time": UPDATED,
        "vod_play_from": "m3u8",
    }
    return row | {"vod_play_url": f"第1集${programme.address}", "vod_content": "暂无简介"} if detail else row


def _xml(shown: Sequence[Programme], number: int, pages: int, total: int, *, detail: bool) -> str:
    videos = "".join(
        f"<video><last>{UPDATED}</last><id>{p.vod_id}</id><name><![CDATA[{p.title}]]></name><type>剧情片</type>"
        + (f'<dl><dd flag="m3u8"><![CDATA[第1集${p.address}]]></dd></dl>' if detail else "<dt>m3u8</dt>")
        + "</video>"
        for p in shown
    )
    head = f'<list page="{number}" pagecount="{pages}" pagesize="{A_PAGE}" recordcount="{total}">'
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="5.1">{head}{videos}</list></rss>'
