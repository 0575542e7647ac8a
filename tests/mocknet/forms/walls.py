"""Walls: pages that are not what they should be, and beside each a page that only looks like one."""

from collections.abc import Mapping

from tests.mocknet.innocents import entries
from tests.mocknet.world import SiteBuilder, paragraphs
from tests.mocksite.alterations import Page

# Outcomes that are right; what the page says; status and headers.
WALLS: Mapping[str, tuple[tuple[str, ...], str, str, int, tuple[tuple[str, str], ...]]] = {
    "captcha": (("blocked",), "安全验证", "<p>请完成验证后继续访问</p><div class=captcha>请输入验证码</div>", 200, ()),
    "forbidden": (("blocked", "geo_blocked"), "禁止访问", "<p>您的请求已被拦截</p>", 403, ()),
    "rate_limited": (("rate_limited", "blocked"), "稍后再试", "<p>访问过于频繁</p>", 429, (("Retry-After", "900"),)),
    "login": (("login",), "用户登录", "<form>账号<input name=u>密码<input type=password name=p></form>", 200, ()),
    "soft_404": (("soft_404",), "页面不存在", "<p>抱歉,您访问的页面不存在或已被删除</p>", 200, ()),
    "parked": (("parked",), "域名出售", "<p>本域名正在出售,有意请联系经纪。This domain is for sale.</p>", 200, ()),
}
LOOKALIKES = {
    "captcha": ("验证码是怎样发明的", "早年的验证码是几个歪扭的字母,要人看了再敲进去。"),
    "forbidden": ("禁止访问的小岛", "渔民们说那座岛禁止访问,其实只是浪大。"),
    "rate_limited": ("稍后再试的人", "他打了三次电话,每一次都说稍后再试。"),
    "login": ("登录月球的那个夏天", "登录二字写错了,应当是登陆,可是谁也没有去改。"),
    "soft_404": ("404 号房间", "客栈没有 404 号房间,掌柜的说,找不到该页面一样,找不到那间房。"),
    "parked": ("卖域名的人", "他靠出售域名过活,最好的一个卖给了一家面馆。"),
}
COUNT = 2


def build_walls(site: SiteBuilder) -> None:
    """The walls that the description gives this site, each with its look-alike."""
    for form in site.described.walls:
        outcomes, heading, words, status, headers = WALLS[form]
        for n in range(COUNT):
            path = f"/wall/{form}-{n}.html"
            body = f"<html><head><meta charset=utf-8><title>{heading}</title></head><body><h1>{heading}</h1>{words}"
            site.network.put(site.label, path, Page(body.encode(), status=status, headers=headers))
            site.show(path, f"热门内容 {n + 1}")
            site.wall(form, path, outcomes)
        title, opening = LOOKALIKES[form]
        piece = entries()[site.described.number % len(entries())]
        site.page(f"/tale/{form}.html", title, f"<p>{opening}</p>" + paragraphs(piece.text))
        site.wall(form, f"/tale/{form}.html", ("content",), is_decoy=True)
