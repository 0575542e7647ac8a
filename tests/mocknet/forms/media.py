"""Copied pictures, music and software, where galleries, players and download sites have them."""

import json

from domain.works import WorkType
from tests.mocknet.media import music, packages, pictures
from tests.mocknet.truth import Sample
from tests.mocknet.world import SiteBuilder

ON_A_PAGE, INNOCENT_PICTURES = 4, 8
OTHER_MUSIC = {321: "春江小夜曲", 322: "Slow Ferry", 323: "午后练习曲"}
OTHER_SOFTWARE = {421: "青鸟播放器", 422: "极简便签"}
OPEN_SOURCE = {431: "openferry 命令行工具", 432: "tinygrid 表格库"}


def picture(site: SiteBuilder) -> None:
    """Albums of several pictures, copies among others; loaded late, in sizes or as a background on some pages."""
    hung: list[str] = []
    for n, work in enumerate(site.works(WorkType.IMAGE)):
        alteration = pictures.ALTERATIONS[(3 * site.described.number + n) % len(pictures.ALTERATIONS)]
        data = pictures.copied(work.seed, alteration)
        address = _hang(site, f"/img/{site.label}/a{n}.jpg", data, on_own_host=bool(n % 2))
        page = site.url(f"/album/{len(hung) // ON_A_PAGE}.html")
        site.copy("picture", work, [page, address], Sample(data=data, name="a.jpg", media_type="image/jpeg"))
        hung.append(address)
        if n % 2:
            hung += _others(site, n)
    hung += _others(site, 100)
    for n in range(0, len(hung), ON_A_PAGE):
        number = n // ON_A_PAGE
        wall = "".join(_shown(address, n + k) for k, address in enumerate(hung[n : n + ON_A_PAGE]))
        last = n + ON_A_PAGE >= len(hung)
        onward = "" if last else f'<p><a href="/album/{number + 1}.html">下一组</a></p>'
        site.page(f"/album/{number}.html", f"图集 第{number + 1}组", wall + onward)


def direct_music(site: SiteBuilder) -> None:
    """Songs as files: in markup, as downloads and in players' scripts."""
    songs = [(w, w.title, w.seed) for w in site.works(WorkType.AUDIO)]
    every = [*songs, *((None, title, seed) for seed, title in OTHER_MUSIC.items())]
    for n, (work, title, seed) in enumerate(every):
        alterations = tuple(music.ALTERATIONS)
        data = music.as_mp3(seed, alterations[(seed + site.operator.favicon) % len(alterations)])
        address = site.shared(f"/mp3/{seed}.mp3", data, "audio/mpeg")
        listed = json.dumps({"audio": [{"name": title, "url": address, "cover": "/favicon.ico"}]})
        forms = (
            f'<audio controls src="{address}"></audio>',
            f'<p><a href="{address}">下载 MP3</a></p>',
            f"<div id=player></div><script>new APlayer({listed})</script>",
            f'<button class="play" data-url="{address}">试听</button>',
        )
        path = f"/song/{n}.html"
        site.page(path, f"{title} 在线试听", forms[n % 4])
        sample = Sample(data=data, name="song.mp3", media_type="audio/mpeg")
        if work:
            site.copy("direct_music", work, [site.url(path), address], sample)
        else:
            site.decoy("direct_music", path, sample=sample)


def package(site: SiteBuilder) -> None:
    """Programs to download, as packages of every kind; some through an address that counts and sends on."""
    endings = tuple(packages.PACKED)
    apps = [(w, w.title, w.seed) for w in site.works(WorkType.SOFTWARE)]
    for n, (work, title, seed) in enumerate([*apps, *((None, t, s) for s, t in OTHER_SOFTWARE.items())]):
        ending = endings[(seed + site.described.number) % len(endings)]
        data = packages.packed(seed, ending)
        address = site.shared(f"/down/{site.label}/{seed}{ending}", data, packages.MEDIA_TYPES[ending])
        path = f"/app/{n}.html"
        sample = Sample(data=data, name=f"down{ending}")
        _offer(site, path, f"{title} 破解版下载", address, len(data), f"/go/{n}" if n % 2 else "")
        if work:
            site.copy("package", work, [site.url(path), address], sample)
        else:
            site.decoy("package", path, sample=sample)
    for n, (seed, title) in enumerate(OPEN_SOURCE.items()):
        data, path = packages.open_source(seed), f"/app/free{n}.html"
        address = site.shared(f"/down/free/{seed}.tar.gz", data, "application/gzip")
        _offer(site, path, f"{title} 开源免费", address, len(data), "")
        site.decoy("package", path, sample=Sample(data=data, name="down.tar.gz"))


def _offer(site: SiteBuilder, path: str, title: str, address: str, size: int, through: str) -> None:
    if through:
        site.redirect(through, address)
    link = f'<p>大小:{size // 1024} KB</p><p><a href="{through or address}" rel=nofollow>本地下载</a></p>'
    site.page(path, title, link)


def _others(site: SiteBuilder, first: int) -> list[str]:
    """Pictures that are nobody's copy."""
    count = INNOCENT_PICTURES if first == 100 else 2
    addresses = []
    for n in range(first, first + count):
        data = pictures.innocent(n * 61 + site.described.number)
        path = f"/img/o{n}.jpg"
        addresses.append(_hang(site, path, data, on_own_host=True))
        site.decoy("picture", path, sample=Sample(data=data, name="o.jpg", media_type="image/jpeg"))
    return addresses


def _hang(site: SiteBuilder, path: str, data: bytes, *, on_own_host: bool) -> str:
    return site.file(path, data, "image/jpeg") if on_own_host else site.shared(path, data, "image/jpeg")


def _shown(address: str, number: int) -> str:
    forms = (
        f'<img src="{address}" alt="">',
        f'<img class=lazy src="/favicon.ico" data-original="{address}" alt="">',
        f'<img srcset="/favicon.ico 32w, {address} 720w" alt="">',
        f"<div class=pic style=\"background-image:url('{address}')\"></div>",
    )
    return forms[number % 4]
