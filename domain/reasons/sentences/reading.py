"""Sentences about what was not compared, or is in the negative bank."""

from domain.reasons.codes import ReasonCode

SENTENCES = {
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
