"""The pages and pictures of the site that are nobody's copy."""

import random
import tomllib
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from tests.mocksite.alterations import Page, page, paragraphs
from tests.mocksite.catalogue import STORIES_REGISTERED, Story
from tests.mocksite.pictures import OTHER_PHOTOS, available, cover, drawing, flat, photo, scene
from tests.mocksite.talk import thread
from tests.support.image_alterations import captioned

WORKS = Path(__file__).parent / "works"
WRITTEN = ("reviews", "authors", "entries")
"""Files of pages: reviews of the stories, other pieces by their authors, entries about their subjects."""
THREADS, SHELVES = 2, 60
"""Threads about each story, and lists of books in the library."""

Placed = tuple[str, str, Page]


def innocent_pages() -> Iterator[Placed]:
    """Host label, path and page."""
    for name in WRITTEN:
        for each in tomllib.loads((WORKS / f"{name}.toml").read_text(encoding="utf-8"))["page"]:
            yield each["host"], each["path"], page(each["title"], paragraphs(each["text"]))
    for n, story in enumerate(STORIES_REGISTERED):
        yield "library", f"/card/{n}.html", _card(story, n)
        yield "shop", f"/item/{story.work_id}.html", _item(story, n)
        for k in range(THREADS):
            talk = paragraphs(thread(story.title, random.Random(f"{story.work_id} {k}")))
            yield "forum", f"/talk/{n}-{k}.html", page(f"讨论 {story.title}", talk)
    for n in range(SHELVES):
        yield "library", f"/shelf/{n}.html", _shelf(n)


def innocent_pictures() -> dict[str, Image.Image]:
    """Pictures by path: drawings by the same hand, scenes of the same theme, other photographs, covers, flat ones."""
    shown = {f"/img/other-{n}.jpg": drawing(100 + n) for n in range(14)}
    shown |= {f"/img/scene-{n}.jpg": scene(100 + n) for n in range(10)}
    shown |= {f"/img/{Path(name).stem}.jpg": photo(name) for name in available(OTHER_PHOTOS)}
    shown |= {f"/img/cover-{n}.jpg": cover(f"Volume {n}") for n in range(14)}
    shown |= {f"/img/flat-{value}.jpg": flat(value) for value in (0, 40, 90, 128, 200, 255)}
    black = Image.new("RGB", (480, 270))
    shown |= {f"/img/frame-{n}.jpg": black.resize((480 + 40 * n, 270)) for n in range(4)}
    shown |= {f"/img/credits-{n}.jpg": captioned(black.resize((480 + 40 * n, 270)), random.Random(n)) for n in range(4)}
    return shown


def _card(story: Story, n: int) -> Page:
    about = f"<p>《{story.title}》,{story.owner}著。馆藏一册,可借,索书号 I247.{n}。借期三十天,可续借一次。</p>"
    return page(f"馆藏 {story.title}", about * 2)


def _item(story: Story, n: int) -> Page:
    """A shop's page about a book: much template, and nothing of the book."""
    rows = "".join(
        f"<tr><th>{name}</th><td>{value}</td></tr>"
        for name, value in (
            ("书名", story.title),
            ("作者", story.owner),
            ("定价", f"{36 + 3 * n}.00 元"),
            ("开本", "32 开"),
            ("装帧", "平装"),
            ("库存", f"{5 * n + 2} 册"),
        )
    )
    terms = (
        "下单后四十八小时内发货,偏远地区顺延。",
        "图书如有缺页、倒装,凭照片免费换书,运费由本店承担。",
        "满九十九元包邮,团购请与客服联系,可开具发票。",
        "本店所售均为正版图书,请放心选购。",
    )
    return page(f"{story.title} 购买", f"<table>{rows}</table>" + "".join(f"<p>{term}</p>" for term in terms))


def _shelf(n: int) -> Page:
    chance = random.Random(n)
    titles = (
        f"{chance.choice('春夏秋冬山海云石')}{chance.choice('夜路书信桥灯门岸')}记 卷{chance.randint(1, 40)}"
        for _ in range(25)
    )
    return page(f"书目 第{n}架", "<ul>" + "".join(f"<li>{title}</li>" for title in titles) + "</ul>")
