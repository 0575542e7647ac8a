"""Share links of Chinese netdisks, by any of their hosts, to one spelling.

The forms of addresses and ids are those that the services print when something is shared. An address without the id of
a share (a home page, a help page, a login) is no share link.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from re import Match

from crawler.leads.codes import code_in_tail, code_near
from crawler.leads.forms import Hidden
from domain.leads import LeadKind

TAIL = re.compile(r"[^\s\"'<>，。；、）】》\u4e00-\u9fff]{0,200}(?:[?&#](?:提取码|访问码|密码)[=:：][A-Za-z0-9]{3,8})?")
FEWEST_DIFFERENT = 4
"""Characters that a real id has at least; xxxxxx and 000000 stand for one."""
PLACEHOLDERS = re.compile(r"x{4,}|\*{2,}|example|your|shareid|abcdefg|1234567", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Provider:
    """One netdisk: its link forms, each with one group (the id) or two, and how the one spelling is made of them."""

    name: str
    forms: tuple[re.Pattern[str], ...]
    canonical: Callable[[Match[str]], str]
    codes: tuple[int, int] = (4, 4)
    """Fewest and most characters of its extraction codes."""


def _forms(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE | re.ASCII) for pattern in patterns)


def _by_id(prefix: str, suffix: str = "") -> Callable[[Match[str]], str]:
    return lambda found: f"{prefix}{found[1]}{suffix}"


def _baidu(found: Match[str]) -> str:
    if found.re.groups == 2:
        return f"https://pan.baidu.com/share/link?shareid={found[1]}&uk={found[2]}"
    # The same id is written with a leading 1 in the path and without it in the parameter.
    return f"https://pan.baidu.com/s/{'' if '/s/' in found[0] or '/e/' in found[0] else '1'}{found[1]}"


_ID = r"([A-Za-z0-9]{8,32})(?![A-Za-z0-9])"
_HOST_123 = r"(?:[\w-]+\.)?123(?:pan|684|685|865|912|592|952|957)\.(?:com|cn)"
_HOST_LANZOU = r"(?:[\w-]+\.)?(?:lanzou[a-z]?|lanzo[vx]|lanzn|lanpw|lanpv|lanzv|lanosso)\.com"

PROVIDERS = (
    Provider(
        "baidu",
        _forms(
            r"(?:pan|yun|eyun)\.baidu\.com/[se]/(1[\w-]{5,24})",
            r"(?:pan|yun)\.baidu\.com/(?:share|wap)/init\?(?:[\w=&-]{0,100}&)?surl=([\w-]{5,24})",
            r"(?:pan|yun)\.baidu\.com/(?:share|wap)/link\?(?:[\w=-]{0,50}&)?shareid=(\d{4,20})&uk=(\d{4,20})",
        ),
        _baidu,
    ),
    Provider("quark", _forms(r"pan\.quark\.cn/s/([0-9A-Za-z]{12})(?![0-9A-Za-z])"), _by_id("https://pan.quark.cn/s/")),
    Provider(
        "uc",
        _forms(r"(?:drive|fast|yun)\.uc\.cn/s/([0-9A-Za-z]{10,20})(?![0-9A-Za-z])"),
        _by_id("https://drive.uc.cn/s/"),
    ),
    Provider(
        "aliyun",
        _forms(r"(?:www\.)?(?:aliyundrive|alipan)\.(?:com|net)/[st]/([A-Za-z0-9]{11})(?![A-Za-z0-9])"),
        _by_id("https://www.alipan.com/s/"),
    ),
    Provider("aliyun", _forms(r"alywp\.net/([A-Za-z0-9]{6,10})(?![A-Za-z0-9])"), _by_id("https://alywp.net/")),
    Provider("xunlei", _forms(r"pan\.xunlei\.com/s/(V[\w-]{15,40})"), _by_id("https://pan.xunlei.com/s/")),
    Provider("115", _forms(r"(?:www\.)?(?:115|115cdn|anxia)\.com/s/(sw[a-z0-9]{6,20})"), _by_id("https://115.com/s/")),
    Provider(
        "123",
        _forms(rf"{_HOST_123}/s/([A-Za-z0-9]{{3,12}}-[A-Za-z0-9]{{1,16}})(?![A-Za-z0-9])"),
        _by_id("https://www.123pan.com/s/"),
        (3, 8),
    ),
    Provider(
        "tianyi",
        _forms(
            rf"cloud\.189\.cn/t/{_ID}",
            rf"cloud\.189\.cn/web/share\?(?:[\w=&-]{{0,100}}&)?code={_ID}",
            rf"h5\.cloud\.189\.cn/share\.html#/t/{_ID}",
        ),
        _by_id("https://cloud.189.cn/t/"),
    ),
    Provider(
        "cmcc",
        _forms(
            rf"caiyun\.139\.com/(?:m/i\?|w/i/|m/i/){_ID}",
            rf"yun\.139\.com/(?:shareweb/#/)?w/i/{_ID}",
            rf"caiyun\.139\.com/front/#/detail\?(?:[\w=&-]{{0,100}}&)?linkID={_ID}",
            rf"caiyun\.feixin\.10086\.cn/{_ID}",
        ),
        _by_id("https://yun.139.com/shareweb/#/w/i/"),
    ),
    Provider(
        "lanzou",
        # A file's id begins with i, a folder's with b; a digit or capital tells them from the service's own pages.
        _forms(rf"{_HOST_LANZOU}/(?:tp/|s/)?((?-i:(?=[ib]\w*[\dA-Z])[ib])[A-Za-z0-9]{{5,16}})(?![\w.])"),
        _by_id("https://www.lanzou.com/"),
        (2, 8),
    ),
)
HOSTS = re.compile(
    r"baidu\.com/|quark\.cn/|uc\.cn/|(?:aliyundrive|alipan)\.|alywp\.net/|xunlei\.com/|115(?:cdn)?\.com/|anxia\.com/"
    r"|123(?:pan|\d{3})\.c|189\.cn/|139\.com/|10086\.cn/|lan[a-z]{2,5}\.com/",
    re.IGNORECASE,
)
SCHEME = re.compile(r"https?://$", re.IGNORECASE)
IN_HOST = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.")
LONGEST_HOST = 60


def shares_in(text: str) -> Iterator[Hidden]:
    """Share links in `text`, in order, with the extraction code given in the link or near it."""
    found = list(_found(text))
    starts = [match.start() for _, match in found]
    for number, (provider, match) in enumerate(found):
        tail = TAIL.match(text, match.end())
        end = tail.end() if tail else match.end()
        before = text[max(_end(found, number - 1), match.start() - 40) : match.start()]
        after = text[end : min([*starts[number + 1 : number + 2], end + 80])]
        code = code_in_tail(text[match.end() : end]) or code_near(before, after)
        least, most = provider.codes
        yield Hidden(
            kind=LeadKind.NETDISK,
            target=provider.canonical(match),
            written=text[_with_scheme(text, match.start()) : end],
            at=match.start(),
            end=end,
            code=code if least <= len(code) <= most else "",
            provider=provider.name,
        )


def _end(found: list[tuple[Provider, Match[str]]], number: int) -> int:
    return found[number][1].end() if number >= 0 else 0


def _with_scheme(text: str, start: int) -> int:
    scheme = SCHEME.search(text, max(0, start - 8), start)
    return scheme.start() if scheme else start


def _found(text: str) -> Iterator[tuple[Provider, Match[str]]]:
    """Share links in order: one look for all hosts, then the forms where one stands."""
    for host in HOSTS.finditer(text):
        start = host.start()
        while start and text[start - 1] in IN_HOST and host.start() - start < LONGEST_HOST:
            start -= 1
        matches = ((each, form.match(text, start)) for each in PROVIDERS for form in each.forms)
        found = next(((each, match) for each, match in matches if match), None)
        if found and len(set(found[1][1].lower())) >= FEWEST_DIFFERENT and not PLACEHOLDERS.search(found[1][1]):
            yield found
