"""Texts of the site: chapters of registered books, altered; and texts that are nobody's copy.

All lengths and alterations were fixed before the first sweep.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.evaluation.text_corpus import Book, SharedRuns, TextCorpus
from tests.mocksite.alterations import Page, page, paragraphs
from tests.mocksite.talk import thread
from tests.real_site.prose import entry, review, sentences
from tests.real_site.shells import SHELLS
from tests.support.text_alterations import ALTERATIONS

SINGLE_EACH, SPLIT = 10, 25
"""Pages for each alteration, and chapters that are cut in two pages."""
SHORTEST, LONGEST = 800, 5000
"""Characters of a chapter."""
SAME_AUTHOR, OTHER_AUTHORS, REVIEWS, ENTRIES, THREADS = 120, 100, 80, 60, 40
SHARED_FROM = 0.3
"""A page of which this share stands word for word in one registered book holds a registered text: no innocent."""
AUTHORS = {
    "冯梦龙": "喻世明言 警世通言 醒世恒言 古今谭概",
    "凌濛初": "初刻拍案惊奇 二刻拍案惊奇",
    "袁枚": "新齐谐 随园诗话 随园食单",
    "张岱": "陶庵梦忆 西湖梦寻 夜航船",
    "计六奇": "明季北略 明季南略",
    "姚思廉": "梁书 陈书",
    "李延寿": "北史 南史",
    "脱脱": "宋史 辽史 金史",
    "陆游": "入蜀记 南唐书",
    "刘向": "列女传 说苑",
    "余象斗": "南游记 北游记",
    "洪迈": "夷坚志 容斋随笔",
    "刘义庆": "世说新语 幽明录",
}
"""Authors of several of the classics; every other classic counts as its own author's only one."""
OWNERS = {title: author for author, titles in AUTHORS.items() for title in titles.split()}


@dataclass(frozen=True)
class Copied:
    """One page of a pirate: what it shows, and how that was altered."""

    page: Page
    work_id: str
    form: str


def work_id(book: Book) -> str:
    return book.name.rpartition("/")[2]


def owner(book: Book) -> str:
    return OWNERS.get(work_id(book), book.owner)


def copies(corpus: TextCorpus) -> Iterator[Copied]:
    """The 200 copies: registered books, alterations and shells each taken in turn."""
    books = [book for book in corpus.registered if len(book.text) > 3 * LONGEST]
    random.Random(11).shuffle(books)
    names = list(ALTERATIONS)
    for n in range(SINGLE_EACH * len(names)):
        form, chance = names[n % len(names)], random.Random(n)
        book = books[n % len(books)]
        text = ALTERATIONS[form](_chapter(book, chance.randint(SHORTEST, LONGEST), chance), chance)
        yield Copied(_dressed(work_id(book), text, n, chance), work_id(book), f"text {form}")
    for n in range(SPLIT):
        form, chance = names[n % len(names)], random.Random(1000 + n)
        book = books[-1 - n]
        text = ALTERATIONS[form](_chapter(book, chance.randint(2 * SHORTEST, LONGEST), chance), chance)
        for part in (text[: len(text) // 2], text[len(text) // 2 :]):
            yield Copied(_dressed(f"{work_id(book)} 分页", part, n, chance), work_id(book), "text in two pages")


def innocents(corpus: TextCorpus) -> tuple[list[Page], int]:
    """The 400 innocent pages, and how many chapters were put back because they hold a registered text."""
    registered_owners = {owner(book) for book in corpus.registered}
    same = [book for book in corpus.unregistered if owner(book) in registered_owners]
    rest = [book for book in corpus.unregistered if owner(book) not in registered_owners]
    shared = SharedRuns(corpus.registered)
    kept, returned = [], 0
    for books, wanted, seed in ((same, SAME_AUTHOR, 31), (rest, OTHER_AUTHORS, 32)):
        pages, put_back = _other_chapters(books, wanted, shared, random.Random(seed))
        kept += pages
        returned += put_back
    return kept + list(_about(corpus.registered, random.Random(33))), returned


def _other_chapters(
    books: Sequence[Book], wanted: int, shared: SharedRuns, chance: random.Random
) -> tuple[list[Page], int]:
    pages: list[Page] = []
    tried = 0
    while len(pages) < wanted:
        book = books[tried % len(books)]
        tried += 1
        text = _chapter(book, chance.randint(SHORTEST, LONGEST), chance)
        if shared.largest_share(text) < SHARED_FROM:
            pages.append(_dressed(work_id(book), text, len(pages), chance))
    return pages, tried - wanted


def _about(books: Sequence[Book], chance: random.Random) -> Iterator[Page]:
    """Reviews that quote two sentences, entries and talk, all about registered books."""
    for n in range(REVIEWS):
        book = books[n % len(books)]
        quoted = chance.sample(sentences(book.text), 2)
        yield page(f"书评 {work_id(book)}", paragraphs(review(work_id(book), quoted, chance)))
    for n in range(ENTRIES):
        book = books[-1 - n % len(books)]
        yield page(work_id(book), paragraphs(entry(work_id(book), owner(book), len(book.text), chance)))
    for n in range(THREADS):
        book = books[(7 * n) % len(books)]
        yield page(f"讨论 {work_id(book)}", paragraphs(thread(work_id(book), chance)))


def _chapter(book: Book, length: int, chance: random.Random) -> str:
    at = chance.randrange(max(1, len(book.text) - length))
    return book.text[at : at + length].strip()


def _dressed(title: str, text: str, n: int, chance: random.Random) -> Page:
    shell = list(SHELLS.values())[n % len(SHELLS)]
    return shell(f"{title} {n}", text, chance)
