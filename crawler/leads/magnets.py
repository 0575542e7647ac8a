"""Links of file-sharing networks: magnet (BEP 9, BEP 52), ed2k, and the wrappers of download programs."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, unquote

from crawler.leads.forms import Hidden
from domain.leads import LeadKind

MAGNET = re.compile(r"magnet:\?[^\s\"'<>\u3000-\u303f\u4e00-\u9fff]{1,2000}", re.IGNORECASE)
BARE = re.compile(
    r"(?:btih|磁力(?:链接|鏈接|连接)?|磁链|特征[码碼]|种子哈希|info[ _-]?hash)[^\w\n]{0,6}"
    r"(?P<hash>[0-9a-f]{40})(?![0-9a-z])",
    re.IGNORECASE,
)
ED2K = re.compile(r"ed2k://\|file\|([^|\n<>\"]{1,500})\|(\d{1,15})\|([0-9a-f]{32})\|", re.IGNORECASE)
WRAPPED = re.compile(r"(?P<scheme>thunder|flashget|qqdl)://(?P<rest>[A-Za-z0-9+/=_-]{8,4000})", re.IGNORECASE)
V1_HEX, V1_BASE32 = re.compile(r"[0-9a-f]{40}"), re.compile(r"[a-z2-7]{32}")
# A multihash (BEP 52): SHA-256 (0x12) of 32 bytes (0x20).
V2 = re.compile(r"1220[0-9a-f]{64}")
MOST_NAME = 300
# Films that are free to all, which manuals of programs use as examples (webtorrent.io, "Free Torrents").
FREE = frozenset(
    {
        "08ada5a7a6183aae1e09d831df6748d566095a10",
        "dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c",
        "c9e15763f722f23e98a29decdfae341b98d53056",
        "209c8226b299b308beaf2b9cd3fb49212dbd13ec",
        # The example of the magnet link in many a manual.
        "c12fe1c06bba254a9dc9f519b335aa7c1367a88a",
    }
)
FEWEST_DIFFERENT = 6


def links_in(text: str) -> Iterator[Hidden]:
    """Magnet and ed2k links in `text`, and info hashes that the words before them call so."""
    for match in MAGNET.finditer(text):
        if (found := magnet(match[0])) is not None:
            yield _placed(found, match)
    for match in BARE.finditer(text):
        if "magnet:" not in text[max(0, match.start() - 30) : match.start()].lower() and is_real(match["hash"].lower()):
            target = f"magnet:?xt=urn:btih:{match['hash'].lower()}"
            yield _placed(Hidden(kind=LeadKind.MAGNET, target=target, written=match[0]), match)
    for match in ED2K.finditer(text):
        if is_real(match[3].lower()):
            yield _placed(_ed2k(match), match)


def magnet(link: str) -> Hidden | None:
    """A magnet link with a real info hash, named by its hashes alone; None for any other."""
    pairs = parse_qsl(link.partition("?")[2].replace("&amp;", "&"), keep_blank_values=False)
    topics = [value.lower() for name, value in pairs if name.lower() == "xt" or name.lower().startswith("xt.")]
    first, second = _first(topics, "urn:btih:", _v1), _first(topics, "urn:btmh:", _v2)
    hashes = [f"xt=urn:btih:{first}"] if first else []
    hashes += [f"xt=urn:btmh:{second}"] if second else []
    if not hashes:
        return None
    named = tuple(value[:MOST_NAME] for name, value in pairs if name.lower() == "dn")
    target = "magnet:?" + "&".join(hashes)
    return Hidden(kind=LeadKind.MAGNET, target=target, written=link, names=named[:1], detail=named[0] if named else "")


def unwrapped(text: str) -> Iterator[tuple[int, int, str]]:
    """The links inside those of download programs, each with where it stands; see `WRAPPED`."""
    for match in WRAPPED.finditer(text):
        rest = match["rest"].rstrip("=")
        try:
            inner = base64.b64decode(rest + "=" * (-len(rest) % 4), altchars=b"-_" if "-" in rest else None)
        except (binascii.Error, ValueError):
            continue
        link = _text(inner)
        if match["scheme"].lower() == "thunder" and link.startswith("AA") and link.endswith("ZZ"):
            link = link[2:-2]
        link = re.sub(r"\[flashget\]", "", link, flags=re.IGNORECASE)
        if "://" in link or link.lower().startswith("magnet:"):
            yield match.start(), match.end(), link


def is_real(info_hash: str) -> bool:
    """Whether a hexadecimal hash is no placeholder and no example of manuals."""
    if info_hash in FREE or len(set(info_hash)) < FEWEST_DIFFERENT:
        return False
    half = info_hash[:16]
    return half != info_hash[16:32] and half not in {"0123456789abcdef", "1234567890abcdef", "fedcba9876543210"}


def _first(topics: list[str], prefix: str, read: Callable[[str], str]) -> str:
    """The first hash of one kind; empty if there is none."""
    hashes = (read(topic.removeprefix(prefix)) for topic in topics if topic.startswith(prefix))
    return next(filter(None, hashes), "")


def _v1(value: str) -> str:
    if V1_BASE32.fullmatch(value):
        value = base64.b32decode(value.upper()).hex()
    return value if V1_HEX.fullmatch(value) and is_real(value) else ""


def _v2(value: str) -> str:
    return value if V2.fullmatch(value) and is_real(value[4:]) else ""


def _ed2k(match: re.Match[str]) -> Hidden:
    name = unquote(match[1])[:MOST_NAME]
    return Hidden(
        kind=LeadKind.ED2K,
        target=f"ed2k://|file|-|{int(match[2])}|{match[3].lower()}|/",
        written=match[0],
        detail=f"{name} ({int(match[2])} B)",
        names=(name,),
    )


def _placed(found: Hidden, match: re.Match[str]) -> Hidden:
    return replace(found, at=match.start(), end=match.end())


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")
