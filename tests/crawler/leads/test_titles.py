"""Registered titles in running text, and what stands beside which link."""

import pytest

from crawler.leads.finding import hints_of
from crawler.leads.folding import folded
from crawler.leads.naming import named, offered
from crawler.leads.titles import TitleIndex, is_weak
from crawler.pages import HtmlPage
from domain.ids import WorkId
from domain.works import Work, WorkType

PAGE = "http://bbs.example/t/1.html"
SHARE, OTHER = "https://pan.quark.cn/s/8c1f0a7b93de", "https://pan.quark.cn/s/77aa0a7b93de"


def work(title: str, *aliases: str, title_en: str = "") -> Work:
    return Work(
        work_id=WorkId(title), title=title, title_en=title_en, aliases=aliases, type=WorkType.TEXT, owner="林晚"
    )


TITLES = TitleIndex(
    [
        work("斗破苍穹", "废柴的逆袭之路"),
        work("斗破苍穹外传"),
        work("活着"),
        work("守夜人的漫长冬天", title_en="The Long Winter"),
        work("灯塔：最后一班船！"),
        work("在线观看"),
        work("Dune"),
    ]
)


def titles_in(text: str) -> list[str]:
    return [work_id for mention in TITLES.mentions(folded(text)) for work_id in mention.works]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天读了斗破苍穹，好看", ["斗破苍穹"]),
        ("鬥破蒼穹 全集", ["斗破苍穹"]),
        ("斗·破·苍·穹", ["斗破苍穹"]),
        ("斗 破 / 苍★穹", ["斗破苍穹"]),
        ("斗🔥破🔥苍🔥穹", ["斗破苍穹"]),
        ("斗\u200b破\u200b苍\u200b穹", ["斗破苍穹"]),
        ("doupocangqiong.txt", ["斗破苍穹"]),
        ("ＤＯＵ ＰＯ ＣＡＮＧ ＱＩＯＮＧ", ["斗破苍穹"]),
        ("废柴的逆袭之路", ["斗破苍穹"]),
        ("斗破苍穹外传完整版", ["斗破苍穹外传"]),
        ("《活着》余华", ["活着"]),
        ("「活着」", ["活着"]),
        ("守夜人的慢长冬天", ["守夜人的漫长冬天"]),
        ("THE LONG  WINTER (2019)", ["守夜人的漫长冬天"]),
        ("灯塔 最后一班船", ["灯塔：最后一班船！"]),
        ("我们都活着，活着就好", []),
        ("斗破。苍穹之下", []),
        ("兜坡苍穹", []),
        ("bathe long winters", []),
        ("高清在线观看", []),
        ("dune buggy", []),
        ("斗破", []),
        ("", []),
    ],
)
def test_titles_in_text(text: str, expected: list[str]) -> None:
    assert titles_in(text) == expected


def test_no_titles_are_found_in_nothing() -> None:
    assert TitleIndex([]).mentions("斗破苍穹") == []
    assert TitleIndex([work("！"), work("")]).mentions("！") == []


@pytest.mark.parametrize("title", ["活着", "三体", "dune", "在线观看", "a b"])
def test_short_and_common_titles_are_weak(title: str) -> None:
    assert is_weak(title)


def leads_on(html: str, *free: str) -> list[tuple[str, str, list[str]]]:
    hints = hints_of(HtmlPage(PAGE, html))
    found = named(hints, TITLES, lambda work_id, _: work_id in free)
    return [(each.hidden.target, each.nearness.value, list(each.works)) for each in found]


def test_a_title_before_a_link_or_in_it_names_it() -> None:
    assert leads_on(f"<p>斗破苍穹 全集</p><p>网盘：{SHARE}</p>") == [(SHARE, "beside", ["斗破苍穹"])]
    assert leads_on(f"<a href='{SHARE}'>斗破苍穹</a>") == [(SHARE, "beside", ["斗破苍穹"])]


def test_in_a_list_each_link_has_its_own_title() -> None:
    rows = "".join(f"<li><a href='{link}'>{title}</a>" for link, title in ((SHARE, "斗破苍穹"), (OTHER, "《活着》")))
    assert leads_on(rows) == [(SHARE, "beside", ["斗破苍穹"]), (OTHER, "beside", ["活着"])]
    rows = "".join(f"<li>{title}：{link}" for link, title in ((SHARE, "斗破苍穹"), (OTHER, "《活着》")))
    assert leads_on(rows) == [(SHARE, "beside", ["斗破苍穹"]), (OTHER, "beside", ["活着"])]


def test_a_title_in_the_heading_is_less_and_no_title_is_a_lead_all_the_same() -> None:
    filler = "<p>" + "无关的话。" * 100 + "</p>"
    assert leads_on(f"<title>斗破苍穹 下载</title>{filler}{SHARE}") == [(SHARE, "page", ["斗破苍穹"])]
    assert leads_on(f"<p>好东西 {SHARE}</p>") == [(SHARE, "nowhere", [])]
    assert leads_on(f"<title>活着 资源分享 - 论坛</title>{SHARE}") == [(SHARE, "page", ["活着"])]
    assert leads_on(f"<title>好好活着 - 在线观看</title>{SHARE}") == [(SHARE, "nowhere", [])]
    assert leads_on(f"<p>斗破苍穹</p>{filler}{SHARE}") == [(SHARE, "nowhere", [])]


def test_what_a_link_calls_its_content_names_it() -> None:
    magnet = "magnet:?xt=urn:btih:3f786850e387550fdab836ed7e6dc881de23001b"
    assert leads_on(f"<a href='{magnet}&amp;dn=doupocangqiong.2023.1080p'>x</a>") == [(magnet, "beside", ["斗破苍穹"])]


def test_a_link_that_names_other_content_is_none() -> None:
    magnet = "magnet:?xt=urn:btih:3f786850e387550fdab836ed7e6dc881de23001b"
    assert leads_on(f"<a href='{magnet}&amp;dn=openferry-2.1-amd64.iso'>x</a>") == []
    assert leads_on(f"<p>斗破苍穹</p><a href='{magnet}&amp;dn=1'>x</a>") == [(magnet, "beside", ["斗破苍穹"])]


def test_a_link_beside_a_work_that_is_free_there_is_none() -> None:
    page = f"<p>斗破苍穹</p><video src='{PAGE}/a.m3u8'></video>"
    assert leads_on(page, "斗破苍穹") == []
    assert len(leads_on(page)) == 1


def test_an_example_is_a_lead_only_beside_a_title() -> None:
    assert leads_on(f"<pre>curl {SHARE}</pre>") == []
    assert leads_on(f"<pre>斗破苍穹 {SHARE}</pre>") == [(SHARE, "beside", ["斗破苍穹"])]


def test_a_page_cannot_bring_our_mark_in() -> None:
    assert leads_on(f"<p>\ue000\ue000斗破苍穹\ue000 {SHARE} \ue000</p>") == [(SHARE, "beside", ["斗破苍穹"])]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>斗*破*苍*穹 全集 免费领取，回复本帖可见</p>", ["斗破苍穹"]),
        ("<p>守夜人的漫长冬天 无删减</p>", ["守夜人的漫长冬天"]),
        ("<p>《活着》加微信</p>", ["活着"]),
        ("<p>斗破苍穹外传txt下载</p>", ["斗破苍穹外传"]),
        ("<p>The Long Winter 资源分享</p>", ["守夜人的漫长冬天"]),
        ("<p>昨天读完了斗破苍穹，写得真好</p>", []),
        ("<p>活着就要免费领取每一天</p>", []),
        ("<p>免费领取优惠券</p><p>斗破苍穹</p>", []),
        ("<ul><li><a href='/t/2'>斗破苍穹 资源分享</a></ul>", []),
        ("<p>版规：禁止发布网盘链接</p>", []),
    ],
)
def test_a_page_that_offers_a_work_in_words_is_a_lead_itself(html: str, expected: list[str]) -> None:
    lead = offered(PAGE, hints_of(HtmlPage(PAGE, html)), TITLES, lambda *_: False)
    assert (list(lead.works) if lead else []) == expected
