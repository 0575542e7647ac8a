"""How a lead is called in its reason, in Chinese and English."""

from crawler.leads.naming import Named
from domain.leads import Disguise, LeadKind, Nearness
from domain.reasons import Reason, ReasonCode

KINDS: dict[LeadKind, tuple[str, str]] = {
    LeadKind.NETDISK: ("网盘分享链接", "a share on a netdisk"),
    LeadKind.MAGNET: ("磁力链接", "a magnet link"),
    LeadKind.TORRENT: ("种子文件", "a torrent file"),
    LeadKind.ED2K: ("电驴链接", "an ed2k link"),
    LeadKind.STREAM: ("流媒体播放列表", "a playlist of a stream"),
    LeadKind.MEDIA: ("音视频文件", "a file of sound or film"),
    LeadKind.PLAYER: ("嵌入的播放页", "an embedded player"),
    LeadKind.DOWNLOAD: ("压缩包、安装包或电子书", "an archive, installer or book"),
    LeadKind.PAGE: ("站外页面", "a page of another site"),
    LeadKind.TITLE: ("只以文字提供作品的页面", "a page that offers something in words alone"),
    LeadKind.SOURCES: ("片源或书源列表", "a list of sources"),
}
DISGUISES: dict[Disguise, tuple[str, str]] = {
    Disguise.NONE: ("", ""),
    Disguise.PLAIN_TEXT: ("（以文字写出）", " (written out as text)"),
    Disguise.SPLIT: ("（被拆开或夹杂文字）", " (split up by other characters)"),
    Disguise.ENCODED: ("（经编码）", " (encoded)"),
    Disguise.SCRIPT: ("（在脚本中）", " (in a script)"),
    Disguise.PICTURE: ("（在图片二维码中）", " (in the QR code of a picture)"),
}
CODES = {
    Nearness.BESIDE: ReasonCode.LEAD_BESIDE_TITLE,
    Nearness.PAGE: ReasonCode.LEAD_ON_PAGE_OF_TITLE,
    Nearness.NOWHERE: ReasonCode.LEAD_WITHOUT_TITLE,
}


def reason_of(named: Named, title: str) -> Reason:
    """Why a link is a lead; `title` is that of the work it is nearest to, empty when there is none."""
    kind_zh, kind_en = KINDS[named.hidden.kind]
    disguise_zh, disguise_en = DISGUISES[named.hidden.disguise]
    said = {"kind_zh": kind_zh, "kind_en": kind_en, "disguise_zh": disguise_zh, "disguise_en": disguise_en}
    if named.nearness is not Nearness.NOWHERE:
        said |= {"title": title, "spelling": named.spelling}
    return Reason.of(CODES[named.nearness], **said)
