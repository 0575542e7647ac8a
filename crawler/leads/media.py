"""What an address promises by its ending: a playlist, a file of sound or film, an archive or program, a torrent."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.leads.forms import Hidden
from domain.hosts import is_within
from domain.leads import LeadKind

ENDINGS = {
    LeadKind.STREAM: "m3u8 mpd",
    LeadKind.MEDIA: "mp4 m4v mkv flv avi wmv mov rmvb rm webm mpg mpeg 3gp mp3 m4a flac wav ogg opus aac ape wma",
    LeadKind.DOWNLOAD: "zip rar 7z tar gz tgz bz2 xz iso apk xapk apks ipa exe msi dmg deb appimage epub mobi azw3 umd",
    LeadKind.TORRENT: "torrent",
}
KIND_OF = {ending: kind for kind, endings in ENDINGS.items() for ending in endings.split()}
ADDRESS = re.compile(
    r"(?:(?:https?|ftp):|(?<![\w:]))//[^\s\"'<>\\^`{|}\u3000-\u303f\u4e00-\u9fff]{4,2000}", re.IGNORECASE
)
# Where the right holders' own players stand: what plays there is licensed, whoever embeds it.
OFFICIAL = (
    "v.qq.com",
    "iqiyi.com",
    "youku.com",
    "mgtv.com",
    "bilibili.com",
    "sohu.com",
    "cctv.com",
    "1905.com",
    "ixigua.com",
    "le.com",
    "pptv.com",
    "migu.cn",
    "miguvideo.com",
    "music.163.com",
    "y.qq.com",
    "youtube.com",
    "netflix.com",
)
PLAYERS = re.compile(r"play|jx|jiexi|parse|vod|m3u8|embed|video|share/\w{6,}", re.IGNORECASE)
SITEMAPS = (".xml.gz", ".txt.gz")
SECOND_LEVEL = re.compile(r"\.(?:tar\.)?(\w{2,8})$")


def kind_of(address: str) -> LeadKind | None:
    """What the path of an address promises; None when nothing that is followed."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return None
    name = unquote(path).rstrip("/").lower()
    found = SECOND_LEVEL.search(name)
    return KIND_OF.get(found[1]) if found and not name.endswith(SITEMAPS) else None


def is_official(address: str) -> bool:
    """Whether an address is on a host where the right holders themselves publish."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    return is_within(host, OFFICIAL)


def addresses_in(text: str) -> Iterator[Hidden]:
    """Addresses in running text or script whose endings promise something that is followed."""
    for match in ADDRESS.finditer(text):
        written = match[0].rstrip(".,;:!?)]")
        if found := of_address(written):
            yield Hidden(
                kind=found.kind,
                target=found.target,
                written=written,
                at=match.start(),
                end=match.start() + len(written),
            )


def of_address(address: str) -> Hidden | None:
    """An address as a lead by its own ending or, for a player's page, by that of the address it is handed."""
    kind = kind_of(address)
    if kind is not None and not is_official(address):
        return Hidden(kind=kind, target=address, written=address)
    return None


def handed_to_player(address: str) -> Hidden | None:
    """What a player's page is told to play in its own address (`?url=…`); None when nothing is followed there."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    for _, value in parse_qsl(parts.query)[:20]:
        if ADDRESS.fullmatch(value) and (found := of_address(value)):
            return Hidden(kind=found.kind, target=found.target, written=address)
    return None


def is_player(address: str) -> bool:
    """Whether the address of a frame speaks of playing something, on no official host."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(PLAYERS.search(f"{parts.hostname}{parts.path}")) and not is_official(address)
