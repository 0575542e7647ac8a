"""Sentences about sounds."""

from domain.reasons.codes import ReasonCode

SENTENCES = {
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
}
