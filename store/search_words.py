"""What a search engine takes for a word, and what a person who searches asks for."""

import re
import unicodedata

# Han (with extensions), kana and hangul: scripts written without spaces between words, or matched within them.
UNSPACED = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff])")
LONGEST = 256
"""Letters of a word that count: engines refuse a text with an endless one."""
_TYPED = re.compile(r'"([^"]*)"|(\S+)')


def split_apart(text: str) -> str:
    """`text` with a space around every character of a script without spaces, and no control characters."""
    printable = "".join(c if c.isprintable() or c.isspace() else " " for c in text)
    return UNSPACED.sub(r" \1 ", printable)


def words(text: str) -> list[str]:
    """The words of `text`: single characters of scripts without spaces, else runs of letters and digits, folded."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", split_apart(text)) if not unicodedata.combining(c))
    return [word[:LONGEST] for word in re.findall(r"\w+", unicodedata.normalize("NFKC", plain).casefold())]


def phrases(typed: str) -> list[str]:
    """The words and "quoted phrases" that a person typed, each as words with a space between; all must occur."""
    found = (re.findall(r"\w+", split_apart(quoted or word)) for quoted, word in _TYPED.findall(typed))
    return [" ".join(tokens) for tokens in found if tokens]
