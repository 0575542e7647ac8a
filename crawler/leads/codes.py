"""Extraction codes of netdisk shares: in the link, or in the words beside it."""

import re

_GAP = r"[^\w\n]{0,3}"
_WORD = (
    rf"(?:提{_GAP}[取示]{_GAP}[码碼馬马吗]|提{_GAP}取{_GAP}密{_GAP}[码碼]|[访訪]{_GAP}[问問]{_GAP}(?:密{_GAP})?[码碼马]"
    rf"|分享[码碼]|验证[码碼]|(?<!\w)码(?=[:： ])|密{_GAP}[码碼马]|口令"
    r"|(?<![a-z])(?:tqm|pwd|password|passcode|code)(?![a-z]))"
)
# The password of an archive opens what was fetched, not the share.
_NOT = r"(?<!解压)(?<!解壓)(?<!解压缩)(?<!压缩包)(?<!文件)(?<!播放)(?<!登录)"
CODE = re.compile(
    rf"{_NOT}{_WORD}(?:为|是|為)?[^\w\n]{{0,8}}"
    r"(?:(?P<whole>[A-Za-z0-9]{2,8})(?![A-Za-z0-9])(?!\W{1,3}[A-Za-z0-9](?![A-Za-z0-9]))"
    r"|(?P<spaced>[A-Za-z0-9](?:[^\w\n，。；]{1,3}[A-Za-z0-9](?![A-Za-z0-9])){3,7}))",
    re.IGNORECASE,
)
LATEST_START = 6
IN_TAIL = re.compile(
    r"[?&#](?:pwd|password|passcode|pass|accesscode|access_code|code|提取码|访问码|密码)[=:：]([A-Za-z0-9]{2,8})(?![A-Za-z0-9])"
    r"|#([A-Za-z0-9]{4})$",
    re.IGNORECASE,
)


def code_in_tail(tail: str) -> str:
    """The code in what follows the id inside a link; empty if there is none."""
    found = IN_TAIL.search(tail)
    return next(filter(None, found.groups()), "") if found else ""


def code_near(before: str, after: str) -> str:
    """The code that the words around a link give; empty if none do.

    Those after it on its line come first, then a next line that begins with such words, then those before it on its
    line: what stands elsewhere belongs to another link.
    """
    same, *following = after.split("\n")
    found = CODE.search(same)
    if found is None:
        below = next(filter(str.strip, following), "")
        found = CODE.search(below.lstrip())
        if found is not None and found.start() > LATEST_START:
            found = None
    if found is None:
        found = next(reversed(list(CODE.finditer(before.rpartition("\n")[2]))), None)
    if found is None:
        return ""
    return found["whole"] or re.sub(r"\W", "", found["spaced"])
