"""Every page of the site, and what is true of each."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from tests.mocksite.alterations import (
    CHINESE_FORMS,
    ENGLISH_FORMS,
    Page,
    chapters,
    gbk_without_charset,
    line_breaks,
    page,
    paragraphs,
    table_cells,
)
from tests.mocksite.catalogue import STORIES_REGISTERED, Story, registered_pictures
from tests.mocksite.innocents import innocent_pages, innocent_pictures
from tests.mocksite.pictures import FORMS, altered, as_jpeg

HOSTS = ("novels", "pictures", "library", "shop", "forum", "maze")


@dataclass(frozen=True)
class Planted:
    """A copy: where it is, of what, and how it was altered."""

    host: str
    path: str
    work_id: str
    form: str


@dataclass
class Site:
    """Pages by (host label, path), and the truth about them."""

    pages: dict[tuple[str, str], Page] = field(default_factory=dict)
    infringing: list[Planted] = field(default_factory=list)
    innocent: list[tuple[str, str]] = field(default_factory=list)
    licensed: list[tuple[str, str]] = field(default_factory=list)

    def add_copy(self, host: str, path: str, content: Page, work_id: str, form: str) -> None:
        self.pages[host, path] = content
        self.infringing.append(Planted(host, path, work_id, form))

    def add_innocent(self, host: str, path: str, content: Page) -> None:
        self.pages[host, path] = content
        self.innocent.append((host, path))


@lru_cache(maxsize=1)
def the_site() -> Site:
    """The site, the same every time."""
    site = Site()
    for story in STORIES_REGISTERED:
        for path, content, form in _pirated(story):
            site.add_copy("novels", path, content, story.work_id, form)
        _sell(site, story)
    _post_in_the_forum(site)
    _hang_pictures(site)
    for host, path, content in innocent_pages():
        site.add_innocent(host, path, content)
    _open_the_doors(site)
    return site


def _pirated(story: Story) -> Iterator[tuple[str, Page, str]]:
    slug, text, title = story.work_id, story.text, story.title
    yield f"/{slug}/all.html", page(f"{title} 全文", paragraphs(text)), "paragraphs"
    yield f"/{slug}/br.html", page(f"{title} 在线阅读", line_breaks(text)), "line_breaks"
    yield f"/{slug}/table.html", page(f"{title} TXT", table_cells(text)), "table"
    for n, chapter in enumerate(chapters(text, 3), start=1):
        following = [f"/{slug}/{n + 1}.html"] if n < 3 else []
        yield f"/{slug}/{n}.html", page(f"{title} 第{n}章", line_breaks(chapter), following), "chapter"
    forms = CHINESE_FORMS if story.is_chinese else ENGLISH_FORMS
    for form, alter in forms.items():
        changed = alter(text, random.Random(slug + form))
        yield f"/{slug}/{form}.html", page(f"{title} 最新", line_breaks(changed)), form
    if story.is_chinese:
        yield f"/{slug}/gbk.html", gbk_without_charset(title, text), "gbk"


def _sell(site: Site, story: Story) -> None:
    """The shop sells every story; for one its licence ran out years ago, for one it never had any."""
    path = f"/books/{story.work_id}.html"
    content = page(f"{story.title} 正版", paragraphs(story.text))
    if story.licensed_hosts == "shop.localhost":
        site.pages["shop", path] = content
        site.licensed.append(("shop", path))
    else:
        site.add_copy("shop", path, content, story.work_id, "licence_ended" if story.licensed_hosts else "unlicensed")


def _post_in_the_forum(site: Site) -> None:
    for n, story in enumerate(STORIES_REGISTERED, start=1):
        reposted = paragraphs(story.text) + "<p>转载自网络,侵删</p>"
        site.add_copy("forum", f"/thread/{n}.html", page(f"【转】{story.title}", reposted), story.work_id, "repost")


def _hang_pictures(site: Site) -> None:
    forms = list(FORMS)
    shown: list[str] = []
    for n, (work_id, image) in enumerate(registered_pictures().items()):
        for form in (forms[n % len(forms)], forms[(n + 2) % len(forms)], forms[(n + 4) % len(forms)]):
            path = f"/img/{work_id}-{form}.jpg"
            site.add_copy("pictures", path, Page(altered(image, form), "image/jpeg"), work_id, form)
            shown.append(path)
    for path, image in innocent_pictures().items():
        site.add_innocent("pictures", path, Page(as_jpeg(image), "image/jpeg"))
        shown.append(path)
    for n in range(0, len(shown), 8):
        gallery = "".join(f'<img data-src="{path}" src="/img/blank.gif" alt="">' for path in shown[n : n + 8])
        following = [f"/gallery/{n // 8 + 1}.html"] if n + 8 < len(shown) else []
        site.pages["pictures", f"/gallery/{n // 8}.html"] = page(f"图集 {n // 8}", gallery, following)


def _open_the_doors(site: Site) -> None:
    """An index page for every host that has pages, linking all but galleries' later pages and chapters' sequels."""
    for host in HOSTS:
        links = [path for label, path in site.pages if label == host and not path.startswith("/img/")]
        site.pages[host, "/"] = page(f"{host} 首页", "<p>欢迎</p>", links)
