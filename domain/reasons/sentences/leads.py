"""Sentences about leads and the shares they lead to."""

from domain.reasons.codes import ReasonCode

SENTENCES = {
    ReasonCode.SHARE_ALIVE: (
        "{netdisk_zh}的分享仍在（{said}）。",
        "The share on {netdisk_en} is there ({said}).",
    ),
    ReasonCode.SHARE_NEEDS_CODE: (
        "{netdisk_zh}的分享仍在，须凭提取码查看（{said}）。",
        "The share on {netdisk_en} is there and wants its extraction code ({said}).",
    ),
    ReasonCode.SHARE_WRONG_CODE: (
        "{netdisk_zh}的分享仍在，但提取码不对（{said}）。",
        "The share on {netdisk_en} is there, but its extraction code is another ({said}).",
    ),
    ReasonCode.SHARE_EXPIRED: (
        "{netdisk_zh}称该分享已过期（{said}）。",
        "{netdisk_en} says that the share has expired ({said}).",
    ),
    ReasonCode.SHARE_REMOVED: (
        "{netdisk_zh}称该分享已取消、删除或不存在（{said}）；隔一段时间再次确认后才算移除。",
        "{netdisk_en} says that the share was cancelled, deleted or never was ({said});"
        " it counts as removed once that was confirmed some time later.",
    ),
    ReasonCode.SHARE_BLOCKED: (
        "{netdisk_zh}未让查看（{said}）；不能据此认为已移除。",
        "{netdisk_en} did not let us look ({said}); that is no removal.",
    ),
    ReasonCode.SHARE_UNKNOWN: (
        "{netdisk_zh}的回答无法判断（{said}）；不能据此认为已移除。",
        "The answer of {netdisk_en} tells nothing ({said}); that is no removal.",
    ),
    ReasonCode.LEAD_BESIDE_TITLE: (
        "{kind_zh}{disguise_zh}，旁边写有作品名《{title}》（页面写作“{spelling}”）；是否侵权需比对或人工判断。",
        "{kind_en}{disguise_en}, beside the title “{title}” (spelt “{spelling}” here);"
        " only a comparison or a person can tell whether it is a copy.",
    ),
    ReasonCode.LEAD_ON_PAGE_OF_TITLE: (
        "{kind_zh}{disguise_zh}，所在页面的标题含作品名《{title}》（页面写作“{spelling}”）；是否侵权需比对或人工判断。",
        "{kind_en}{disguise_en}, on a page whose heading names “{title}” (spelt “{spelling}” there);"
        " only a comparison or a person can tell whether it is a copy.",
    ),
    ReasonCode.LEAD_WITHOUT_TITLE: (
        "{kind_zh}{disguise_zh}，附近没有登记作品的名称。",
        "{kind_en}{disguise_en}; no registered title stands near it.",
    ),
}
