"""Pages that misbehave, each linked from the maze's door, and the outcomes that may be recorded for them."""

import gzip
from collections.abc import Mapping

from domain.captures import FetchOutcome as Outcome
from tests.mocksite.alterations import Page, page

BOMB = gzip.compress(bytes(200_000_000), compresslevel=9)


def _moved(target: str) -> Page:
    return Page(b"", status=302, headers=(("Location", target),))


MAZE: Mapping[str, tuple[Page, frozenset[Outcome]]] = {
    "/to-metadata": (_moved("http://169.254.169.254/latest/meta-data/"), frozenset({Outcome.REFUSED})),
    "/to-private": (_moved("http://10.0.0.1/"), frozenset({Outcome.REFUSED})),
    "/to-file": (_moved("file:///etc/passwd"), frozenset({Outcome.REFUSED})),
    "/loop": (_moved("/loop"), frozenset({Outcome.REDIRECT_LOOP})),
    "/gone": (Page(b"gone", status=410), frozenset({Outcome.REMOVED})),
    "/missing": (Page(b"missing", status=404), frozenset({Outcome.REMOVED})),
    "/vanished": (page("页面不存在", "<p>抱歉,您访问的页面不存在或已被删除</p>"), frozenset({Outcome.SOFT_404})),
    "/forbidden": (Page(b"forbidden", status=403), frozenset({Outcome.BLOCKED})),
    "/check": (
        page("安全验证", '<p>请完成安全验证后继续访问</p><div class="captcha">请输入验证码</div>'),
        frozenset({Outcome.BLOCKED}),
    ),
    "/bomb": (
        Page(BOMB, headers=(("Content-Encoding", "gzip"),)),
        frozenset({Outcome.TOO_LARGE, Outcome.BROKEN}),
    ),
    "/deep": (
        Page(b"<html><body>" + b"<div>" * 100_000 + b"deep"),
        frozenset({Outcome.CONTENT, Outcome.BROKEN}),
    ),
    "/empty": (Page(b""), frozenset({Outcome.CONTENT, Outcome.BROKEN, Outcome.ERROR})),
    "/binary": (Page(bytes(range(256)) * 400), frozenset({Outcome.CONTENT, Outcome.UNSUPPORTED})),
}
