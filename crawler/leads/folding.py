"""Text and titles in one form, in which the common evasive spellings are equal.

Width, case, look-alike letters and traditional forms go by the matcher's table; separators, pictures and invisible
characters between Chinese characters go altogether (斗·破·苍·穹), between words they are one space. The end of a
sentence or block stays, as no title runs across it.
"""

import re
from functools import lru_cache

import numpy as np

from matcher.text.normalise import IGNORED, PLANE, SEPARATOR, U16, folding_table

MARK = "\ue000"
"""Stands where a lead does; no page can bring it in, as private characters are dropped."""
BREAKS = "\n。！？!?；;"
QUOTES = {"《": "《", "》": "》", "〈": "《", "〉": "》", "「": "《", "」": "》", "『": "《", "』": "》"}
PARTS = re.compile(r"[\s_\-–—|·/,，:：()（）\[\]【】<>《》]+")
LONGEST_HEADING = 2_000
LONGEST_PART = 12
SPACES = re.compile(r"(?<![a-z0-9]) +| +(?![a-z0-9])")


def folded(text: str) -> str:
    """`text` in that form; a `MARK` in it stays."""
    codes = np.frombuffer(text.encode("utf-32-le", errors="replace"), np.uint32)
    table = _table()
    entries = table[np.minimum(codes, PLANE - 1)]
    entries[codes >= PLANE] = SEPARATOR
    entries = entries[entries != IGNORED]
    entries[entries == SEPARATOR] = ord(" ")
    return SPACES.sub("", re.sub(" {2,}", " ", entries.tobytes().decode("utf-16-le", errors="replace")))


def folded_heading(text: str) -> str:
    """A heading in that form, and after it each of its parts in quotation marks: a short title counts as one."""
    parts = [part for part in PARTS.split(text[:LONGEST_HEADING]) if 2 <= len(part) <= LONGEST_PART]
    return folded("\n".join([text, *(f"《{part}》" for part in dict.fromkeys(parts))]))


def without_marks(text: str) -> str:
    """`text` as strangers wrote it, without the character that is ours."""
    return text.replace(MARK, "")


@lru_cache(maxsize=1)
def _table() -> U16:
    table = folding_table().copy()
    table[[ord(each) for each in BREAKS]] = ord("\n")
    for quote, kept in QUOTES.items():
        table[ord(quote)] = ord(kept)
    table[ord(MARK)] = ord(MARK)
    return table
