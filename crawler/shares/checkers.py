"""The checkers there are, by the name that leads give a netdisk."""

import json
from collections.abc import Mapping

from crawler.shares.checking import ShareAnswer, ShareChecker, judge
from crawler.shares.netdisks import Aliyun, Cmcc, Pan115, Pan123, Quark, Tianyi, Xunlei
from crawler.shares.pages import Baidu, Lanzou
from matcher.confinement.frames import Head

TASK = "share"
CHECKERS: Mapping[str, ShareChecker] = {
    checker.provider: checker
    for checker in (
        Baidu(),
        Quark("quark", ("夸克网盘", "Quark"), "https://drive-h.quark.cn", "https://pan.quark.cn", "ucpro"),
        Quark("uc", ("UC网盘", "UC Drive"), "https://pc-api.uc.cn", "https://drive.uc.cn", "UCBrowser"),
        Aliyun(),
        Xunlei(),
        Pan115(),
        Pan123(),
        Tianyi(),
        Cmcc(),
        Lanzou(),
    )
}


def share_task(request: Head, data: bytes) -> tuple[Head, bytes]:
    """`judge` in a reading process: answers are what strangers made."""
    headers = tuple((name, value) for name, value in request["headers"])
    answer = ShareAnswer(status=request["status"], headers=headers, body=data)
    judged = judge(CHECKERS[request["provider"]], answer, request["code"])
    told = {"state": judged.state, "reason": judged.reason.code, "values": dict(judged.reason.values)}
    return {}, json.dumps(told).encode()
