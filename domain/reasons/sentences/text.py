"""Sentences about texts."""

from domain.reasons.codes import ReasonCode

SENTENCES = {
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
}
