"""Copied texts: chapters on pages, parts of chapters, files, frames, pages built by script, posts."""

import base64
import json
import random
from collections.abc import Callable, Mapping

from domain.works import WorkType
from tests.mocknet.description import RegisteredWork
from tests.mocknet.innocents import Piece, other_pieces, quoting_reviews
from tests.mocknet.truth import Sample
from tests.mocknet.works import text_of
from tests.mocknet.world import SiteBuilder, blocks, line_breaks, paragraphs
from tests.mocksite.alterations import by_block, chapters, other_words
from tests.mocksite.talk import TALK
from tests.support.text_alterations import Alteration, substituted, traditional, verbatim, with_adverts

CHAPTERS, ENGLISH_CHAPTERS = 6, 3
PARTS, PART_CHARACTERS = 7, 60
DECOYS = 3
ALTERATIONS: Mapping[str, Alteration] = {
    "verbatim": verbatim,
    "adverts": by_block(with_adverts(80)),
    "substituted": by_block(substituted(0.1)),
    "traditional": by_block(traditional),
}
ORDER = ("上一章", "目录", "下一章")


def is_chinese(work: RegisteredWork) -> bool:
    return work.story.startswith("zh-")


def altered(site: SiteBuilder, work: RegisteredWork) -> str:
    """The text as this site publishes it; what is meant for Chinese is done to English in another way."""
    text, alteration = text_of(work), site.described.alter
    if is_chinese(work):
        return ALTERATIONS[alteration](text, random.Random(site.label + work.id))
    changed = alteration in {"adverts", "substituted"}
    return by_block(other_words)(text, random.Random(site.label + work.id)) if changed else text


def chapter(site: SiteBuilder) -> None:
    """A book a folder: a list of chapters, and a page for each."""
    for n, work in enumerate(site.works(WorkType.TEXT)):
        parts = chapters(altered(site, work), CHAPTERS if is_chinese(work) else ENGLISH_CHAPTERS)
        for k, part in enumerate(parts, start=1):
            path = f"/book/{n}/{k}.html"
            turned = _turns(f"/book/{n}/", k, len(parts))
            text = line_breaks(part) if site.described.number % 2 else paragraphs(part)
            sample = site.page(path, f"{work.title} 第{k}章", f"<div id=content>{text}</div>{turned}", shown=False)
            site.copy("chapter", work, [site.url(path)], sample)
        listed = "".join(f'<li><a href="/book/{n}/{k}.html">第{k}章</a></li>' for k in range(1, len(parts) + 1))
        site.page(f"/book/{n}/", f"{work.title} 最新章节目录", f"<p>作者:{work.owner}</p><ul>{listed}</ul>")
    _decoys(site, "chapter", "/other")


def chapter_parts(site: SiteBuilder) -> None:
    """The first chapter over several pages, each too short to be judged alone."""
    for n, work in enumerate(site.works(WorkType.TEXT)):
        wide = 1 if is_chinese(work) else 3
        parts = _cut(altered(site, work), PART_CHARACTERS * wide)
        paths = [f"/read/{n}/1{f'_{k}' if k > 1 else ''}.html" for k in range(1, PARTS + 1)]
        for k, (path, part) in enumerate(zip(paths, parts, strict=True), start=1):
            onward = f'<a rel="next" href="{paths[k]}">下一页</a>' if k < PARTS else "<a href='/'>返回书页</a>"
            inner = f"<div id=content>{line_breaks(part)}</div><p>{onward}</p>"
            site.page(path, f"{work.title} 第1章({k}/{PARTS})", inner, shown=k == 1)
        joined = Sample(data="\n".join(parts).encode(), name="joined.txt", media_type="text/plain")
        site.copy("chapter_parts", work, map(site.url, paths), joined)
    for n, piece in enumerate(_some(site, other_pieces(), DECOYS)):
        paths = [f"/read/x{n}/1{f'_{k}' if k > 1 else ''}.html" for k in range(1, PARTS + 1)]
        parts = _cut(piece.text, PART_CHARACTERS)
        for k, (path, part) in enumerate(zip(paths, parts, strict=True), start=1):
            onward = f'<a rel="next" href="{paths[k]}">下一页</a>' if k < PARTS else ""
            site.page(path, f"{piece.title} 第1章({k}/{PARTS})", line_breaks(part) + onward, shown=k == 1)
        sample = Sample(data="\n".join(parts).encode(), name="joined.txt", media_type="text/plain")
        site.decoy("chapter_parts", paths[0], sample=sample)


def text_file(site: SiteBuilder) -> None:
    """The whole text as a file for readers' telephones."""
    for n, work in enumerate(site.works(WorkType.TEXT)):
        path = f"/txt/{n}.txt"
        _text_download(site, path, work.title, altered(site, work))
        data = site.network.pages[site.label, path].body
        sample = Sample(data=data, name="book.txt", media_type="text/plain")
        site.copy("text_file", work, [site.url(path)], sample)
    for n, piece in enumerate(_some(site, other_pieces(), DECOYS)):
        path = f"/txt/x{n}.txt"
        _text_download(site, path, piece.title, piece.text)
        data = site.network.pages[site.label, path].body
        site.decoy("text_file", path, sample=Sample(data=data, name="book.txt", media_type="text/plain"))


def framed_text(site: SiteBuilder) -> None:
    """The text stands in a frame of the page that names it."""

    def publish(name: str, title: str, text: str) -> tuple[list[str], Sample]:
        outer, inner = f"/view/{name}.html", f"/frame/{name}.html"
        sample = site.page(inner, title, paragraphs(text), shown=False)
        site.page(outer, f"{title} 在线阅读", f'<iframe src="{inner}" width=800 height=2000></iframe>')
        return [site.url(outer), site.url(inner)], sample

    _publish(site, "framed_text", publish)


def scripted_text(site: SiteBuilder) -> None:
    """The page holds nothing; a script asks for the text and unpacks it."""

    def publish(name: str, title: str, text: str) -> tuple[list[str], Sample]:
        path, source = f"/reader/{name}.html", f"/api/text/{name}"
        packed = base64.b64encode("\n".join(blocks(text)).encode()[::-1]).decode()
        site.file(source, json.dumps({"code": 0, "t": packed}).encode(), "application/json")
        site.page(path, f"{title} 阅读器", SCRIPT.replace("SOURCE", source))
        rendered = f"<html><body><h1>{title}</h1>{paragraphs(text)}</body></html>".encode()
        return [site.url(path)], Sample(data=rendered, name="rendered.html", media_type="text/html", charset="utf-8")

    _publish(site, "scripted_text", publish)


def forum_post(site: SiteBuilder) -> None:
    """A reader posts the whole text; others thank them."""
    for n, work in enumerate(site.works(WorkType.TEXT)):
        path = f"/thread/{n}.html"
        replies = "".join(f"<div class=reply><p>{word}</p></div>" for word in site.chance.sample(TALK, 3))
        inner = f"<div class=post>{paragraphs(altered(site, work))}</div>{replies}"
        sample = site.page(path, f"【转】{work.title} 全文", inner)
        site.copy("forum_post", work, [site.url(path)], sample)
    for n, piece in enumerate(quoting_reviews()[site.described.number % 4 :: 3][:DECOYS]):
        path = f"/thread/r{n}.html"
        site.decoy("forum_post", path, sample=site.page(path, piece.title, paragraphs(piece.text)))


def _publish(site: SiteBuilder, form: str, publish: Callable[[str, str, str], tuple[list[str], Sample]]) -> None:
    """Publish copies and other pieces in one way."""
    for n, work in enumerate(site.works(WorkType.TEXT)):
        urls, sample = publish(f"{n}", work.title, altered(site, work))
        site.copy(form, work, urls, sample)
    for n, piece in enumerate(_some(site, other_pieces(), DECOYS)):
        urls, sample = publish(f"x{n}", piece.title, piece.text)
        site.decoy(form, urls[0].removeprefix(site.url("")), sample=sample)


def _decoys(site: SiteBuilder, form: str, folder: str) -> None:
    for n, piece in enumerate(_some(site, other_pieces(), DECOYS)):
        path = f"{folder}/{n}.html"
        site.decoy(form, path, sample=site.page(path, f"{piece.title} 第1章", line_breaks(piece.text)))


def _some(site: SiteBuilder, pieces: list[Piece], count: int) -> list[Piece]:
    first = site.described.number % len(pieces)
    return (pieces[first:] + pieces[:first])[:count]


def _turns(folder: str, k: int, last: int) -> str:
    targets = (f"{folder}{max(1, k - 1)}.html", folder, f"{folder}{min(last, k + 1)}.html")
    return "<p>" + " ".join(f'<a href="{t}">{w}</a>' for t, w in zip(targets, ORDER, strict=True)) + "</p>"


def _cut(text: str, size: int) -> list[str]:
    """The beginning in parts of about so many characters, a paragraph's end being a space."""
    flat = " ".join(blocks(text))
    return [flat[n * size : (n + 1) * size] for n in range(PARTS)]


def _text_download(site: SiteBuilder, path: str, title: str, text: str) -> None:
    site.file(path, text.encode("gb18030"), "text/plain")
    site.page(f"{path}.html", f"{title} TXT下载", f'<p>格式:TXT</p><p><a href="{path}">点击下载</a></p>')


SCRIPT = """<div id=reader>正在加载…</div><script>
fetch('SOURCE').then(r => r.json()).then(d => {
  const raw = atob(d.t), bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[raw.length - 1 - i] = raw.charCodeAt(i);
  const box = document.getElementById('reader'); box.textContent = '';
  for (const line of new TextDecoder('utf-8').decode(bytes).split('\\n')) {
    const p = document.createElement('p'); p.textContent = line; box.appendChild(p);
  }
});
</script>"""
