"""A second site, made at test time of the real books and pictures: 300 altered copies among 600 innocent pages."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.evaluation.text_corpus import TextCorpus, read_corpus
from tests.mocksite.alterations import Page, page
from tests.mocksite.pictures import as_png
from tests.mocksite.site import Planted, Site
from tests.real_site import books, pictures
from tests.real_site.pictures import Pictures, read_pictures

HOSTS = ("chapters", "shelf", "gallery")
"""Copied texts, innocent texts, and pictures of both kinds."""
ON_A_WALL = 8


@dataclass(frozen=True)
class RealSite:
    """The site, and what is registered."""

    site: Site
    corpus: TextCorpus
    pictures: Pictures
    returned: int
    """Chapters that were no innocents, because they hold a registered text."""


def build(data: Path) -> RealSite:
    """The site of the test data's books and pictures; the same every time."""
    site, corpus, shown = Site(), read_corpus(data / "text" / "zh"), read_pictures(data)
    for n, copied in enumerate(books.copies(corpus)):
        site.add_copy("chapters", f"/{n}.html", copied.page, copied.work_id, copied.form)
    innocent, returned = books.innocents(corpus)
    for n, content in enumerate(innocent):
        site.add_innocent("shelf", f"/{n}.html", content)
    for n, (picture, work_id, form) in enumerate(pictures.copies(shown)):
        site.add_copy("gallery", f"/img/a{n}", picture, work_id, form)
    for n, picture in enumerate(pictures.innocents(shown)):
        site.add_innocent("gallery", f"/img/b{n}", picture)
    for path, content in _walls(site):
        site.pages["gallery", path] = content
    for host in HOSTS:
        links = [path for label, path in site.pages if label == host and not path.startswith("/img/")]
        site.pages[host, "/"] = page(f"{host} 首页", "<p>欢迎</p>", links)
    return RealSite(site, corpus, shown, returned)


def _walls(site: Site) -> Iterator[tuple[str, Page]]:
    """Gallery pages: every copied picture hangs among innocent ones."""
    shown = [path for label, path in site.pages if label == "gallery"]
    columns = (len(shown) + ON_A_WALL - 1) // ON_A_WALL
    for n in range(columns):
        yield f"/wall/{n}.html", page(f"图集 {n}", "".join(f'<img src="{path}" alt="">' for path in shown[n::columns]))


def write_catalogue(made: RealSite, folder: Path) -> Path:
    """Write `catalogue.csv` and the reference files it names into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "catalogue.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("work_id", "title", "type", "owner", "files"))
        for book in made.corpus.registered:
            name = books.work_id(book)
            (folder / f"{name}.txt").write_text(book.text, encoding="utf-8")
            writer.writerow((name, name, "text", books.owner(book), f"{name}.txt"))
        for name, image in made.pictures.registered.items():
            (folder / f"{name}.png").write_bytes(as_png(image))
            writer.writerow((name, name, "image", "摄影者", f"{name}.png"))
    return path


def found_by_form(planted: Sequence[Planted], missed: Sequence[tuple[str, str]]) -> list[tuple[str, int, int]]:
    """For each form of copy: how many were planted, and how many of them found."""
    gone = {
        (address.partition(".localhost")[0].removeprefix("http://"), urlsplit(address).path) for address, _ in missed
    }
    asked = Counter(copy.form for copy in planted)
    found = Counter(copy.form for copy in planted if (copy.host, copy.path) not in gone)
    return [(form, count, found[form]) for form, count in asked.items()]
