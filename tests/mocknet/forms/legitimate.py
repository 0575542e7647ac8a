"""What is lawful, or only speaks of works: official sites, shops, search engines, reviews, documentation."""

from collections.abc import Mapping
from html import escape

from domain.works import WorkType
from tests.mocknet.description import RegisteredWork
from tests.mocknet.forms.films import OTHER_FILMS
from tests.mocknet.forms.reach import asked_for, describe_search, results_page
from tests.mocknet.innocents import entries, other_pieces, quoting_reviews
from tests.mocknet.keys import key_of
from tests.mocknet.media import films, music, pictures
from tests.mocknet.truth import Sample
from tests.mocknet.works import text_of
from tests.mocknet.world import SiteBuilder, paragraphs
from tests.mocksite.alterations import Page
from tests.mocksite.talk import thread

ON_A_RESULT_PAGE = 10


def official_texts(site: SiteBuilder) -> None:
    """The licensed reading site has every text; where its licence ran out it is an infringer like any other."""
    for n, work in enumerate(_licensed_here(site, WorkType.TEXT)):
        path = f"/read/{n}.html"
        sample = site.page(path, f"{work.title} 正版全文", paragraphs(text_of(work)))
        site.copy("official", work, [site.url(path)], sample, licensed=_is_licensed(site, work))
    for n, piece in enumerate(other_pieces()[:3]):
        path = f"/read/x{n}.html"
        site.decoy("official", path, sample=site.page(path, f"{piece.title} 正版全文", paragraphs(piece.text)))


def official_media(site: SiteBuilder) -> None:
    """Films and songs on the site that may show them."""
    for n, work in enumerate(_licensed_here(site, WorkType.VIDEO)):
        data, path = films.as_file(work.seed), f"/film/{n}.html"
        address = site.file(f"/media/{work.seed}.mp4", data, "video/mp4")
        site.page(path, f"{work.title} 正片", f'<video controls src="{address}"></video><p>会员专享</p>')
        sample = Sample(data=data, name="film.mp4", media_type="video/mp4")
        site.copy("official", work, [site.url(path), address], sample, licensed=True)
    for n, work in enumerate(_licensed_here(site, WorkType.AUDIO)):
        data, path = music.as_mp3(work.seed), f"/song/{n}.html"
        address = site.file(f"/media/{work.seed}.mp3", data, "audio/mpeg")
        site.page(path, f"{work.title} 原声", f'<audio controls src="{address}"></audio>')
        sample = Sample(data=data, name="song.mp3", media_type="audio/mpeg")
        site.copy("official", work, [site.url(path), address], sample, licensed=True)


def official_pictures(site: SiteBuilder) -> None:
    """The painters' own gallery."""
    for n, work in enumerate(_licensed_here(site, WorkType.IMAGE)):
        data, path = pictures.copied(work.seed, "jpeg"), f"/room/{n}.html"
        address = site.file(f"/img/{n}.jpg", data, "image/jpeg")
        site.page(path, f"{work.title} {work.owner}", f'<img src="{address}" alt="">')
        sample = Sample(data=data, name="a.jpg", media_type="image/jpeg")
        site.copy("official", work, [site.url(path), address], sample, licensed=True)


def trailers(site: SiteBuilder) -> None:
    """Pages about films without the film: a poster, who made it, when it is shown, and other films' trailers."""
    for n, work in enumerate(site.works(WorkType.VIDEO, 3)):
        seed, title = list(OTHER_FILMS.items())[n]
        address = site.shared(f"/trailer/{seed}.mp4", films.as_file(seed), "video/mp4")
        path = f"/trailer/{n}.html"
        told = f"<p>《{work.title}》由{work.owner}出品,将于下月上映。预告片前加映《{title}》片段。</p>"
        site.page(path, f"{work.title} 预告", f'{told}<video controls src="{address}"></video>')
        for form in ("direct_film", "player_json"):
            site.decoy(form, path, sample=Sample(data=films.as_file(seed), name="trailer.mp4"))


def shop_texts(site: SiteBuilder) -> None:
    """Whole texts on a shop's pages: with a licence, with one that ran out, or without any."""
    for n, work in enumerate(site.works(WorkType.TEXT, 5)):
        path = f"/book/{n}.html"
        sample = site.page(path, f"{work.title} 电子书", paragraphs(text_of(work)))
        site.copy("shop", work, [site.url(path)], sample, licensed=_is_licensed(site, work))


def shop_items(site: SiteBuilder) -> None:
    """What a shop says of a book: price, size, stock, and its terms."""
    for n, work in enumerate(site.works(WorkType.TEXT, 5)):
        rows = {
            "书名": work.title,
            "作者": work.owner,
            "定价": f"{32 + n}.00 元",
            "开本": "32 开",
            "库存": f"{7 * n + 3} 册",
        }
        table = "".join(f"<tr><th>{name}</th><td>{escape(value)}</td></tr>" for name, value in rows.items())
        path = f"/item/{n}.html"
        sample = site.page(
            path, f"{work.title} 购买", f"<table>{table}</table>" + "".join(f"<p>{t}</p>" for t in TERMS)
        )
        site.decoy("shop", path, f"title:{site.url(path)}", sample=sample)


def catalogue_pages(site: SiteBuilder) -> None:
    """Lists that name every work and hold none."""
    for n in range(3):
        named = site.network.described.works[n::3]
        rows = "".join(f"<li>{escape(work.title)} — {escape(work.owner)}</li>" for work in named)
        path = f"/catalogue/{n}.html"
        sample = site.page(path, f"作品目录 {n + 1}", f"<ol>{rows}</ol>")
        site.decoy("title", path, f"title:{site.url(path)}", sample=sample)


def reviews(site: SiteBuilder) -> None:
    """Reviews that quote, and entries."""
    for n, piece in enumerate([*quoting_reviews(), *entries()]):
        path = f"/post/{n}.html"
        form = ("chapter", "text_file", "forum_post")[n % 3]
        site.decoy(form, path, sample=site.page(path, piece.title, paragraphs(piece.text)))


def talk(site: SiteBuilder) -> None:
    """Threads about the works."""
    for n, work in enumerate(site.works(WorkType.TEXT, 6)):
        path = f"/talk/{n}.html"
        sample = site.page(path, f"聊聊 {work.title}", paragraphs(thread(work.title, site.chance)))
        site.decoy("forum_post", path, sample=sample)


def documentation(site: SiteBuilder) -> None:
    """Manuals that give links of every kind as examples."""
    for n, (form, link) in enumerate(EXAMPLES):
        path = f"/manual/{n}.html"
        site.page(path, f"文件传输手册 第{n + 1}节", f"<p>下面是一个链接的写法:</p><pre>{escape(link)}</pre>")
        site.decoy(form, path, key_of(link))


def free_texts(site: SiteBuilder) -> None:
    """Texts that anyone may publish."""
    for n, work in enumerate(w for w in site.network.described.works if w.public_domain_since):
        path = f"/classic/{n}.html"
        sample = site.page(path, f"{work.title} 公有领域", paragraphs(text_of(work)))
        site.copy("official", work, [site.url(path)], sample)
    for n, piece in enumerate(entries()):
        path = f"/entry/{n}.html"
        site.decoy("official", path, sample=site.page(path, piece.title, paragraphs(piece.text)))


def engine(site: SiteBuilder) -> None:
    """A search engine. Its lists of what is sought these days lead to pages of results about authors."""
    describe_search(site, f"{site.url('/s')}?wd={{searchTerms}}&pn={{startPage?}}")
    site.answer(lambda path, query: _results(site, query) if path == "/s" else None)
    for n, work in enumerate(site.network.described.works[::6]):
        path = f"/hot/{n}.html"
        rows = "".join(f"<li class=result><b>{escape(work.title)}</b> {words}</li>" for words in SNIPPETS)
        sample = site.page(path, f"{work.title} 相关搜索", f"<ul>{rows}</ul>")
        site.decoy("search_engine", path, f"title:{site.url(path)}", sample=sample)


def _results(site: SiteBuilder, query: Mapping[str, str]) -> Page:
    """Results for `wd`, the page of them by `pn` from 1."""
    wanted, number = asked_for(query), query.get("pn", "1")
    first = ON_A_RESULT_PAGE * (max(1, int(number)) - 1) if number.isdigit() else 0
    found = [hit for hit in site.network.orphans if wanted and wanted in hit[2]]
    rows = "".join(
        f'<div class="result"><h3><a href="{address}">{escape(title)}</a></h3><p>{escape(name)}</p></div>'
        for name, address, title in found[first : first + ON_A_RESULT_PAGE]
    )
    more = f'<a class=next href="/s?wd={query.get("wd", "")}&pn={first // ON_A_RESULT_PAGE + 2}">下一页</a>'
    onward = more if len(found) > first + ON_A_RESULT_PAGE else ""
    return results_page(site, wanted, len(found), rows + onward)


def _licensed_here(site: SiteBuilder, work_type: WorkType) -> list[RegisteredWork]:
    """The works that have or had a licence for this site."""
    works = site.network.described.works_of(work_type)
    return [w for w in works if any(each.partition("@")[0] == site.label for each in w.licensed)]


def _is_licensed(site: SiteBuilder, work: RegisteredWork) -> bool:
    """Whether a licence is in force; one with days in the description ran out."""
    return site.label in work.licensed


SNIPPETS = ("书评:读后久久不能平静", "作者访谈:写作是慢的事情", "豆友讨论:结尾该怎么理解", "百科:创作背景与版本")
TERMS = (
    "下单后四十八小时内发货,偏远地区顺延。",
    "图书如有缺页、倒装,凭照片免费换书,运费由本店承担。",
    "满九十九元包邮,团购请与客服联系,可开具发票。",
    "本店所售均为正版图书,请放心选购。",
)
EXAMPLES = (
    ("magnet", "magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&dn=openferry-manual"),
    ("ed2k", "ed2k://|file|openferry-manual.pdf|2048000|31d6cfe0d16ae931b73c59d7e0c089c0|/"),
    ("netdisk", "https://pan.baidu.com/disk/main"),
    ("torrent", "magnet:?xt=urn:btih:88594aaacbde40ef3e2510c47374ec0aa396c08e&dn=openferry-2.0.iso"),
)
