"""Whole pages for the evaluation of text: a chapter as a pirate's site shows it, and pages that only quote books.

Everything is drawn from the corpus or written for these tests; `chance` decides what comes where.
"""

import html
import random
import re
from collections.abc import Iterator, Sequence

from tests.evaluation.text_corpus import Book, TextCorpus
from tests.mocksite.alterations import FOOTER, NAVIGATION
from tests.mocksite.talk import TALK
from tests.real_site.prose import RECOMMENDED, REVIEW

CHAPTER = (1500, 6000)
MOST_COMMENTS, BLURBS = 40, (4, 10)
BLURB = (40, 120)
ANTHOLOGY = 10
"""Works of which an anthology holds a passage each."""


def chapter(book: Book, chance: random.Random) -> str:
    """A run of lines from a book, of the length of a chapter."""
    length = min(chance.randint(*CHAPTER), len(book.text) - 1)
    at = chance.randrange(len(book.text) - length)
    return book.text[at : at + length]


def site_page(text: str, corpus: TextCorpus, chance: random.Random) -> bytes:
    """A page of a novel site: navigation, a ranking, the chapter, blurbs of other books, and what readers say.

    Half of the blurbs, and every fifth comment, stand word for word in a registered book.
    """
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n") if line.strip())
    ranking = "".join(f'<li><a href="/">{chance.choice(RECOMMENDED)}</a></li>' for _ in range(12))
    blurbs = "".join(f"<li>{html.escape(_blurb(n, corpus, chance))}</li>" for n in range(chance.randint(*BLURBS)))
    comments = "".join(
        f"<div class='comment'><b>书友{n}</b><p>{html.escape(_comment(n, corpus, chance))}</p></div>"
        for n in range(chance.randint(0, MOST_COMMENTS))
    )
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{chance.choice(RECOMMENDED)}</title></head><body>'
        f"{NAVIGATION}<aside class='sidebar'><ul>{ranking}</ul></aside><article>{lines}</article>"
        f"<aside class='related'><ul>{blurbs}</ul></aside>"
        f"<section class='comments'>{comments}</section>{FOOTER}</body></html>"
    ).encode()


def anthologies(corpus: TextCorpus, passage: int, chance: random.Random) -> Iterator[str]:
    """Passages of several registered books one after another, none of them most of the page."""
    while True:
        books = chance.sample(corpus.registered, min(ANTHOLOGY, len(corpus.registered)))
        count = max(3, ANTHOLOGY // len(books))
        yield "\n".join(_passage(book, passage, chance) for _ in range(count) for book in books)


def list_pages(corpus: TextCorpus, passage: int, chance: random.Random) -> Iterator[str]:
    """A line or two of many books, registered and not, as lists of sayings and encyclopaedias have them."""
    books = [*corpus.registered, *corpus.unregistered]
    while True:
        yield "\n".join(_passage(chance.choice(books), passage, chance) for _ in range(16))


def reviews(corpus: TextCorpus, own: int, chance: random.Random) -> Iterator[str]:
    """Prose of an unregistered book with one to five sentences of a registered one, as one quotes."""
    quotable = {book.name: sentences(book.text) for book in corpus.registered}
    books = [book for book in corpus.registered if len(quotable[book.name]) > 50]
    while True:
        pieces = [_passage(chance.choice(corpus.unregistered), own, chance) for _ in range(4)]
        for quoted in chance.sample(quotable[chance.choice(books).name], chance.randint(1, 5)):
            pieces.insert(chance.randrange(len(pieces) + 1), f"“{quoted}”")
        yield "".join(pieces)


def sentences(text: str) -> Sequence[str]:
    """The sentences of a text that are of a length one would quote."""
    found = re.findall(r"[^。!?！？.\n“”]{12,160}[。!?！？.]", text)
    return [sentence.strip() for sentence in found if len(sentence) <= (60 if "。" in text else 160)]


def _passage(book: Book, length: int, chance: random.Random) -> str:
    at = chance.randrange(max(1, len(book.text) - length))
    return book.text[at : at + length].replace("\n", " ")


def _blurb(n: int, corpus: TextCorpus, chance: random.Random) -> str:
    if n % 2:
        return "".join(chance.sample(REVIEW, 2))
    return _passage(chance.choice(corpus.registered), chance.randint(*BLURB), chance)


def _comment(n: int, corpus: TextCorpus, chance: random.Random) -> str:
    if n % 5 == 4:
        return _passage(chance.choice(corpus.registered), chance.randint(15, 40), chance)
    return chance.choice(TALK)
