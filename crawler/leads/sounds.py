"""How Chinese characters sound: their pinyin, and one character for all that sound alike.

Each character has its most frequent reading, the same in titles and in text, so that one that has several agrees with
itself.
"""

from functools import lru_cache

import pypinyin

FIRST, LAST = 0x3400, 0xA000


def pinyin_of(text: str) -> list[str]:
    """The syllables of Chinese characters without tones; empty when one has no reading."""
    syllables: list[str] = pypinyin.lazy_pinyin(text, errors="ignore")
    return syllables if len(syllables) == len(text) else []


def alike_in_sound(text: str) -> str:
    """`text` of the same length, each Chinese character replaced by the first of those that sound as it does."""
    return text.translate(_table())


@lru_cache(maxsize=1)
def _table() -> dict[int, int]:
    first: dict[str, int] = {}
    table = {}
    for code in range(FIRST, LAST):
        for reading in pypinyin.lazy_pinyin(chr(code), errors="ignore"):
            table[code] = first.setdefault(reading, code)
    return table
