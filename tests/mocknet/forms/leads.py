"""Leads: links to what lies elsewhere, or words that offer it, in the spellings of forums and link lists."""

import hashlib
import random
from base64 import b32encode
from collections.abc import Callable
from urllib.parse import quote

from tests.mocknet.description import RegisteredWork
from tests.mocknet.keys import key_of
from tests.mocknet.media import pictures, torrents
from tests.mocknet.world import SiteBuilder
from tests.mocksite.talk import TALK

TRACKER = "udp://tracker.example:6969/announce"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
# How each provider spells the address of a share: what stands for the id, and how long an id is.
SHARES = (
    ("https://pan.baidu.com/s/1{}", 22),
    ("https://pan.quark.cn/s/{}", 12),
    ("https://www.aliyundrive.com/s/{}", 11),
    ("https://www.alipan.com/s/{}", 11),
    ("https://pan.xunlei.com/s/VN{}", 24),
    ("https://115.com/s/sw{}", 9),
    ("https://www.123pan.com/s/{}-d", 9),
    ("https://cloud.189.cn/t/{}", 12),
    ("https://drive.uc.cn/s/{}", 13),
    ("https://caiyun.139.com/m/i?{}", 13),
    ("https://wwa.lanzoui.com/i{}", 9),
)
# What is no share: homes, help, programmes to install, and what only looks like one.
NO_SHARES = (
    *("https://pan.baidu.com/", "https://pan.baidu.com/disk/help", "https://pan.quark.cn/", "https://115.com/"),
    *("https://www.alipan.com/about", "https://pan.xunlei.com/login", "https://cloud.189.cn/web/help"),
    "https://www.lanzou.com/",
)
NEWS = "官方公告:客户端更新,修复若干问题,帮助页面见"
CODES = ("提取码:{}", "密码: {}", "码 {}", "pwd={}", "访问码:{}")


def netdisk(site: SiteBuilder) -> None:
    """Shares with their codes: linked, written out, or behind a page that warns of leaving."""
    site.page("/jump", "即将离开本站", "<p>您将访问外部网站,请注意财产安全</p>", shown=False)
    for n, work in enumerate(any_works(site)):
        shape, size = SHARES[(site.described.number + n) % len(SHARES)]
        share = shape.format(_letters(site, size))
        code = _letters(site, 4).lower()
        said = CODES[n % len(CODES)].format(code)
        path = f"/topic/{n}.html"
        site.page(path, f"{work.title} 资源分享", _told(n, share, said, code) + _replies(site))
        site.lead("netdisk", work, path, key_of(share))
    for n in range(3):
        address = NO_SHARES[(site.described.number + n) % len(NO_SHARES)]
        path = f"/topic/x{n}.html"
        site.page(path, f"网盘使用问答 {n + 1}", f'<p>{NEWS} <a href="{address}">{address}</a></p>' + _replies(site))
        site.decoy("netdisk", path, key_of(address))


def magnet(site: SiteBuilder) -> None:
    """Magnet links by both versions' hashes, linked or written out, in hexadecimal or base32."""
    for n, work in enumerate(any_works(site)):
        made = _torrent(site, work)
        link, path = torrents.magnet(made, tracker=TRACKER), f"/magnet/{n}.html"
        if n % 3 == 2:
            link = f"magnet:?xt=urn:btih:{b32encode(bytes.fromhex(made.v1)).decode()}&dn={quote(made.name)}"
        shown = f'<a href="{link}">磁力下载</a>' if n % 2 else f"<p>复制到迅雷:</p><code>{link}</code>"
        site.page(path, f"{work.title} 1080P 磁力链接", shown)
        site.lead("magnet", work, path, *(f"btih:{each}" for each in (made.v1, made.v2) if each))
    _explained(site, "magnet", "/magnet", lambda seed: f"magnet:?xt=urn:btih:{_sha1(seed)}&dn=openferry-2.1-amd64.iso")


def torrent(site: SiteBuilder) -> None:
    """Torrent files, with the names and sizes of what they hold."""
    for n, work in enumerate(any_works(site)):
        made, path, file = _torrent(site, work), f"/bt/{n}.html", f"/torrents/{n}.torrent"
        address = site.file(file, made.data, "application/x-bittorrent")
        site.page(path, f"{work.title} 种子", f'<a href="{file}">下载种子</a>')
        site.lead("torrent", work, path, *(f"btih:{each}" for each in (made.v1, made.v2) if each), key_of(address))
    for n in range(3):
        name = f"openferry-{n}.2-amd64.iso"
        made = torrents.torrent(name, {name: 60_000}, hybrid=bool(n % 2), tracker=TRACKER)
        path = f"/bt/x{n}.html"
        site.file(f"/torrents/x{n}.torrent", made.data, "application/x-bittorrent")
        site.page(path, f"开源系统镜像 {name}", f'<a href="/torrents/x{n}.torrent">官方种子</a>')
        site.decoy("torrent", path, f"btih:{made.v1}")


def ed2k(site: SiteBuilder) -> None:
    """Links of the eDonkey network, some with the name in percent signs."""
    for n, work in enumerate(any_works(site)):
        digest = hashlib.md5(f"{site.label}/{work.id}".encode(), usedforsecurity=False).hexdigest()
        name = f"[{site.described.name}]{work.title}.rar"
        link = f"ed2k://|file|{quote(name) if n % 2 else name}|{734_003_200 + n}|{digest.upper()}|/"
        path = f"/ed2k/{n}.html"
        shown = f'<a href="{link}">{name}</a>' if n % 2 else f"<textarea readonly>{link}</textarea>"
        site.page(path, f"{work.title} 电驴下载", shown)
        site.lead("ed2k", work, path, key_of(link))
    _explained(site, "ed2k", "/ed2k", lambda seed: f"ed2k://|file|example-{seed}.iso|1048576|{_sha1(seed)[:32]}|/")


def qr(site: SiteBuilder) -> None:
    """Posters with a QR code that leads to a share."""
    for n, work in enumerate(any_works(site)):
        shape, size = SHARES[(site.described.number + n) % len(SHARES)]
        share, path = shape.format(_letters(site, size)), f"/poster/{n}.html"
        site.file(f"/poster/{n}.png", pictures.poster(share, n), "image/png")
        site.page(path, f"{work.title} 扫码领取", f'<p>扫码保存</p><img src="/poster/{n}.png" alt="">')
        site.lead("qr", work, path, key_of(share))
    for n in range(3):
        message = (site.url("/"), "https://pan.quark.cn/", "关注公众号:" + site.described.name)[n]
        path = f"/poster/x{n}.html"
        site.file(f"/poster/x{n}.png", pictures.poster(message, 50 + n), "image/png")
        site.page(path, f"扫码关注我们 {n + 1}", f'<img src="/poster/x{n}.png" alt="">')
        site.decoy("qr", path, key_of(message))


def title(site: SiteBuilder) -> None:
    """Pages that offer a work in words only: its title in an evasive spelling, and the rest for those who reply."""
    for n, work in enumerate(any_works(site, plain=True)):
        path = f"/ask/{n}.html"
        offered = f"<p>{_evasive(work, n + site.described.number)} 全集 免费领取,回复本帖可见下载地址,先到先得</p>"
        site.page(path, f"福利 {n + 1} 楼", offered + _replies(site))
        site.lead("title", work, path, f"title:{site.url(path)}")
    for n in range(3):
        path = f"/ask/x{n}.html"
        words = f"<p>{site.described.name} 版规第{n + 1}条:禁止发布广告,标题请写明地区</p>"
        site.page(path, f"版规 {n + 1}", words + _replies(site))
        site.decoy("title", path, f"title:{site.url(path)}")


def any_works(site: SiteBuilder, *, plain: bool = False) -> list[RegisteredWork]:
    """Works of all types by turns; with `plain`, those with a Chinese title."""
    every = [w for w in site.network.described.works if not w.public_domain_since and not (plain and w.title.isascii())]
    return [every[(5 * (site.described.number + n)) % len(every)] for n in range(site.described.take)]


def _told(n: int, share: str, said: str, code: str) -> str:
    """A share as posts spell it."""
    bare = share.partition("://")[2]
    return (
        f'<p>链接:<a href="{share}">{share}</a> {said}</p>',
        f"<p>链接: {share}?pwd={code} 复制这段内容后打开手机App</p>",
        f"<p>地址在这里 {bare} ({said})</p>",
        f"<pre>名称:高清合集\n链接：{share}\n{said}</pre>",
        f'<p><a href="/jump?to={quote(share, safe="")}">点我保存</a> {said}</p>',
    )[n % 5]


def _replies(site: SiteBuilder) -> str:
    return "".join(f"<div class=reply><p>{word}</p></div>" for word in site.chance.sample(TALK, 2))


def _letters(site: SiteBuilder, count: int) -> str:
    return "".join(site.chance.choice(LETTERS) for _ in range(count))


def _torrent(site: SiteBuilder, work: RegisteredWork) -> torrents.Torrent:
    chance = random.Random(f"{site.label}/{work.id}")
    files = {f"{work.title}.mkv": chance.randrange(30_000, 90_000), "说明.txt": chance.randrange(200, 900)}
    name = f"[{site.described.name}] {work.title}"
    return torrents.torrent(name, files, hybrid=chance.random() < 0.5, tracker=TRACKER)


def _explained(site: SiteBuilder, form: str, folder: str, spell: Callable[[int], str]) -> None:
    """Documentation that gives a link as an example."""
    for n in range(3):
        link, path = spell(100 * site.described.number + n), f"{folder}/help{n}.html"
        site.page(
            path, f"新手教程 {n + 1}", f"<p>链接由协议名、散列值和文件名组成,例如:</p><pre><code>{link}</code></pre>"
        )
        site.decoy(form, path, key_of(link))


def _evasive(work: RegisteredWork, n: int) -> str:
    """A title as those write it who fear a filter: with marks or nothing visible in between, in pinyin, by an alias."""
    apart = [mark.join(work.title) for mark in ("-", "\u200b", " ")]
    spellings = [*apart, *filter(None, (work.pinyin, *work.aliases))]
    return spellings[n % len(spellings)]


def _sha1(seed: int) -> str:
    return hashlib.sha1(f"example {seed}".encode(), usedforsecurity=False).hexdigest()
