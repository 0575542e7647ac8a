"""The ways in which links are written so that programs pass over them, undone within bounds."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import unquote

# Full-width forms of ASCII, one for one; the ideographic full stop stands for a dot inside a link.
NARROW = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20, 0x3002: 0x2E}
INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff]")
DOT = re.compile(
    r"(?<=[a-z0-9])\s{0,2}[(\[【（]?\s{0,2}(?:点|點|dot)\s{0,2}[)\]】）]?\s{0,2}(?=[a-z0-9])", re.IGNORECASE
)
WORDS_OF_CODES = re.compile(
    r"提\W{0,3}取|[访訪]\W{0,3}[问問]|解[压壓]|密\W{0,3}[码碼]|口令|链接|鏈接|(?<![a-z0-9])(?:tqm|pwd|password|passcode|code)\s*[=:：]",
    re.IGNORECASE,
)
NOT_ASCII = re.compile(r"[^!-~]+")
WORTH = re.compile(r"baidu|quark|aliyun|alipan|xunlei|115|anxia|123|189|139|lanzo|uc\.cn|magnet|btih", re.IGNORECASE)
ESCAPED = re.compile(r"\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|%u([0-9a-f]{4})", re.IGNORECASE)
# What begins as "http" or "magnet:" does so after anything; any other token stands alone.
BASE64 = re.compile(
    r"(?:aHR0c|bWFnbmV0Oj)[A-Za-z0-9+/_-]{12,4000}={0,2}"
    r"|(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{20,4000}={0,2}(?![A-Za-z0-9+/=_-])"
)
PERCENT = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
MOST_LINES = 5_000
LONGEST_LINE = 1_000
MOST_TOKENS = 300
LINK_IN = re.compile(r"://|magnet:|\.(?:com|cn)/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """Text found behind a disguise, and where that stands in the text around it."""

    text: str
    start: int
    end: int


def narrowed(text: str) -> str:
    """`text` of the same length, with full-width letters, digits and signs as ASCII."""
    return text.translate(NARROW)


def joined_lines(text: str) -> Iterator[Piece]:
    """Lines without what is no ASCII, where that may join a link: split by spaces, Chinese characters, pictures.

    A line ends also where it goes on to speak of the code, so that the code is not taken for more of the link.
    """
    start = 0
    for number, line in enumerate(text.split("\n")):
        if number == MOST_LINES:
            return
        if len(line) <= LONGEST_LINE and WORTH.search(NOT_ASCII.sub("", line)):
            yield from _joined(line, start)
        start += len(line) + 1


def _joined(line: str, start: int) -> Iterator[Piece]:
    cut = [0, *(match.start() for match in WORDS_OF_CODES.finditer(line)), len(line)]
    for begin, end in pairwise(cut):
        part = DOT.sub(".", line[begin:end])
        joined = NOT_ASCII.sub("", part)
        if joined != line[begin:end] and WORTH.search(joined):
            yield Piece(joined, start + begin, start + end)


def unescaped(text: str) -> str:
    r"""Script text with `\/`, `\uXXXX`, `\xXX` and `%uXXXX` as the characters they stand for."""
    return ESCAPED.sub(_character, text.replace("\\/", "/")) if "\\" in text or "%u" in text.lower() else text


def decoded_tokens(text: str) -> Iterator[Piece]:
    """What base64 and percent-encoded tokens in `text` stand for, where that holds a link; twice encoded included."""
    for number, match in enumerate(BASE64.finditer(text)):
        if number == MOST_TOKENS:
            return
        inner = from_base64(match[0])
        if inner and not LINK_IN.search(inner):
            inner = from_base64(inner) or (unquote(inner) if PERCENT.search(inner) else "")
        if inner and LINK_IN.search(inner):
            yield Piece(unquoted(inner), match.start(), match.end())


def unquoted(text: str) -> str:
    """`text` with percent codes undone, at most twice."""
    for _ in range(2):
        if not PERCENT.search(text):
            break
        text = unquote(text)
    return text


def from_base64(token: str) -> str:
    """What a base64 token, of either alphabet, stands for when that is printable text; else empty."""
    token = token.strip().rstrip("=")
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_" if re.search("[-_]", token) else None)
        text = data.decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
    return text if text and text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable() else ""


def _character(match: re.Match[str]) -> str:
    return chr(int(next(filter(None, match.groups())), 16))
