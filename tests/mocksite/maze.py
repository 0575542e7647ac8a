"""Pages that misbehave, each linked from the maze's door, and the outcomes that may be recorded for them.

Those that take time or change from visit to visit are in `traps`.
"""

import gzip
from collections.abc import Iterator, Mapping

from domain.captures import FetchOutcome as Outcome
from tests.mocksite.alterations import Page, page
from tests.mocksite.pictures import blank_png

BOMB = gzip.compress(bytes(200_000_000), compresslevel=9)
LARGE = 10_000
"""Width and height of a picture of a hundred megapixels."""


def _moved(target: str) -> Page:
    return Page(b"", status=302, headers=(("Location", target),))


def _endless() -> Iterator[bytes]:
    while True:
        yield b"<p>and so on</p>" * 4_096


MAZE: Mapping[str, tuple[Page, frozenset[Outcome]]] = {
    "/to-metadata": (_moved("http://169.254.169.254/latest/meta-data/"), frozenset({Outcome.REFUSED})),
    "/to-private": (_moved("http://10.0.0.1/"), frozenset({Outcome.REFUSED})),
    "/to-file": (_moved("file:///etc/passwd"), frozenset({Outcome.REFUSED})),
    # The campaign lets loopback pass, or there would be no site; but under its own names only.
    "/to-loopback": (_moved("http://127.0.0.1/"), frozenset({Outcome.REFUSED})),
    "/to-localhost": (_moved("http://localhost/"), frozenset({Outcome.REFUSED})),
    "/loop": (_moved("/loop"), frozenset({Outcome.REDIRECT_LOOP})),
    "/gone": (Page(b"gone", status=410), frozenset({Outcome.REMOVED})),
    "/missing": (Page(b"missing", status=404), frozenset({Outcome.REMOVED})),
    "/vanished": (page("页面不存在", "<p>抱歉,您访问的页面不存在或已被删除</p>"), frozenset({Outcome.SOFT_404})),
    "/forbidden": (Page(b"forbidden", status=403), frozenset({Outcome.BLOCKED})),
    "/limited": (Page(b"later", status=429, headers=(("Retry-After", "600"),)), frozenset({Outcome.RATE_LIMITED})),
    "/check": (
        page("安全验证", '<p>请完成安全验证后继续访问</p><div class="captcha">请输入验证码</div>'),
        frozenset({Outcome.BLOCKED}),
    ),
    "/bomb": (
        Page(BOMB, headers=(("Content-Encoding", "gzip"),)),
        frozenset({Outcome.TOO_LARGE, Outcome.BROKEN}),
    ),
    "/endless": (Page(b"<html><body>", tail=_endless), frozenset({Outcome.TOO_LARGE})),
    "/short": (Page(b"<html><body><p>half", announced=50_000), frozenset({Outcome.CONTENT, Outcome.BROKEN})),
    "/large.png": (Page(blank_png(LARGE, LARGE), "image/png"), frozenset({Outcome.CONTENT})),
    "/deep": (
        Page(b"<html><body>" + b"<div>" * 100_000 + b"deep"),
        # Deeper than parsers go there is nothing to read, which is a gap and no content.
        frozenset({Outcome.UNKNOWN, Outcome.BROKEN}),
    ),
    "/empty": (Page(b""), frozenset({Outcome.CONTENT, Outcome.BROKEN, Outcome.ERROR})),
    "/binary": (Page(bytes(range(256)) * 400), frozenset({Outcome.CONTENT, Outcome.UNSUPPORTED})),
}
