"""What a fetch came to. Conservative on purpose: *blocked* is never *removed*, and doubt is never *removed*.

A page with much text is content whatever else stands on it (a login box, a captcha for comments): taking content for
a refusal would lose a finding, while matching a refusal finds nothing.
"""

import re
from dataclasses import dataclass

from crawler.pages import HtmlPage
from domain.captures import FetchOutcome

# Visible characters up to which a page may be nothing but a refusal.
SHORT = 600
CAPTCHA = re.compile(
    r"captcha|recaptcha|hcaptcha|turnstile|cf-challenge|verify (that )?you are (a )?human|are you a robot"
    r"|unusual traffic"
    r"|checking your browser|验证码|人机验证|安全验证|滑动验证|请完成验证|访问过于频繁|异常流量",
    re.IGNORECASE,
)
BOT_WALL = re.compile(
    r"access denied|request blocked|forbidden|enable javascript and cookies|attention required|ddos protection"
    r"|拒绝访问|访问被拒绝|禁止访问|请求被拦截|请开启\s*javascript",
    re.IGNORECASE,
)
LOGIN = re.compile(r"log ?in|sign ?in|登录|登入|登陆|请先注册", re.IGNORECASE)
GONE = re.compile(
    r"\b404\b|not found|no longer (exists|available)|does(n't| not) exist|has been (removed|deleted)"
    r"|页面不存在|页面未找到|找不到(该|您|页面)|未找到(该|您|页面)|无法找到|内容不存在|已被?删除|已下架|該頁面不存在|頁面不存在",
    re.IGNORECASE,
)
RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml"})
UNKNOWN_TYPES = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/x-unknown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How a fetch ended, and in what words."""

    outcome: FetchOutcome
    reason: str = ""


def of_status(status: int) -> Judgement | None:
    """What a status alone says; None when the body must be looked at."""
    if status in {404, 410}:
        return Judgement(outcome=FetchOutcome.REMOVED, reason=f"HTTP {status}")
    if status == 401:
        return Judgement(outcome=FetchOutcome.LOGIN, reason="HTTP 401")
    if status in {402, 403, 405, 406, 407, 418, 423, 451}:
        return Judgement(outcome=FetchOutcome.BLOCKED, reason=f"HTTP {status}")
    if status == 429:
        return Judgement(outcome=FetchOutcome.RATE_LIMITED, reason="HTTP 429")
    if not 200 <= status < 300:
        return Judgement(outcome=FetchOutcome.ERROR, reason=f"HTTP {status}")
    return None


def of_page(page: HtmlPage) -> Judgement:
    """What an HTML page answered with success turns out to be."""
    if len(page.visible_text) > SHORT:
        return Judgement(outcome=FetchOutcome.CONTENT)
    text = page.own_words
    words = f"{page.title} {page.headings} {text}"
    if CAPTCHA.search(words):
        return Judgement(outcome=FetchOutcome.BLOCKED, reason="a captcha page")
    if page.asks_for_password and LOGIN.search(words):
        return Judgement(outcome=FetchOutcome.LOGIN, reason="a login page")
    if GONE.search(f"{page.title} {page.headings}") or GONE.search(text[:200]):
        return Judgement(outcome=FetchOutcome.SOFT_404, reason="says that the page does not exist")
    if BOT_WALL.search(f"{page.title} {page.headings}"):
        return Judgement(outcome=FetchOutcome.BLOCKED, reason="a page that turns robots away")
    return Judgement(outcome=FetchOutcome.CONTENT)


def is_binary(body: bytes) -> bool:
    """Whether bytes cannot be a page in any charset we read: NUL where text has none (UTF-16 has a byte order mark)."""
    return b"\x00" in body[:4096] and not body.startswith((b"\xff\xfe", b"\xfe\xff"))


def is_image(body: bytes) -> bool:
    """Whether bytes begin as one of the picture formats of the web."""
    heads = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"BM", b"II*\x00", b"MM\x00*")
    return body.startswith(heads) or body[8:12] == b"WEBP" or body[4:12] in {b"ftypavif", b"ftypavis", b"ftypheic"}
