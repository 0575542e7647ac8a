"""The forms in which the site's pirates publish: text as pages, pictures as files."""

import html
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.support.text_alterations import substituted, traditional, with_adverts, zero_width

NAVIGATION = (
    '<div id="nav"><a href="/">首页</a> <a href="/list.html">书库</a> <a href="/top.html">排行</a> '
    '<a href="/help.html">帮助</a></div>'
)
COMMENTS = '<div class="comments"><h4>读者评论</h4><p>楼主更新辛苦了</p><p>这一章写得真好,期待下文</p><p>沙发</p></div>'
FOOTER = '<div id="footer"><p>本站所有内容来自网友上传</p></div>'


@dataclass(frozen=True)
class Page:
    """What the server sends for one address."""

    body: bytes
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    announced: int | None = None
    """Content-Length, where it is not that of the body: a lie, or a promise that `tail` keeps."""
    tail: Callable[[], Iterator[bytes]] | None = None
    """Sent after the body, piece by piece, until it or the reader's patience ends."""


def page(title: str, inner: str, links: Sequence[str] = ()) -> Page:
    """An HTML page in the usual clothes."""
    anchors = "".join(f'<li><a href="{html.escape(link)}">{html.escape(link)}</a></li>' for link in links)
    document = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{html.escape(title)}</title></head>'
        f"<body>{NAVIGATION}<h1>{html.escape(title)}</h1>{inner}<ul>{anchors}</ul>{FOOTER}</body></html>"
    )
    return Page(document.encode())


def paragraphs(text: str) -> str:
    return '<div id="content">' + "".join(f"<p>{html.escape(p)}</p>" for p in _blocks(text)) + f"</div>{COMMENTS}"


def line_breaks(text: str) -> str:
    return '<div id="content">' + "<br><br>".join("　　" + html.escape(p) for p in _blocks(text)) + "</div>"


def table_cells(text: str) -> str:
    cells = "".join(f"<tr><td>{html.escape(p)}</td></tr>" for p in _blocks(text))
    return f"<table><tr><td><table>{cells}</table></td></tr></table>"


def _blocks(text: str) -> list[str]:
    return [block.strip() for block in text.split("\n") if block.strip()]


def chapters(text: str, count: int) -> list[str]:
    """The text in about equal parts, cut between paragraphs."""
    blocks = _blocks(text)
    parts: list[list[str]] = [[] for _ in range(count)]
    total, done = sum(map(len, blocks)), 0
    for block in blocks:
        parts[min(count - 1, done * count // total)].append(block)
        done += len(block)
    return ["\n".join(part) for part in parts if part]


def by_block(alter: Callable[[str, random.Random], str]) -> Callable[[str, random.Random], str]:
    """An alteration done paragraph by paragraph, so that the paragraphs stay."""
    return lambda text, chance: "\n".join(alter(block, chance) for block in _blocks(text))


def other_words(text: str, chance: random.Random) -> str:
    """Every seventh word or so replaced by another of the text."""
    words = text.split(" ")
    return " ".join(chance.choice(words) if chance.random() < 0.14 else word for word in words)


def gbk_without_charset(title: str, text: str) -> Page:
    document = f"<html><head><title>{title}</title></head><body>{line_breaks(text)}</body></html>"
    return Page(document.encode("gb18030"), media_type="text/html")


CHINESE_FORMS = {
    "traditional": by_block(traditional),
    "adverts": by_block(with_adverts(60)),
    "substituted": by_block(substituted(0.15)),
    "zero_width": by_block(zero_width),
}
ENGLISH_FORMS = {"other_words": by_block(other_words)}
