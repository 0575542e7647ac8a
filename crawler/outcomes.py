"""What a fetch came to. Conservative on purpose: *blocked* is never *removed*, and doubt is never *removed*."""

import re
from dataclasses import dataclass

from ada_url import URL

from domain.captures import FetchOutcome

RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml"})
# Front doors of a site, and addresses of single pages: with a number, a query or a page in a folder.
HOME = re.compile(r"/((index|default|home)\.(html?|php|aspx?|jsp))?")
DEEP = re.compile(r"\d|\?|/[^/]+/[^/]+")
UNKNOWN_TYPES = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/x-unknown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How a fetch ended, and in what words."""

    outcome: FetchOutcome
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came before a body: the status, and the headers by which walls are known, names in lower case."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


SUCCESS = Answer()
# The headers by which the makers of walls tell of them; no other is looked at.
WALL_HEADERS = ("cf-mitigated", "x-amzn-waf-action", "x-datadome", "x-sucuri-block")


def of_answer(answer: Answer) -> Judgement | None:
    """What a status alone says; None for success."""
    status = answer.status
    if status in {404, 410}:
        return Judgement(outcome=FetchOutcome.REMOVED, reason=f"HTTP {status}")
    if status in {401, 402}:
        return Judgement(outcome=FetchOutcome.LOGIN, reason=f"HTTP {status}")
    if status in {403, 405, 406, 407, 412, 418, 423, 444, 451, 493}:
        return Judgement(outcome=FetchOutcome.BLOCKED, reason=f"HTTP {status}")
    if status == 429:
        return Judgement(outcome=FetchOutcome.RATE_LIMITED, reason="HTTP 429")
    if not 200 <= status < 300:
        return Judgement(outcome=FetchOutcome.ERROR, reason=f"HTTP {status}")
    return None


def of_move(source: str, target: str) -> Judgement:
    """What a redirect says. A page sent to its site's front door is gone, or as good as gone."""
    here, there = URL(source), URL(target)
    front = HOME.fullmatch(there.pathname) is not None and not there.search
    same_site = _bare(here.hostname) == _bare(there.hostname)
    if front and same_site and DEEP.search(here.pathname + here.search):
        return Judgement(outcome=FetchOutcome.SOFT_404, reason=f"sends to the front page {target}"[:2000])
    return Judgement(outcome=FetchOutcome.MOVED, reason=target[:2000])


def _bare(host: str) -> str:
    return re.sub(r"^(www|m|wap)\.", "", host)


def is_binary(body: bytes) -> bool:
    """Whether bytes cannot be a page in any charset we read: NUL where text has none (UTF-16 has a byte order mark)."""
    return b"\x00" in body[:4096] and not body.startswith((b"\xff\xfe", b"\xfe\xff"))


def is_image(body: bytes) -> bool:
    """Whether bytes begin as one of the picture formats of the web."""
    heads = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"BM", b"II*\x00", b"MM\x00*")
    return body.startswith(heads) or body[8:12] == b"WEBP" or body[4:12] in {b"ftypavif", b"ftypavis", b"ftypheic"}
