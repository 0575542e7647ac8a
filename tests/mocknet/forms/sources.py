"""Lists of sources for players and readers (TVBox, Legado), and netdisks' share pages."""

import json

from domain.ids import short_digest
from tests.mocknet.description import RegisteredWork
from tests.mocknet.forms.leads import any_works
from tests.mocknet.keys import key_of
from tests.mocknet.world import SiteBuilder

COLLECTED = ("yingshi-a", "yingshi-c", "caiji")
"""Film sites of the network that have an interface for collectors."""
READ = ("biquge-a", "fanti")
"""Novel sites that have a search."""
NO_LISTS = (
    ("package.json", {"name": "ferry", "version": "1.0.0", "dependencies": {"left": "^1.0.0"}}),
    ("weather.json", {"sites": [{"name": "北站", "temp": 21}], "updated": "2026-11-20"}),
    ("manifest.json", {"name": "影视仓", "icons": [{"src": "/favicon.ico"}], "start_url": "/"}),
)


def source_list(site: SiteBuilder) -> None:
    """A list for players and one for readers; every address in them is a lead to follow, and proves nothing."""
    net = site.network
    apis = [net.url(label, "/api.php/provide/vod/") for label in COLLECTED]
    apis += [f"https://vod{n}.{site.label}.example/api.php/provide/vod/" for n in range(3)]
    player = {
        "spider": f"{site.url('/jar/spider.jar')};md5;0",
        "sites": [{"key": f"k{n}", "name": f"源{n}", "type": 1, "api": api} for n, api in enumerate(apis)],
        "lives": [],
    }
    reader = [
        {
            "bookSourceUrl": net.url(label, "/").rstrip("/"),
            "bookSourceName": f"书源{n}",
            "searchUrl": "/search?wd={{key}}",
            "ruleToc": {"chapterList": "ul li"},
        }
        for n, label in enumerate(READ)
    ]
    lists = {"/tv.json": player, "/book.json": reader}
    for path, content in lists.items():
        site.file(path, json.dumps(content, ensure_ascii=False).encode(), "application/json; charset=utf-8")
    rows = "".join(f'<li><a href="{path}">{site.url(path)}</a></li>' for path in lists)
    site.page("/sources.html", "接口与书源", f"<ul>{rows}</ul>")
    for api in apis:
        site.lead("source_list", None, "/tv.json", key_of(api))
    for row in reader:
        site.lead("source_list", None, "/book.json", key_of(str(row["bookSourceUrl"])))
    for name, content in NO_LISTS:
        site.file(f"/{name}", json.dumps(content, ensure_ascii=False).encode(), "application/json")
        site.page(f"/{name}.html", f"文件 {name}", f'<a href="/{name}">查看</a>')
        site.decoy("source_list", f"/{name}", key_of(site.url(f"/{name}")))


def share(site: SiteBuilder) -> None:
    """Share pages of the site's own netdisk in every state, beside its home, help and price pages."""
    works = any_works(site)
    for n, work in enumerate(works):
        for state, (outcomes, words) in STATES.items():
            path = _share_path(site, state, n)
            site.page(path, _heading(state, work), words.format(title=work.title), shown=n == 0 and state == "alive")
            site.wall("dead_share" if state in DEAD else f"share_{state}", path, outcomes, is_decoy=state not in DEAD)
    paths = [_share_path(site, state, n) for n in range(len(works)) for state in STATES]
    listed = "".join(f'<li><a href="{path}">分享 {n}</a></li>' for n, path in enumerate(paths))
    site.page("/plaza.html", "分享广场", f"<ul>{listed}</ul>")
    for n, (heading, words) in enumerate(OWN_PAGES.items()):
        site.page(f"/own/{n}.html", heading, f"<p>{words}</p>" * 3)
        site.decoy("netdisk", f"/own/{n}.html", key_of(site.url(f"/own/{n}.html")))


def _share_path(site: SiteBuilder, state: str, number: int) -> str:
    return f"/s/{short_digest(f'{site.label} {state} {number}')[:12]}"


def _heading(state: str, work: RegisteredWork) -> str:
    return work.title if state in {"alive", "code"} else "分享提示"


DEAD = ("cancelled", "expired", "violating")
GONE = ("removed", "soft_404")
# The outcomes that are right, and what the page says. One that asks for a code is there, whatever it hides.
STATES = {
    "alive": (("content",), "<p>分享文件</p><ul><li>{title}.zip 1.2G</li></ul><button>保存到我的网盘</button>"),
    "code": (
        ("content", "login", "blocked"),
        "<p>请输入提取码</p><input name=pwd maxlength=4><button>提取文件</button>",
    ),
    "cancelled": (GONE, "<p>啊哦,来晚了,该分享已被取消,内容不存在</p>"),
    "expired": (GONE, "<p>分享链接已过期,页面不存在</p>"),
    "violating": (GONE, "<p>此链接分享内容因涉及侵权已被删除,无法访问</p>"),
}
OWN_PAGES = {
    "帮助中心": "如何上传文件?点击上传按钮,选择文件,等待进度条走完即可。忘记提取码请联系分享人。",
    "会员价格": "普通会员每月十二元,空间两千吉;超级会员每月二十五元,空间五千吉,支持在线解压。",
    "客户端下载": "支持电脑、手机和平板。安装后用手机号登录,文件自动同步,断点续传。",
}
