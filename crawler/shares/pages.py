"""The netdisks that are asked for the page a person would open."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from crawler.shares.checking import Said, ShareAnswer, ShareRequest, by_message, id_in, object_in, text_in
from domain.liveness import ShareState as S


def _first(text: str, states: tuple[tuple[S, re.Pattern[str]], ...]) -> Said:
    for state, pattern in states:
        if found := pattern.search(text):
            return Said(state, found[0])
    return Said(S.UNKNOWN)


class Baidu:
    """Baidu. It answers with a list of files in JSON, or with its page when it likes to."""

    provider = "baidu"
    names = ("百度网盘", "Baidu Netdisk")
    # −9 is said both of a missing code and of a missing file, so it is held for the harmless one.
    CODES: Mapping[int, S] = {
        -7: S.REMOVED,
        -8: S.EXPIRED,
        -9: S.NEEDS_CODE,
        -12: S.WRONG_CODE,
        -19: S.BLOCKED,
        -20: S.BLOCKED,
        -21: S.REMOVED,
        -62: S.BLOCKED,
        117: S.EXPIRED,
        145: S.REMOVED,
    }
    PAGES = (
        (S.BLOCKED, re.compile(r"百度安全验证|wappass\.baidu\.com")),
        (S.EXPIRED, re.compile(r"(分享|链接)(的文件)?已经?过期")),
        (S.REMOVED, re.compile(r"分享的文件已经被(取消|删除)|链接不存在|因为涉及侵权.{0,40}无法访问")),
        (S.NEEDS_CODE, re.compile(r"请输入提取码|accessCode")),
        (S.ALIVE, re.compile(r"\"?server_filename\"?\s*:|免费高速下载")),
    )

    def request(self, target: str, code: str) -> ShareRequest:
        """Ask for the list of files; the code is no part of it."""
        if "shareid=" in target:
            return ShareRequest(url=target)
        share = id_in(target, r"pan\.baidu\.com/s/1([\w-]{5,30})")
        asked = urlencode({"web": 5, "app_id": 250528, "shorturl": share, "root": 1, "page": 1, "num": 20})
        return ShareRequest(url=f"https://pan.baidu.com/share/list?{asked}", headers=(("Referer", target),))

    def state(self, answer: ShareAnswer, code: str) -> Said:
        value = object_in(answer)
        if value is None:
            return _first(text_in(answer), self.PAGES)
        number = value.get("errno")
        if number == 0:
            return Said(S.ALIVE if value.get("list") else S.UNKNOWN, value.get("title", ""))
        if isinstance(number, int) and number in self.CODES:
            return Said(self.CODES[number], f"errno {number}")
        return by_message(value.get("show_msg") or value.get("errmsg"))


class Lanzou:
    """Lanzou, which has pages only."""

    provider = "lanzou"
    names = ("蓝奏云", "Lanzou")
    PAGES = (
        (S.EXPIRED, re.compile(r"(文件|分享)已?(经)?过期")),
        (S.REMOVED, re.compile(r"文件(已)?取消分享|文件不存在|(文件|分享)(已被?|被)删除")),
        (S.NEEDS_CODE, re.compile(r"id=[\"']?(pwd|passwddiv)\b|请输入密码|输入访问密码")),
        (
            S.ALIVE,
            re.compile(r"文件大小[:：]|class=[\"']?(n_file_info|ifr2|filethetext|d2\b)|/fn\?|id=[\"']?infomores"),
        ),
    )

    def request(self, target: str, code: str) -> ShareRequest:
        id_in(target, r"lan[a-z]{2,6}\.com/(?:tp/|s/)?([\w]{4,30})")
        return ShareRequest(url=target)

    def state(self, answer: ShareAnswer, code: str) -> Said:
        return _first(text_in(answer), self.PAGES)
