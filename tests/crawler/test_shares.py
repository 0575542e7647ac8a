"""Checkers of netdisk shares: what each makes of answers, its own and others', and what many looks say together."""

import json
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.shares.checkers import CHECKERS, share_task
from crawler.shares.checking import ShareAnswer, judge
from domain.liveness import Check, ShareState, settled
from domain.reasons import Reason, ReasonCode

ANSWERS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "shares" / "answers.toml").read_text(encoding="utf-8")
)["answer"]
TARGETS = {
    "baidu": "https://pan.baidu.com/s/1aBcDeFgHiJkLmNoPq",
    "quark": "https://pan.quark.cn/s/0123456789ab",
    "uc": "https://drive.uc.cn/s/0123456789ab4",
    "aliyun": "https://www.alipan.com/s/aBcDeFgHiJk",
    "xunlei": "https://pan.xunlei.com/s/VNabcdefghijklmnopqr",
    "115": "https://115.com/s/swabcdefg12",
    "123": "https://www.123pan.com/s/abcd-EFGh1",
    "tianyi": "https://cloud.189.cn/t/aBcDeFgHiJkL",
    "cmcc": "https://yun.139.com/shareweb/#/w/i/0a1B2c3D4e5F6",
    "lanzou": "https://www.lanzou.com/iABCd0123xyz",
}
GONE = {ShareState.REMOVED, ShareState.EXPIRED}
FOREIGN = {
    "a limit of rate": ShareAnswer(status=429, body=b'{"code":429}'),
    "forbidden": ShareAnswer(status=403, body=b"<h1>403</h1>"),
    "unavailable": ShareAnswer(status=503, body=b"<h1>503</h1>"),
    "a broken server": ShareAnswer(status=502, body=b"<h1>502 Bad Gateway</h1>"),
    "nothing": ShareAnswer(status=200, body=b""),
    "spaces": ShareAnswer(status=200, body=b"  \n"),
    "half an object": ShareAnswer(status=200, body=b'{"code":0,"data":{"sto'),
    "a list": ShareAnswer(status=200, body=b"[1,2]"),
    "a word": ShareAnswer(status=200, body=b'"ok"'),
    "deep": ShareAnswer(status=200, body=b"[" * 200_000),
    "long": ShareAnswer(status=200, body=b'{"a":"' + b"x" * 2_000_000 + b'"}'),
    "bytes": ShareAnswer(status=200, body=bytes(range(256)) * 9),
    "another object": ShareAnswer(status=200, body=b'{"hello":"world"}'),
    "wrong types": ShareAnswer(
        status=200, body=b'{"code":[],"data":7,"errno":"x","state":"no","error":{},"shareId":"7"}'
    ),
    "a page of 404": ShareAnswer(status=404, body="<title>404 Not Found</title><p>页面</p>".encode()),
    "Cloudflare": ShareAnswer(
        status=200, headers=(("CF-Mitigated", "challenge"),), body=b"<title>Just a moment...</title>"
    ),
    "a captcha": ShareAnswer(status=200, body="<title>安全验证</title><p>请完成安全验证</p>".encode()),
}


@pytest.mark.parametrize("case", ANSWERS, ids=[f"{case['provider']}: {case['name']}" for case in ANSWERS])
def test_an_answer_says_what_it_says(case: dict[str, Any]) -> None:
    answer = ShareAnswer(status=case.get("status", 200), body=case["body"].encode())
    judged = judge(CHECKERS[case["provider"]], answer, case.get("code", ""))
    assert judged.state == case["state"], judged.reason
    assert judged.reason.code == f"share_{case['state']}"
    assert judged.reason.sentence("zh-CN")
    assert judged.reason.sentence("en")


def test_every_netdisk_has_every_state_it_can_show() -> None:
    assert len(ANSWERS) >= 80
    for provider in CHECKERS:
        states = {case["state"] for case in ANSWERS if case["provider"] == provider}
        assert {"alive", "needs_code", "removed", "unknown"} <= states, provider


@pytest.mark.parametrize("provider", CHECKERS)
@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_answer_of_the_netdisk_is_never_gone(provider: str, name: str) -> None:
    judged = judge(CHECKERS[provider], FOREIGN[name], "abcd")
    assert judged.state in {ShareState.BLOCKED, ShareState.UNKNOWN}
    walls = {"a limit of rate", "forbidden", "unavailable", "Cloudflare", "a captcha"}
    assert (judged.state is ShareState.BLOCKED) == (name in walls)


@pytest.mark.parametrize("provider", CHECKERS)
def test_no_answer_of_another_netdisk_makes_a_share_gone(provider: str) -> None:
    """What the words of another netdisk mean is clear wherever they come from; its codes mean nothing here."""
    others = [c for c in ANSWERS if c["provider"] != provider and c["state"] in {"alive", "unknown"}]
    for case in others:
        answer = ShareAnswer(status=case.get("status", 200), body=case["body"].encode())
        assert judge(CHECKERS[provider], answer, "").state not in GONE, case


@pytest.mark.parametrize("provider", CHECKERS)
def test_a_request_names_its_share_and_carries_no_account(provider: str) -> None:
    request = CHECKERS[provider].request(TARGETS[provider], "ab12")
    asked = request.url + request.body.decode()
    share = TARGETS[provider].rpartition("/")[2]
    assert (share.removeprefix("1") if provider == "baidu" else share) in asked
    assert request.url.startswith("https://")
    assert not {name.lower() for name, _ in request.headers} & {
        "cookie",
        "authorization",
        "x-captcha-token",
        "user-agent",
    }
    json.loads(request.body or b"{}")
    with pytest.raises(ValueError, match="no share"):
        CHECKERS[provider].request("https://site.example/", "")


def test_baidus_older_form_is_asked_for_as_it_is() -> None:
    target = "https://pan.baidu.com/share/link?shareid=1234567&uk=7654321"
    assert CHECKERS["baidu"].request(target, "").url == target


def test_a_reading_process_says_the_same() -> None:
    body = b'{"errno":-21}'
    _, told = share_task({"provider": "baidu", "code": "", "status": 200, "headers": []}, body)
    judged = judge(CHECKERS["baidu"], ShareAnswer(status=200, body=body), "")
    said = json.loads(told)
    assert said["state"] == judged.state
    assert Reason.of(ReasonCode(said["reason"]), **said["values"]) == judged.reason


START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("looks", "state"),
    [
        ("", "unknown"),
        ("0 alive", "alive"),
        ("0 removed", "unknown"),
        ("0 removed, 1 removed", "unknown"),
        ("0 removed, 24 removed", "removed"),
        ("0 expired, 24 removed", "removed"),
        ("0 removed, 24 expired", "expired"),
        ("0 removed, 12 blocked, 24 removed", "removed"),
        ("0 removed, 12 alive, 24 removed", "unknown"),
        ("0 removed, 12 needs_code, 24 removed", "unknown"),
        ("0 removed, 24 removed, 25 alive", "alive"),
        ("0 removed, 24 removed, 25 unknown", "unknown"),
        ("0 removed, 24 removed, 25 blocked", "blocked"),
        ("0 blocked, 24 blocked", "blocked"),
        ("0 unknown, 24 removed", "unknown"),
        ("0 alive, 24 removed, 25 removed, 48 removed", "removed"),
    ],
)
def test_only_two_looks_far_apart_make_a_share_gone(looks: str, state: str) -> None:
    parts = [part.split() for part in looks.split(", ") if part]
    checks = [Check(at=START + timedelta(hours=int(hours)), state=ShareState(said)) for hours, said in parts]
    assert settled(reversed(checks), apart=timedelta(hours=20)) == state
