"""Copied films: in players' variables, in the programmes of MacCMS, as playlists, as files, in frames."""

import base64
import json
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from domain.works import WorkType
from tests.mocknet.description import RegisteredWork
from tests.mocknet.forms.programmes import Programme, offer_programmes
from tests.mocknet.media import films
from tests.mocknet.media.cache import FileSet
from tests.mocknet.truth import Sample
from tests.mocknet.world import SiteBuilder

OTHER_FILMS = {221: "海盐", 222: "下一站春天", 223: "会飞的自行车"}
"""Seeds and titles of films that nobody registered."""
ALTERATIONS = ("mirrored", "verbatim", "cropped", "logo")
HLS_TYPES = {".m3u8": "application/vnd.apple.mpegurl", ".ts": "video/mp2t"}
DASH_TYPES = {".mpd": "application/dash+xml", ".m4s": "video/iso.segment"}
Item = tuple[RegisteredWork | None, str, int]
"""Work (None for a decoy), title and seed."""


def items(site: SiteBuilder) -> list[Item]:
    """The films of a site: copies, then others."""
    copies: list[Item] = [(work, work.title, work.seed) for work in site.works(WorkType.VIDEO)]
    return copies + [(None, title, seed) for seed, title in OTHER_FILMS.items()]


def player_json(site: SiteBuilder) -> None:
    """MacCMS: a page about the film, and one whose script holds the address in one of three spellings."""
    for n, (work, title, seed) in enumerate(items(site)):
        urls, sample = publish_hls(site, seed)
        detail, play = f"/voddetail/{n}.html", f"/vodplay/{n}-1-1.html"
        player = {"flag": "play", "encrypt": n % 3, "from": "m3u8", "url": spelt(urls[0], n % 3), "id": f"{n}"}
        written = json.dumps(player).replace("/", "\\/")  # as PHP writes it
        script = f"<script>var player_aaaa={written}</script><div class=MacPlayer></div>"
        site.page(play, f"{title} 第1集 在线观看", script, shown=False)
        site.page(detail, f"{title} 高清", f'<p>类型:剧情</p><p><a href="{play}">立即播放</a></p>')
        _tell(site, "player_json", work, play, urls, sample)


def api_film(site: SiteBuilder) -> None:
    """Films that only the interface for collectors names."""
    programmes, told = [], []
    for n, (work, title, seed) in enumerate(items(site), start=100):
        urls, sample = publish_hls(site, seed)
        programmes.append(Programme(vod_id=n, title=title, address=urls[0], hours_ago=7 * (n - 100)))
        told.append((work, urls, sample))
    path = "/api.php/provide/vod/"
    offer_programmes(site, path, programmes)
    api = site.url(path)
    site.page("/label/api.html", "采集接口", f'<p>JSON:<a href="{api}">{api}</a></p><p>XML:{api}at/xml/</p>')
    for work, urls, sample in told:
        _tell(site, "api_film", work, path, urls, sample)


def hls(site: SiteBuilder) -> None:
    """A player that is given a playlist: by the page's markup, or by its script."""
    for n, (work, title, seed) in enumerate(items(site)):
        urls, sample = publish_hls(site, seed)
        path = f"/play/{n}.html"
        escaped = urls[0].replace("/", "\\/")
        forms = (
            f'<video controls><source src="{urls[0]}" type="application/x-mpegURL"></video>',
            f"<div id=dplayer></div><script>new DPlayer({{video:{{url:'{urls[0]}',type:'hls'}}}})</script>",
            f'<script>var now="{escaped}";var hls=new Hls();hls.loadSource(now);</script>',
        )
        site.page(path, f"{title} 播放", forms[n % 3])
        _tell(site, "hls", work, path, urls, sample)


def dash(site: SiteBuilder) -> None:
    """The same with a DASH manifest."""
    for n, (work, title, seed) in enumerate(items(site)):
        made = films.as_dash(seed, _alteration(site, seed))
        folder = f"/dash/{seed}"
        urls = _put(site, folder, made, DASH_TYPES, first="manifest.mpd")
        path = f"/mpd/{n}.html"
        site.page(
            path, f"{title} 自适应播放", f"<script>dashjs.MediaPlayer().create().attachSource('{urls[0]}')</script>"
        )
        _tell(site, "dash", work, path, urls, Sample(data=films.dash_as_one(made), name="film.mp4"))


def direct_film(site: SiteBuilder) -> None:
    """A file to be played or fetched."""
    for n, (work, title, seed) in enumerate(items(site)):
        data = films.as_file(seed, _alteration(site, seed))
        address = site.shared(f"/mp4/{seed}.mp4", data, "video/mp4")
        forms = (
            f'<video controls src="{address}"></video>',
            f'<p><a href="{address}" download>本地下载(MP4)</a></p>',
            f'<video controls data-src="{address}"></video>',
        )
        path = f"/film/{n}.html"
        site.page(path, f"{title} 完整版", forms[n % 3])
        _tell(site, "direct_film", work, path, [address], Sample(data=data, name="film.mp4"))


def framed_player(site: SiteBuilder) -> None:
    """A frame with a player of the site's, to which the film's address is given."""
    site.page(
        "/player/index.html", "播放器", "<div id=player></div><script>start(location.search)</script>", shown=False
    )
    for n, (work, title, seed) in enumerate(items(site)):
        urls, sample = publish_hls(site, seed)
        path = f"/watch/{n}.html"
        given = quote(urls[0], safe="")
        site.page(path, f"{title} 云播", f'<iframe src="/player/index.html?url={given}" allowfullscreen></iframe>')
        _tell(site, "framed_player", work, path, urls, sample)


def publish_hls(site: SiteBuilder, seed: int) -> tuple[list[str], Sample]:
    """A film's playlists and segments on the operator's media host: addresses, the master's first, and the film."""
    made = films.as_hls(seed, _alteration(site, seed))
    urls = _put(site, f"/hls/{seed}", made, HLS_TYPES, first=films.MASTER)
    return urls, Sample(data=films.hls_as_one(made), name="film.ts")


def spelt(address: str, encrypt: int) -> str:
    """An address as MacCMS writes it: plain, percent-encoded, or that in base64."""
    if encrypt == 0:
        return address
    percent = quote(address, safe="")
    return percent if encrypt == 1 else base64.b64encode(percent.encode()).decode()


def _alteration(site: SiteBuilder, seed: int) -> str:
    """What an operator does to a film; the same for all its sites, which share the file."""
    return ALTERATIONS[(seed + site.operator.favicon) % len(ALTERATIONS)]


def _put(site: SiteBuilder, folder: str, made: FileSet, types: Mapping[str, str], *, first: str) -> list[str]:
    addresses = {
        name: site.shared(f"{folder}/{name}", data, types["." + name.rpartition(".")[2]]) for name, data in made.items()
    }
    return [addresses.pop(first), *addresses.values()]


def _tell(
    site: SiteBuilder, form: str, work: RegisteredWork | None, path: str, urls: Iterable[str], sample: Sample
) -> None:
    if work:
        site.copy(form, work, [site.url(path), *urls], sample)
    else:
        site.decoy(form, path, sample=sample)
