"""The pages into which pirates put a chapter. The same shells hold innocent texts."""

import html
import random
from collections.abc import Callable, Mapping

from tests.mocksite.alterations import FOOTER, NAVIGATION, Page, gbk_without_charset, line_breaks, page, paragraphs
from tests.mocksite.alterations import table_cells as cells
from tests.mocksite.talk import TALK
from tests.real_site.prose import RECOMMENDED

Shell = Callable[[str, str, random.Random], Page]


def in_paragraphs(title: str, text: str, _: random.Random) -> Page:
    return page(title, paragraphs(text))


def in_line_breaks(title: str, text: str, _: random.Random) -> Page:
    return page(title, line_breaks(text))


def in_a_table(title: str, text: str, _: random.Random) -> Page:
    return page(title, cells(text))


def in_gbk(title: str, text: str, _: random.Random) -> Page:
    return gbk_without_charset(title, text)


def as_a_file(title: str, text: str, _: random.Random) -> Page:
    return Page(f"{title}\n\n{text}".encode(), "text/plain; charset=utf-8")


def among_clutter(title: str, text: str, chance: random.Random) -> Page:
    """A novel site at its worst: rankings beside the chapter, adverts inside it, comments below."""
    ranking = "".join(f'<li><a href="/">{chance.choice(RECOMMENDED)} 第{n}卷</a></li>' for n in range(1, 13))
    blocks = [block for block in text.split("\n") if block.strip()]
    for at in range(len(blocks) // 2, 0, -8):
        blocks.insert(at, "请记住本站域名,手机用户请到手机版阅读")
    inner = "".join(f"<p>{html.escape(block)}</p>" for block in blocks)
    comments = "".join(f"<div class='comment'><b>书友</b><p>{line}</p></div>" for line in chance.sample(TALK, 6))
    document = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<script>var ad = 'x'.repeat(20);</script></head><body>{NAVIGATION}"
        f"<aside class='sidebar'><h3>热门</h3><ul>{ranking}</ul></aside>"
        f"<article><h1>{html.escape(title)}</h1>{inner}</article>"
        f"<section class='comments'>{comments}</section>{FOOTER}</body></html>"
    )
    return Page(document.encode())


SHELLS: Mapping[str, Shell] = {
    "paragraphs": in_paragraphs,
    "line_breaks": in_line_breaks,
    "table": in_a_table,
    "gbk": in_gbk,
    "file": as_a_file,
    "clutter": among_clutter,
}
