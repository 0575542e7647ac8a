"""Pairs that show what is a copy of a text and what is not."""

from matcher.worktypes import Content, Example

_STORY = (
    "渡口的老船工姓何,村里人都叫他何伯。他的船比他的年纪小不了多少,船帮上的桐油刷了一层又一层,日头底下亮得像一面旧镜子。"
    "每天清早,第一班过河的总是去镇上卖菜的妇人,竹筐里的青菜还滴着露水。何伯不急着撑篙,先把每只筐的位置摆匀了,"
    "才慢慢解开缆绳。他说,船和人一样,心里不能偏。有一年发大水,上游冲下来一头小牛,他把缆绳系在自己腰上跳了下去,"
    "牛救上来了,他却在床上躺了半个月。来看他的人踏破了门槛,他只问一句:渡船有没有人照看?"
)
_OTHER = (
    "修表铺开在巷子拐角,门脸只有一扇窗那么宽。师傅戴着寸镜,整个下午都不抬头,柜台上摆满了拆开的机芯,齿轮细得像鱼鳞。"
    "有人拿来一块停了二十年的怀表,说是祖父留下的,不求走得准,只求能再响一声。师傅没有问价钱,把表贴在耳边听了很久,"
    "像是在听里头有没有雨。第三天傍晚,表修好了,滴答声很轻,客人捧在手心里,半天没有说话。"
)
_REVIEW = (
    "这篇小说写得克制。作者写渡口的老船工,只用一句“他说,船和人一样,心里不能偏”就把性格立住了,不必再费笔墨。"
    "我更喜欢的是结尾的留白:病榻上的人惦记的不是自己,读到这里难免想起家乡那些沉默的长辈。"
    "若说不足,中段的水灾交代得太快,人物的恐惧没有展开,配角也略显单薄,希望作者今后能把笔放慢一些,写写岸上的人。"
)


def _page(name: str, text: str) -> Content:
    return Content(data=text.encode(), name=name, media_type="text/plain", charset="utf-8")


EXAMPLES = (
    Example(registered=_page("ferry.txt", _STORY), query=_page("same.txt", _STORY), verdict="copy"),
    Example(
        registered=_page("ferry.txt", _STORY),
        query=_page("disguised.txt", _STORY.replace(",", "，\u200b").replace("他", "tā").replace("船", "舩")),
        verdict="copy",
    ),
    Example(registered=_page("ferry.txt", _STORY), query=_page("review.txt", _REVIEW), verdict="quotation"),
    Example(registered=_page("ferry.txt", _STORY), query=_page("watch.txt", _OTHER), verdict="no_match"),
    Example(registered=_page("ferry.txt", _STORY), query=_page("short.txt", _STORY[:60]), verdict="abstained"),
)
