"""Sentences about packages."""

from domain.reasons.codes import ReasonCode

SENTENCES = {
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
}
