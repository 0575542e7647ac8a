"""Sentences about films."""

from domain.reasons.codes import ReasonCode

SENTENCES = {
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
}
