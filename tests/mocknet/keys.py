"""One spelling for what leads point to, so that a lead is compared with the truth however either writes it."""

import re
from base64 import b32decode
from urllib.parse import unquote

from crawler.urls import canonical

BTIH = re.compile(r"urn:btih:([0-9a-fA-F]{40}|[A-Za-z2-7]{32})")
BTMH = re.compile(r"urn:btmh:1220([0-9a-fA-F]{64})")
ED2K = re.compile(r"ed2k://\|file\|[^|]*\|\d+\|([0-9a-fA-F]{32})\|")
# Shares of netdisks, by all the hosts that serve one of them. Baidu's ids begin with a 1 that `surl=` leaves out.
SHARES = (
    ("baidu", re.compile(r"(?:pan|yun)\.baidu\.com/(?:s/1|(?:share|wap)/init\?surl=)([\w-]{5,})")),
    ("quark", re.compile(r"pan\.quark\.cn/s/(\w{8,})")),
    ("aliyun", re.compile(r"(?:aliyundrive|alipan)\.com/s/(\w{8,})")),
    ("xunlei", re.compile(r"pan\.xunlei\.com/s/([\w-]{10,})")),
    ("115", re.compile(r"(?:115|anxia|115cdn)\.com/s/(\w{6,})")),
    ("123", re.compile(r"123(?:pan|\d{3})\.(?:com|cn)/s/([\w-]{6,})")),
    ("tianyi", re.compile(r"cloud\.189\.cn/(?:t/|web/share\?code=)(\w{8,})")),
    ("uc", re.compile(r"(?:drive|fast)\.uc\.cn/s/(\w{8,})")),
    ("cmcc", re.compile(r"(?:caiyun|yun)\.139\.com/\S*?[?/=](\w{10,})")),
    ("lanzou", re.compile(r"lanzou\w?\.com/(\w{6,})")),
)


def keys_of(text: str) -> tuple[str, ...]:
    """The names of what an address or link points to, the best known first; never empty."""
    written = unquote(text)
    named = [f"btih:{_hexadecimal(found)}" for found in BTIH.findall(text)]
    named += [f"btih:{found.lower()}" for found in BTMH.findall(text)]
    named += [f"ed2k:{found.lower()}" for found in ED2K.findall(text)]
    named += [f"{name}:{found}" for name, shape in SHARES for found in shape.findall(written)[:1]]
    return tuple(named) or (_address(text),)


def key_of(text: str) -> str:
    """The first of `keys_of`."""
    return keys_of(text)[0]


def _hexadecimal(digest: str) -> str:
    return digest.lower() if len(digest) == 40 else b32decode(digest.upper()).hex()


def _address(text: str) -> str:
    try:
        return canonical(text)
    except ValueError:
        return text.strip()
