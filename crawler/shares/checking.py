"""What every checker of shares is, and what it makes of answers that are not its netdisk's own.

A time-out, a limit of rate or an answer that cannot be parsed says nothing about a share. Only what a netdisk itself
says of it counts, by codes and messages that are known; everything else is *blocked* or *unknown*.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Protocol

from crawler.outcomes import WALL_HEADERS, Answer
from crawler.pages import HtmlPage
from crawler.walls.judge import of_page
from domain.captures import FetchOutcome
from domain.liveness import ShareState
from domain.reasons import Reason, ReasonCode

MAX_BYTES = 1_000_000
LONGEST_QUOTE = 80
REASONS = {state: ReasonCode(f"share_{state}") for state in ShareState}
WALLED = frozenset({FetchOutcome.BLOCKED, FetchOutcome.GEO_BLOCKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRequest:
    """How a share is asked for. It carries no account and no token: what wants one says *blocked*."""

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareAnswer:
    """What came back; `body` without its content coding."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareJudgement:
    """What an answer says of a share."""

    state: ShareState
    reason: Reason


@dataclass(frozen=True, slots=True)
class Said:
    """A state, and the netdisk's words for it."""

    state: ShareState
    words: object = ""


class ShareChecker(Protocol):
    """One netdisk. Both methods are pure and may be called any number of times."""

    provider: str
    """As in `Lead.provider`."""
    names: tuple[str, str]
    """Of the netdisk, in Chinese and English."""

    def request(self, target: str, code: str) -> ShareRequest:
        """How to ask for the share at `target`, in the spelling of leads, with its code if there is one.

        Raises `ValueError` when `target` is no share of this netdisk.
        """
        ...

    def state(self, answer: ShareAnswer, code: str) -> Said:
        """What an answer of the netdisk itself says. It is asked only about answers that are no wall."""
        ...


def judge(checker: ShareChecker, answer: ShareAnswer, code: str) -> ShareJudgement:
    """What `answer` says of the share that was asked for with `code`. Never raises for a bad answer."""
    said = _refused(answer) or checker.state(answer, code)
    words = " ".join(str(said.words or "").split())[:LONGEST_QUOTE] or f"HTTP {answer.status}"
    chinese, english = checker.names
    reason = Reason.of(REASONS[said.state], netdisk_zh=chinese, netdisk_en=english, said=words)
    return ShareJudgement(state=said.state, reason=reason)


def _refused(answer: ShareAnswer) -> Said | None:
    if answer.status in {401, 403, 405, 412, 418, 429, 451, 503}:
        return Said(ShareState.BLOCKED)
    if answer.status >= 500 or len(answer.body) > MAX_BYTES or not answer.body.strip():
        return Said(ShareState.UNKNOWN)
    if object_in(answer) is None:
        headers = {name.lower(): value for name, value in answer.headers}
        head = Answer(headers=tuple((name, headers[name]) for name in WALL_HEADERS if name in headers))
        judged = of_page(HtmlPage("http://localhost/", text_in(answer)), head).judgement
        if judged.outcome in WALLED:
            return Said(ShareState.BLOCKED, judged.reason)
    return None


def object_in(answer: ShareAnswer) -> dict[str, Any] | None:
    """The JSON object that an answer is; None when it is none."""
    try:
        value = json.loads(answer.body[:MAX_BYTES])
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def text_in(answer: ShareAnswer) -> str:
    """The body as text."""
    return answer.body[:MAX_BYTES].decode("utf-8", errors="replace")


def inner(value: dict[str, Any], *names: str) -> dict[str, Any]:
    """The object at a path of names; empty when there is none."""
    for name in names:
        found = value.get(name)
        value = found if isinstance(found, dict) else {}
    return value


_THING = r"(分享|链接|連結|外链|文件|资源|内容|地址)"
MESSAGES: tuple[tuple[ShareState, re.Pattern[str]], ...] = (
    (
        ShareState.BLOCKED,
        re.compile(
            r"频繁|频率|稍后|繁忙|验证码|安全验证|人机|请(先)?登录|未登录|captcha|too many|rate limit|flow control",
            re.I,
        ),
    ),
    (ShareState.WRONG_CODE, re.compile(r"(提取码|访问码|密码|口令)(输入)?(错误|不正确|有误|不对|不匹配)", re.I)),
    (
        ShareState.NEEDS_CODE,
        re.compile(
            r"(需要|请输入|请填写|缺少|未输入)(分享)?(提取码|访问码|密码|口令)|(提取码|访问码)(不能)?为空", re.I
        ),
    ),
    (ShareState.EXPIRED, re.compile(r"过期|到期|超过有效期|失效|\bexpired\b", re.I)),
    (
        ShareState.REMOVED,
        re.compile(
            rf"{_THING}.{{0,8}}(不存在|(已|被).{{0,4}}(取消|删除|关闭|封禁|和谐))|(已|被)?取消了?(该|此)?{_THING}"
            r"|违规|违反|侵权|审核(不|未)通过",
            re.I,
        ),
    ),
)
"""What netdisks say in words, the harmless readings first."""


def by_message(message: object) -> Said:
    """What a netdisk's own words say; *unknown* for words that are not known."""
    words = str(message or "")
    state = next((state for state, pattern in MESSAGES if pattern.search(words)), ShareState.UNKNOWN)
    return Said(state, words)


def id_in(target: str, pattern: str) -> str:
    """The share's id in a target. Raises `ValueError` when there is none."""
    found = re.search(pattern, target)
    if found is None:
        msg = f"no share of this netdisk: {target[:200]}"
        raise ValueError(msg)
    return found[1]
