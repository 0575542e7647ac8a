"""Pages and texts made to harm whoever reads them."""

import gzip
import random
from functools import partial

from domain.reasons import ReasonCode as Code
from tests.matcher.hostile.cases import READ, SHORT, UNREADABLE, UNTOLD, Case
from tests.mocksite.catalogue import STORIES

STORY = (STORIES / "zh-postman.txt").read_text(encoding="utf-8")
MB = 1_000_000
ANY = SHORT | READ
LATE = frozenset({Code.READING_LATE, Code.READING_TOO_LARGE})
LITTLE = frozenset({Code.SOFTWARE_TOO_LITTLE})
NOISE = random.Random(5).randbytes(MB)


def page(body: str) -> bytes:
    return f"<!doctype html><html><head><title>t</title></head><body>{body}</body></html>".encode()


def attributes(count: int) -> bytes:
    return page(f"<p {' '.join(f'a{n}=1' for n in range(count))}>{STORY}</p>")


def entities() -> bytes:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e0 "lol">{levels}]><svg><text>&e11;</text></svg>'.encode()


def case(make: object, said: frozenset[Code], name: str = "a.html", *, media_type: str = "", charset: str = "") -> Case:
    assert callable(make)
    return Case(make=make, said=said, name=name, media_type=media_type, charset=charset)


text = partial(case, name="a.txt")
TURNED = "\u202e"

PAGES = {
    "100,000 elements inside each other": case(lambda: page("<div>" * 100_000 + STORY), READ),
    "100,000 tables inside each other": case(lambda: page("<table><tr><td>" * 100_000 + STORY), ANY),
    "100,000 wrongly nested links": case(lambda: page("<a><b>" * 100_000 + STORY), ANY | LATE),
    "100,000 attributes": case(lambda: attributes(100_000), READ | LATE),
    "a million attributes": case(lambda: attributes(1_000_000), LATE),
    "a million links": case(lambda: page("<a href=x>y</a>" * 1_000_000), ANY | LATE),
    "a million empty paragraphs": case(lambda: page("<p>" * 1_000_000 + STORY), READ | LATE),
    "a comment of 8 MB that never ends": case(lambda: page("<!--" + "c" * 8 * MB), ANY),
    "a script of scripts": case(lambda: page("<script><!--<script>" * 200_000), ANY),
    "a tag of 8 MB": case(lambda: page("<" + "t" * 8 * MB), ANY),
    "a title of 8 MB": case(lambda: b"<title>" + b"t" * 8 * MB, ANY),
    "an attribute of 8 MB": case(lambda: page(f"<p title='{'v' * 8 * MB}'>{STORY}</p>"), SHORT),
    "two million character references": case(lambda: page("&#x10FFFF;&ac;&#0;" * 700_000), ANY | LATE),
    "entities of entities": case(entities, ANY, media_type="text/html"),
    "svg of entities": case(entities, UNTOLD, "a.svg", media_type="image/svg+xml"),
    "every kind of bracket": case(lambda: page("<![CDATA[<?<!--<%" * 300_000), ANY),
    "forms in forms": case(lambda: page("<form><select><option><textarea>" * 100_000 + STORY), ANY),
    "frames and plain text": case(lambda: b"<html><frameset><plaintext>" + STORY.encode() * 50, ANY),
    "markup of zeros": case(lambda: b"<html>" + bytes(4 * MB), ANY),
    "a word of 16 MB": text(lambda: b"w" * 16 * MB, SHORT),
    "16 MB of spaces": text(lambda: b" \t\r\n" * 4 * MB, SHORT),
    "ten million lines": text(lambda: b"\n" * 10 * MB, SHORT),
    "16 MB of one character": text(lambda: "的".encode() * 5 * MB, READ),
    "a letter with a million accents": text(("e" + "\u0301" * MB).encode, SHORT),
    "text of direction marks": text(lambda: "".join(f"{TURNED}{c}\u2066" for c in STORY).encode(), READ),
    "zeros between all characters": text(lambda: "\0".join(STORY).encode(), READ),
    "noise": text(lambda: NOISE, ANY),
    "lone surrogates": text(lambda: "\ud800\udfff\udc80".encode("utf-8", "surrogatepass") * MB, ANY),
    "overlong forms": text(lambda: b"\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf\xfc\x80\x80\x80\x80\xaf" * 90_000, ANY),
    "beyond unicode": text(lambda: b"\xf4\x90\x80\x80\xf8\x88\x80\x80\x80" * 200_000, ANY),
    "half a character": text(lambda: STORY.encode()[:-1] + b"\xe4", READ),
    "utf-16 of odd length": text(lambda: b"\xff\xfe" + STORY.encode("utf-16-le") + b"\x20", READ),
    "utf-16 called utf-8": text(lambda: STORY.encode("utf-16"), READ, charset="utf-8"),
    "utf-8 called utf-16": text(STORY.encode, READ, charset="utf-16"),
    "gbk called big5": text(lambda: STORY.encode("gb18030"), READ, charset="big5"),
    "big5 called gbk": text(lambda: STORY.encode("big5hkscs", "replace"), READ, charset="gbk"),
    "gb18030 of four bytes": text(lambda: b"\x81\x30\x81\x30\xfe\x39\xfe\x39\x84\x31" * 100_000, ANY),
    "utf-7": text(lambda: STORY.encode("utf-7"), ANY, charset="utf-7"),
    "utf-7 that never ends": text(lambda: b"+" + b"AAA" * MB, ANY, charset="utf-7"),
    "iso-2022 that never ends": text(lambda: b"\x1b$B" + b"!!" * MB, ANY, charset="iso-2022-jp"),
    "hz that switches": text(lambda: b"~{" * MB, ANY, charset="hz"),
    **{
        f"called {name}": text(lambda: b"text-" * 300_000, ANY | UNREADABLE, charset=name)
        for name in ("punycode", "idna", "undefined", "unicode_escape", "raw_unicode_escape", "zlib", "rot13", "mbcs")
    },
    "charset of 40,000 letters": text(STORY.encode, READ, charset="x" * 40_000),
    "charset of zeros": text(STORY.encode, READ, charset="\0utf-8\ud800"),
    "a thousand charsets": case(lambda: b"<meta charset=hz>" * 1000 + STORY.encode(), ANY),
    "packed and not said": text(lambda: gzip.compress(bytes(100 * MB)), LITTLE),
    "cut inside a tag": case(lambda: page(f"<p>{STORY}</p><a href='")[:-20], READ),
}
