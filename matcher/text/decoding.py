"""Bytes to text, for pages and files that name their charset wrongly or not at all."""

import codecs
import re
from collections.abc import Iterator

import cchardet

# The GBK family is read as its superset GB18030: pages that declare the older ones use characters of the newer.
ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "utf8": "utf-8",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "ascii": "utf-8",
}
# Python calls these encodings of text, but no page is written in them, and some raise or take time without end.
NO_CHARSETS = frozenset(
    {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7", "mbcs", "oem"}
)
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
META_WITHIN = 2048
SAMPLE = 65_536
TOLERATED = 0.002
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,40})""", re.IGNORECASE)


def decode(data: bytes, declared: str = "") -> str:
    """The text of `data`: by byte order mark, declared charset, `<meta>`, as UTF-8, or as detected.

    The first reading that is nearly free of errors wins, else the one with the fewest. Never raises.
    """
    best, fewest = "", float("inf")
    for charset in _candidates(data, declared):
        text = data.decode(charset, errors="replace")
        errors = text.count("�")
        if errors <= TOLERATED * len(text):
            return text.removeprefix("\ufeff")
        if errors < fewest:
            best, fewest = text, errors
    return best.removeprefix("\ufeff")


def _candidates(data: bytes, declared: str) -> Iterator[str]:
    yield from (charset for mark, charset in BOMS if data.startswith(mark))
    meta = _META.search(data[:META_WITHIN])
    named = (declared, meta.group(1).decode() if meta else "")
    yield from (charset for name in named if (charset := _known(name)))
    yield "utf-8"
    detected = cchardet.detect(data[:SAMPLE]).get("encoding")
    if charset := _known(detected or ""):
        yield charset
    yield "gb18030"


def _known(name: str) -> str:
    """Python's name for a charset of text; empty if there is none."""
    wanted = name.strip().strip("\"'").lower()
    try:
        info = codecs.lookup(ALIASES.get(wanted, wanted))
    except (LookupError, ValueError):
        return ""
    # Codecs such as base64 and zip are no charsets.
    return info.name if info._is_text_encoding and info.name not in NO_CHARSETS else ""
