"""The netdisks whose answers are one JSON object: codes that are known, then what they say in words.

Addresses and codes are those that the services' own share pages use, as public checkers of shares document them. What a
code means is decided by its message first; where neither is known, neither is the state.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from crawler.shares.checking import Said, ShareAnswer, ShareRequest, by_message, id_in, inner, object_in, text_in
from domain.liveness import ShareState as S

JSON = ("Content-Type", "application/json")


def _posted(url: str, content: Mapping[str, Any], origin: str) -> ShareRequest:
    body = json.dumps(content, separators=(",", ":")).encode()
    return ShareRequest(url=url, method="POST", headers=(JSON, ("Referer", f"{origin}/")), body=body)


def _there(code: str, *, locked: bool, said: object) -> Said:
    """It is there. Whether a code that was not part of the request fits is not known, so it is not held against it."""
    return Said(S.NEEDS_CODE if locked and not code else S.ALIVE, said)


class Quark:
    """Quark, and UC, which is built alike: both give a token to whoever may see the share."""

    CODES: Mapping[int, S] = {
        41003: S.REMOVED,
        41004: S.REMOVED,
        41006: S.REMOVED,
        41007: S.WRONG_CODE,
        41008: S.NEEDS_CODE,
        41010: S.REMOVED,
        41011: S.EXPIRED,
        41012: S.REMOVED,
    }

    def __init__(self, provider: str, names: tuple[str, str], api: str, origin: str, product: str) -> None:
        self.provider, self.names = provider, names
        self._api, self._origin, self._product = api, origin, product

    def request(self, target: str, code: str) -> ShareRequest:
        """Ask for the token; the code is checked by it."""
        share = id_in(target, rf"{self._origin.removeprefix('https://')}/s/([0-9a-z]{{6,32}})")
        url = f"{self._api}/1/clouddrive/share/sharepage/token?pr={self._product}&fr=pc"
        return _posted(url, {"pwd_id": share, "passcode": code}, self._origin)

    def state(self, answer: ShareAnswer, code: str) -> Said:
        value = object_in(answer) or {}
        number, message = value.get("code"), value.get("message")
        if number == 0:
            data = inner(value, "data")
            return Said(S.ALIVE, data.get("title", "")) if data.get("stoken") else Said(S.UNKNOWN, message)
        heard = by_message(message)
        if heard.state is not S.UNKNOWN or not isinstance(number, int):
            return heard
        return Said(self.CODES.get(number, S.UNKNOWN), f"{number} {message or ''}")


class Aliyun:
    """Aliyun Drive (aliyundrive.com and alipan.com are one)."""

    provider = "aliyun"
    names = ("阿里云盘", "Aliyun Drive")
    CODES: Mapping[str, S] = {
        "ShareLink.Cancelled": S.REMOVED,
        "ShareLink.Forbidden": S.REMOVED,
        "NotFound.ShareLink": S.REMOVED,
        "ShareLink.Expired": S.EXPIRED,
        "ParamFlowException": S.BLOCKED,
        "TooManyRequests": S.BLOCKED,
    }

    def request(self, target: str, code: str) -> ShareRequest:
        share = id_in(target, r"(?:alipan|aliyundrive)\.(?:com|net)/[st]/([A-Za-z0-9]{6,20})")
        url = "https://api.aliyundrive.com/adrive/v3/share_link/get_share_by_anonymous"
        return _posted(f"{url}?share_id={share}", {"share_id": share}, "https://www.alipan.com")

    def state(self, answer: ShareAnswer, code: str) -> Said:
        value = object_in(answer) or {}
        if problem := value.get("code"):
            known = self.CODES.get(str(problem))
            return Said(known, problem) if known else by_message(value.get("message"))
        if not value.get("share_name") and not value.get("file_infos"):
            return Said(S.UNKNOWN)
        return _there(code, locked=bool(value.get("has_pwd")), said=value.get("share_name") or "")


class Xunlei:
    """Xunlei. It wants a token that one gets by passing a check of robots; we have none, so it seldom answers."""

    provider = "xunlei"
    names = ("迅雷云盘", "Xunlei")
    STATES: Mapping[str, S] = {
        "OK": S.ALIVE,
        "PASS_CODE_EMPTY": S.NEEDS_CODE,
        "PASS_CODE_ERROR": S.WRONG_CODE,
        "EXPIRED": S.EXPIRED,
        "NOT_FOUND": S.REMOVED,
        "DELETED": S.REMOVED,
        "SENSITIVE_RESOURCE": S.REMOVED,
        "SENSITIVE_WORD": S.REMOVED,
    }

    def request(self, target: str, code: str) -> ShareRequest:
        share = id_in(target, r"pan\.xunlei\.com/s/([\w-]{8,60})")
        asked = urlencode({"share_id": share, "pass_code": code, "limit": 20})
        return ShareRequest(
            url=f"https://api-pan.xunlei.com/drive/v1/share?{asked}", headers=(("Referer", "https://pan.xunlei.com/"),)
        )

    def state(self, answer: ShareAnswer, code: str) -> Said:
        value = object_in(answer) or {}
        if status := value.get("share_status"):
            return Said(self.STATES.get(str(status), S.UNKNOWN), status)
        if str(value.get("error", "")).startswith(("captcha", "unauthenticated", "permission")):
            return Said(S.BLOCKED, value["error"])
        return by_message(value.get("error_description") or value.get("error"))


class Pan115:
    """115. A share may list its files and yet bear the state of an expired one: what lists files is there."""

    provider = "115"
    names = ("115网盘", "115")
    CODES: Mapping[int, S] = {
        4100008: S.WRONG_CODE,
        4100010: S.REMOVED,
        4100012: S.NEEDS_CODE,
        4100018: S.EXPIRED,
    }
    EXPIRED = 7

    def request(self, target: str, code: str) -> ShareRequest:
        share = id_in(target, r"(?:115|115cdn|anxia)\.com/s/([A-Za-z0-9]{6,30})")
        asked = urlencode({"share_code": share, "receive_code": code, "offset": 0, "limit": 20, "cid": ""})
        referer = ("Referer", f"https://115cdn.com/s/{share}")
        return ShareRequest(url=f"https://115cdn.com/webapi/share/snap?{asked}", headers=(referer,))

    def state(self, answer: ShareAnswer, code: str) -> Said:
        value = object_in(answer) or {}
        data = inner(value, "data")
        if data.get("list"):
            return Said(S.ALIVE, inner(data, "shareinfo").get("share_title", ""))
        if value.get("state") is True:
            expired = data.get("share_state", inner(data, "shareinfo").get("share_state")) == self.EXPIRED
            return Said(S.EXPIRED if expired else S.UNKNOWN, "share_state")
        heard = by_message(value.get("error"))
        if heard.state is not S.UNKNOWN:
            return heard
        number = value.get("errno")
        return Said(self.CODES.get(number, S.UNKNOWN) if isinstance(number, int) else S.UNKNOWN, number or "")


class Pan123:
    """123."""

    provider = "123"
    names = ("123云盘", "123pan")

    def request(self, target: str, code: str) -> ShareRequest:
        share = id_in(target, r"123[\w.]{3,12}/s/([A-Za-z0-9-]{6,40})")
        return ShareRequest(url=f"https://www.123pan.com/api/share/info?shareKey={share}")

    def state(self, answer: ShareAnswer, code: str) -> Said:
        value = object_in(answer) or {}
        data = inner(value, "data")
        if value.get("code") == 0 and data:
            if data.get("Expired") is True:
                return Said(S.EXPIRED, data.get("ShareName", ""))
            return _there(code, locked=bool(data.get("HasPwd")), said=data.get("ShareName", ""))
        return by_message(value.get("message"))


class Tianyi:
    """Tianyi. It answers in JSON or, asked without saying so, in XML."""

    provider = "tianyi"
    names = ("天翼云盘", "Tianyi")
    CODES: Mapping[str, S] = {
        "ShareNotFound": S.REMOVED,
        "ShareInfoNotFound": S.REMOVED,
        "FileNotFound": S.REMOVED,
        "ShareAuditNotPass": S.REMOVED,
        "ShareExpiredError": S.EXPIRED,
        "AccessCodeError": S.WRONG_CODE,
        "ErrorAccessCode": S.WRONG_CODE,
        "UserInvalidOpenToken": S.BLOCKED,
    }

    def request(self, target: str, code: str) -> ShareRequest:
        share = id_in(target, r"cloud\.189\.cn/(?:t/|web/share\?code=)([A-Za-z0-9]{6,32})")
        asked = quote(f"{share}（访问码：{code}）" if code else share)
        return ShareRequest(
            url=f"https://cloud.189.cn/api/open/share/getShareInfoByCodeV2.action?shareCode={asked}",
            headers=(("Accept", "application/json;charset=UTF-8"),),
        )

    def state(self, answer: ShareAnswer, code: str) -> Said:
        value = object_in(answer)
        if value is None:
            text = text_in(answer)
            named = next((name for name in self.CODES if f"<code>{name}</code>" in text), "")
            return Said(self.CODES.get(named, S.UNKNOWN), named)
        number = value.get("shareId")
        if isinstance(number, int) and number > 0:
            return _there(code, locked=value.get("needAccessCode") == 1, said=value.get("fileName", ""))
        known = self.CODES.get(str(value.get("res_code")))
        return Said(known, value["res_code"]) if known else by_message(value.get("res_message"))


class Cmcc:
    """The China Mobile netdisk. Its newest answers are enciphered by the page's script, and are left as they are."""

    provider = "cmcc"
    names = ("中国移动云盘", "China Mobile Cloud")

    def request(self, target: str, code: str) -> ShareRequest:
        share = id_in(target, r"(?:139\.com|10086\.cn)/\S*?([A-Za-z0-9]{8,32})$")
        asked = {"getOutLinkInfoReq": {"account": "", "linkID": share, "passwd": code, "pCaID": "root"}}
        url = "https://share-kd-njs.yun.139.com/yun-share/richlifeApp/devapp/IOutLink/getOutLinkInfoV6"
        return _posted(url, asked, "https://yun.139.com")

    def state(self, answer: ShareAnswer, code: str) -> Said:
        value = object_in(answer) or {}
        data = inner(value, "data")
        if str(value.get("resultCode")) == "0" and data:
            return Said(S.ALIVE, data.get("lkName", ""))
        return by_message(value.get("desc") or value.get("message"))
