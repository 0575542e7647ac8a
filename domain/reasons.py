"""Why something was matched, refused or left unjudged: a code with values, spoken in Chinese or English.

Every sentence of the matcher and of the alerts comes from here, so that both languages always say the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class ReasonCode(StrEnum):
    """Stable names; other tools may key on them."""

    TEXT_COPY = "text_copy"
    TEXT_AMBIGUOUS_SOURCE = "text_ambiguous_source"
    TEXT_SHARED_SOURCE = "text_shared_source"
    TEXT_LONG_EXTRACT = "text_long_extract"
    TEXT_QUOTATION = "text_quotation"
    TEXT_TOO_SHORT = "text_too_short"
    IMAGE_SAME_FILE = "image_same_file"
    IMAGE_NEAR_DUPLICATE = "image_near_duplicate"
    IMAGE_LOCAL_FEATURES = "image_local_features"
    IMAGE_SHARED_PART = "image_shared_part"
    IMAGE_SAME_SCENE = "image_same_scene"
    IMAGE_SAME_TEMPLATE = "image_same_template"
    IMAGE_TOO_PLAIN = "image_too_plain"
    IMAGE_TOO_SMALL = "image_too_small"
    IMAGE_TOO_LARGE = "image_too_large"
    AUDIO_COPY = "audio_copy"
    AUDIO_AMBIGUOUS_SOURCE = "audio_ambiguous_source"
    AUDIO_SHORT_PART = "audio_short_part"
    AUDIO_THIN = "audio_thin"
    AUDIO_TOO_SHORT = "audio_too_short"
    AUDIO_TOO_PLAIN = "audio_too_plain"
    VIDEO_COPY = "video_copy"
    VIDEO_AMBIGUOUS_SOURCE = "video_ambiguous_source"
    VIDEO_SHORT_PART = "video_short_part"
    VIDEO_LIKENESS = "video_likeness"
    VIDEO_STILL = "video_still"
    VIDEO_SOUND = "video_sound"
    VIDEO_TOO_SHORT = "video_too_short"
    VIDEO_TOO_PLAIN = "video_too_plain"
    SOFTWARE_COPY = "software_copy"
    SOFTWARE_PART = "software_part"
    SOFTWARE_AMBIGUOUS_SOURCE = "software_ambiguous_source"
    SOFTWARE_SAME_NAME = "software_same_name"
    SOFTWARE_TOO_LITTLE = "software_too_little"
    SOFTWARE_TOO_LARGE = "software_too_large"
    SOFTWARE_NOT_OPENED = "software_not_opened"
    SHARE_ALIVE = "share_alive"
    SHARE_NEEDS_CODE = "share_needs_code"
    SHARE_WRONG_CODE = "share_wrong_code"
    SHARE_EXPIRED = "share_expired"
    SHARE_REMOVED = "share_removed"
    SHARE_BLOCKED = "share_blocked"
    SHARE_UNKNOWN = "share_unknown"
    LEAD_BESIDE_TITLE = "lead_beside_title"
    LEAD_ON_PAGE_OF_TITLE = "lead_on_page_of_title"
    LEAD_WITHOUT_TITLE = "lead_without_title"
    NEGATIVE_ITEM = "negative_item"
    NEGATIVE_PART = "negative_part"
    NEGATIVE_ONLY = "negative_only"
    UNREADABLE = "unreadable"
    FILE_EMPTY = "file_empty"
    FILE_TOO_LARGE = "file_too_large"
    NOT_A_FILE = "not_a_file"
    LINK_NOT_FOLLOWED = "link_not_followed"
    READING_LATE = "reading_late"
    READING_TOO_LARGE = "reading_too_large"
    READING_CRASHED = "reading_crashed"
    NOTHING_SIMILAR = "nothing_similar"
    NO_REFERENCES = "no_references"
    UNSUPPORTED_TYPE = "unsupported_type"


SENTENCES: Mapping[ReasonCode, tuple[str, str]] = MappingProxyType(
    {
        ReasonCode.TEXT_COPY: (
            "正文{coverage:.0%}与该作品逐段对应（共{matched}字，最长一段{longest}字）。",
            "{coverage:.0%} of the main text follows the work passage by passage"
            " ({matched} characters, the longest passage {longest}).",
        ),
        ReasonCode.TEXT_AMBIGUOUS_SOURCE: (
            "正文{coverage:.0%}与该作品对应，但《{other}》也几乎同样吻合，来源不能确定，需人工判断。",
            "{coverage:.0%} of the main text follows the work, but “{other}” fits almost as well:"
            " the source is uncertain and a person must decide.",
        ),
        ReasonCode.TEXT_SHARED_SOURCE: (
            "正文{coverage:.0%}与该作品对应，改动较多或出自共同来源，需人工判断。",
            "{coverage:.0%} of the main text resembles the work; it is much altered or from a shared source,"
            " and a person must decide.",
        ),
        ReasonCode.TEXT_LONG_EXTRACT: (
            "页面含该作品长段摘录（{matched}字，占正文{coverage:.0%}），需人工判断。",
            "The page holds a long extract of the work ({matched} characters, {coverage:.0%} of its main text);"
            " a person must decide.",
        ),
        ReasonCode.TEXT_QUOTATION: (
            "页面引用该作品{matched}字（占正文{coverage:.0%}），属引用，不计入。",
            "The page quotes {matched} characters of the work ({coverage:.0%} of its main text): not counted.",
        ),
        ReasonCode.TEXT_TOO_SHORT: (
            "可比对文字仅{length}字，少于{minimum}字，不作判断。",
            "Only {length} comparable characters, fewer than {minimum}: not judged.",
        ),
        ReasonCode.IMAGE_SAME_FILE: (
            "图片文件与登记文件完全相同。",
            "The picture is the registered file, byte for byte.",
        ),
        ReasonCode.IMAGE_NEAR_DUPLICATE: (
            "整幅图片与登记图片几乎相同（PDQ 距离 {distance}/256{form_zh}）。",
            "The whole picture is nearly the registered one (PDQ distance {distance} of 256{form_en}).",
        ),
        ReasonCode.IMAGE_LOCAL_FEATURES: (
            "图片中{inliers}处细节与登记图片几何一致，覆盖登记图片可见部分的{cells:.0%}。",
            "{inliers} details line up with the registered picture and cover {cells:.0%} of its visible part.",
        ),
        ReasonCode.IMAGE_SHARED_PART: (
            "仅局部与登记图片一致（{inliers}处细节，覆盖{cells:.0%}），可能是共用素材，需人工判断。",
            "Only a part lines up with the registered picture ({inliers} details, {cells:.0%} covered):"
            " perhaps shared material, and a person must decide.",
        ),
        ReasonCode.IMAGE_SAME_SCENE: (
            "{inliers}处细节与登记图片大致对应，但不到像素级，可能是同一场景的另一张照片，需人工判断。",
            "{inliers} details stand about where the registered picture has them, but not to the pixel:"
            " perhaps another photograph of the same scene, and a person must decide.",
        ),
        ReasonCode.IMAGE_SAME_TEMPLATE: (
            "与登记图片版式或构图相同，但其中{contradicted:.0%}的图形、{clash:.0%}的颜色不符，可能出自同一模板，需人工判断。",
            "Laid out like the registered picture, but {contradicted:.0%} of the shapes and {clash:.0%} of the colours"
            " are others:"
            " perhaps made from one template, and a person must decide.",
        ),
        ReasonCode.IMAGE_TOO_PLAIN: (
            "图片过于单调，不足以判断。",
            "The picture is too plain to be judged.",
        ),
        ReasonCode.IMAGE_TOO_SMALL: (
            "图片仅{width}×{height}像素，过小，不作判断。",
            "The picture is only {width}×{height} pixels: too small to be judged.",
        ),
        ReasonCode.IMAGE_TOO_LARGE: (
            "图片{width}×{height}像素，超过{limit}像素上限，未解码。",
            "The picture has {width}×{height} pixels, above the limit of {limit}, and was not decoded.",
        ),
        ReasonCode.AUDIO_COPY: (
            "有{seconds}秒声音与该作品同步对应（最清晰一段{share:.0%}的频谱峰一致）。",
            "{seconds} seconds run along with the work ({share:.0%} of the spectral peaks agree where it is clearest).",
        ),
        ReasonCode.AUDIO_AMBIGUOUS_SOURCE: (
            "有{seconds}秒声音与该作品同步对应，但《{other}》也同样吻合，来源不能确定，需人工判断。",
            "{seconds} seconds run along with the work, but “{other}” fits as well:"
            " the source is uncertain and a person must decide.",
        ),
        ReasonCode.AUDIO_SHORT_PART: (
            "仅{seconds}秒声音与该作品同步对应（{share:.0%}的频谱峰一致），其余不同，需人工判断。",
            "Only {seconds} seconds run along with the work ({share:.0%} of the spectral peaks agree),"
            " the rest does not: a person must decide.",
        ),
        ReasonCode.AUDIO_THIN: (
            "{seconds}秒声音与该作品部分对应（{share:.0%}的频谱峰一致），可能是共用素材，需人工判断。",
            "{seconds} seconds run along with the work in part ({share:.0%} of the spectral peaks agree):"
            " perhaps shared material, and a person must decide.",
        ),
        ReasonCode.AUDIO_TOO_SHORT: (
            "可比对声音仅{seconds}秒，少于{minimum}秒，不作判断。",
            "Only {seconds} seconds of sound, fewer than {minimum}: not judged.",
        ),
        ReasonCode.AUDIO_TOO_PLAIN: (
            "声音过于单调，不足以判断。",
            "The sound is too plain to be judged.",
        ),
        ReasonCode.VIDEO_COPY: (
            "影片{query}处有{seconds}秒与该作品{work}处同步对应{form_zh}，画面变化的吻合度为{agreement:.0%}{sound_zh}。",
            "{seconds} s of the film run along {work} of the work, from {query} on{form_en}:"
            " {agreement:.0%} of what changes in the picture agrees{sound_en}.",
        ),
        ReasonCode.VIDEO_AMBIGUOUS_SOURCE: (
            "影片{query}处有{seconds}秒与该作品{work}处同步对应{form_zh}，但《{other}》也同样吻合，"
            "来源不能确定，需人工判断。",
            "{seconds} s of the film run along {work} of the work, from {query} on{form_en}, but “{other}” fits as"
            " well: the source is uncertain and a person must decide.",
        ),
        ReasonCode.VIDEO_SHORT_PART: (
            "影片中仅{query}处的{seconds}秒与该作品{work}处同步对应{form_zh}，其余不同，可能是片头或引用，需人工判断。",
            "Only {seconds} s of the film run along {work} of the work, from {query} on{form_en}, the rest does not:"
            " perhaps an opening or an extract, and a person must decide.",
        ),
        ReasonCode.VIDEO_LIKENESS: (
            "影片{query}处有{seconds}秒画面与该作品{work}处相似{form_zh}，但变化不一致（吻合度{agreement:.0%}），"
            "可能摄于同一场景，需人工判断。",
            "{seconds} s of the film look like {work} of the work, from {query} on{form_en}, but change otherwise"
            " ({agreement:.0%} agrees): perhaps filmed at the same place, and a person must decide.",
        ),
        ReasonCode.VIDEO_STILL: (
            "影片{query}处有{seconds}秒画面与该作品{work}处相同{form_zh}，但几乎静止，可能是共用画面，需人工判断。",
            "{seconds} s of the film show the picture that stands at {work} of the work, from {query} on{form_en},"
            " and hardly change: perhaps a shared picture, and a person must decide.",
        ),
        ReasonCode.VIDEO_SOUND: (
            "影片{query}处有{seconds}秒声音与该作品{work}处的声音同步对应，画面不同，需人工判断。",
            "{seconds} s of the film's sound run along that of the work at {work}, from {query} on, but the pictures"
            " do not: a person must decide.",
        ),
        ReasonCode.VIDEO_TOO_SHORT: (
            "可比对画面仅{seconds}秒，少于{minimum}秒，不作判断。",
            "Only {seconds} seconds of film, fewer than {minimum}: not judged.",
        ),
        ReasonCode.VIDEO_TOO_PLAIN: (
            "画面过于单调，不足以判断。",
            "The film is too plain to be judged.",
        ),
        ReasonCode.SOFTWARE_COPY: (
            "仅该作品持有的{files}个文件中，有{found}个在此出现（{same}个完全相同），按分量计占{share:.0%}。",
            "{found} of {files} files that only this work holds are here ({same} of them the same),"
            " {share:.0%} of them by weight.",
        ),
        ReasonCode.SOFTWARE_PART: (
            "仅该作品持有的{files}个文件中，有{found}个在此出现（占其分量{share:.0%}，占本文件{query_share:.0%}），"
            "可能是共用的库，需人工判断。",
            "{found} of {files} files that only this work holds are here ({share:.0%} of them by weight,"
            " {query_share:.0%} of this file): perhaps a library that both use, and a person must decide.",
        ),
        ReasonCode.SOFTWARE_AMBIGUOUS_SOURCE: (
            "该作品文件的{share:.0%}在此出现，但《{other}》也几乎同样吻合，来源不能确定，需人工判断。",
            "{share:.0%} of the work's files are here, but “{other}” fits almost as well:"
            " the source is uncertain and a person must decide.",
        ),
        ReasonCode.SOFTWARE_SAME_NAME: (
            "软件自称“{name}”，与该作品同名{signer_zh}，但内容少有相同，需人工判断。",
            "The software calls itself “{name}”, as the work does{signer_en}, but little in it is the same:"
            " a person must decide.",
        ),
        ReasonCode.SOFTWARE_TOO_LITTLE: (
            "{files}个文件中可供辨认的内容过少（分量{weight}，少于{minimum}），不作判断。",
            "Too little to tell it by in {files} files (weight {weight}, below {minimum}): not judged.",
        ),
        ReasonCode.SOFTWARE_TOO_LARGE: (
            "文件展开超出限度（{bound}），未登记。",
            "Unpacking the file passed a bound ({bound}); it was not registered.",
        ),
        ReasonCode.SOFTWARE_NOT_OPENED: (
            "压缩包无法打开（{problem}），不作判断。",
            "The archive cannot be opened ({problem}): not judged.",
        ),
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
        ReasonCode.NEGATIVE_ITEM: (
            "对应部分的{share:.0%}也见于负样本库中的“{item}”，不计入。",
            "{share:.0%} of what lines up also stands in the negative bank (“{item}”): not counted.",
        ),
        ReasonCode.NEGATIVE_PART: (
            "对应部分的{share:.0%}也见于负样本库中的“{item}”，其余是否侵权需人工判断。",
            "{share:.0%} of what lines up also stands in the negative bank (“{item}”):"
            " a person must decide about the rest.",
        ),
        ReasonCode.NEGATIVE_ONLY: (
            "仅与负样本库中的“{item}”相符，未发现与任何登记作品相似。",
            "Nothing resembles a registered work; “{item}” of the negative bank was recognised.",
        ),
        ReasonCode.UNREADABLE: (
            "文件无法读取：{problem}",
            "The file cannot be read: {problem}",
        ),
        ReasonCode.FILE_EMPTY: (
            "文件为空。",
            "The file is empty.",
        ),
        ReasonCode.FILE_TOO_LARGE: (
            "文件有{size}字节，超过{limit}字节上限，未读取。",
            "The file has {size} bytes, above the limit of {limit}, and was not read.",
        ),
        ReasonCode.NOT_A_FILE: (
            "不是普通文件，未读取。",
            "It is no regular file, and was not read.",
        ),
        ReasonCode.LINK_NOT_FOLLOWED: (
            "是文件夹内的符号链接，未跟随。",
            "It is a symbolic link inside a folder, and was not followed.",
        ),
        ReasonCode.READING_LATE: (
            "读取文件所需处理器时间超过{seconds}秒，已中止。",
            "Reading the file took more than {seconds} seconds of processor time and was stopped.",
        ),
        ReasonCode.READING_TOO_LARGE: (
            "读取文件所需内存超过{bytes}字节，已中止。",
            "Reading the file takes more than {bytes} bytes of memory and was stopped.",
        ),
        ReasonCode.READING_CRASHED: (
            "文件使读取进程异常终止（{ended}）。",
            "The file made the process that read it end ({ended}).",
        ),
        ReasonCode.NOTHING_SIMILAR: (
            "未发现与任何登记作品相似。",
            "Nothing resembles a registered work.",
        ),
        ReasonCode.NO_REFERENCES: (
            "没有可比对的登记作品。",
            "No registered work of this type has reference files to compare with.",
        ),
        ReasonCode.UNSUPPORTED_TYPE: (
            "尚不能比对此类文件（{media_type}）。",
            "Files of this type ({media_type}) cannot be compared yet.",
        ),
    }
)

AFTERWARDS = (
    "（页面抓取于{captured_on}，作品登记后补比。）",
    " The page was captured on {captured_on}, and compared once the work was registered.",
)

FAILURES = frozenset(
    {ReasonCode.UNREADABLE, ReasonCode.READING_LATE, ReasonCode.READING_TOO_LARGE, ReasonCode.READING_CRASHED}
)
"""The reasons that say that something went wrong, rather than that there is too little to judge."""

Value = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason code and the values its sentence speaks of."""

    code: ReasonCode
    values: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, code: ReasonCode, **values: Value) -> "Reason":
        """A reason with its values by name."""
        return cls(code=code, values=tuple(sorted(values.items())))

    def afterwards(self, captured_on: date) -> "Reason":
        """The same reason for what was captured on a day and compared later."""
        return Reason.of(self.code, **dict(self.values) | {"captured_on": captured_on.isoformat()})

    def sentence(self, language: str) -> str:
        """The reason in Chinese (`zh…`) or English (anything else)."""
        values, spoken = dict(self.values), 0 if language.startswith("zh") else 1
        sentence = SENTENCES[self.code][spoken].format(**values)
        return sentence + AFTERWARDS[spoken].format(**values) if "captured_on" in values else sentence
