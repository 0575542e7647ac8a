"""The clothes that pages wear: each operator's template, with its adverts, counters and lists of other pages."""

from collections.abc import Sequence
from html import escape

from tests.mocknet.description import Operator

ADVERTS = ("【广告】充值送会员,点此领取", "【推荐】装机必备助手下载", "【福利】每日签到领积分", "热门小游戏,点开即玩")
HEADS = {"gb18030": '<meta charset="gbk">', "utf-8": '<meta charset="utf-8">'}
Link = tuple[str, str]
"""Address and words."""


def dressed(
    operator: Operator,
    site: str,
    title: str,
    inner: str,
    *,
    charset: str = "utf-8",
    related: Sequence[Link] = (),
    cdn: str = "",
    head: str = "",
) -> bytes:
    """A whole page in the template of an operator. `cdn` is where styles and adverts come from."""
    named = escape(title)
    parts = {
        "head": HEADS[charset]
        + f"<title>{named} - {escape(site)}</title>"
        + f'<link rel="shortcut icon" href="/favicon.ico"><link rel="stylesheet" href="{cdn}/{operator.template}.css">'
        + head,
        "nav": _anchors([("/", "首页"), ("/list/1.html", "最新"), ("/about.html", "关于")]),
        "title": f"<h1>{named}</h1>",
        "inner": inner,
        "related": _anchors(related),
        "advert": _advert(operator, title),
        "footer": _footer(operator, site),
    }
    return TEMPLATES[operator.template].format(**parts).encode(charset, errors="xmlcharrefreplace")


def _anchors(links: Sequence[Link]) -> str:
    return " ".join(f'<a href="{escape(address)}">{escape(words)}</a>' for address, words in links)


def _advert(operator: Operator, title: str) -> str:
    if not operator.ad_account:
        return ""
    slot = sum(map(ord, title)) % len(ADVERTS)
    unit = f"{operator.ad_account}_{slot}"
    return f'<div class="ad" id="{unit}">{ADVERTS[slot]}</div><script>var ad_unit="{unit}";</script>'


def _footer(operator: Operator, site: str) -> str:
    counted = f'<script async src="https://stat.example/{operator.analytics}"></script>' if operator.analytics else ""
    registered = f" {operator.icp}" if operator.icp else ""
    return f"© {escape(site)}{registered}{counted}"


TEMPLATES = {
    "classic": (
        "<!DOCTYPE html><html><head>{head}</head><body><div id=hd>{nav}</div>{title}{advert}<div id=main>{inner}</div>"
        "<div id=side><h3>相关推荐</h3>{related}</div><div id=ft>{footer}</div></body></html>"
    ),
    "panels": (
        "<!DOCTYPE html><html><head>{head}</head><body><header><nav>{nav}</nav></header><main><article>{title}{inner}"
        "</article><aside>{related}</aside></main>{advert}<footer>{footer}</footer></body></html>"
    ),
    "cinema": (
        "<html><head>{head}</head><body><table width=960><tr><td colspan=2>{nav}</td></tr><tr><td valign=top>{title}"
        "{inner}</td><td width=200>{advert}{related}</td></tr><tr><td colspan=2>{footer}</td></tr></table></body>"
        "</html>"
    ),
    "board": (
        "<!DOCTYPE html><html><head>{head}</head><body><div class=bar>{nav}</div><div class=thread>{title}"
        "<div class=floor>{inner}</div></div>{advert}<ul class=more><li>{related}</li></ul>"
        "<div class=foot>{footer}</div></body></html>"
    ),
}
