"""Text to tokens: what is left when everything a copier changes without changing the text is taken away.

A token is one Chinese character (or kana, or hangul syllable) or one word of another script, as a 16-bit number. Width,
case, accents, look-alike letters, traditional forms, punctuation, spaces and invisible characters make no difference.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import opencc
from numpy.typing import NDArray

from matcher.compiled import compiled

U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]

SEPARATOR, IGNORED = 0, 1
"""Entries of the table that stand for no token: one ends a word, the other is passed over inside it."""
PLANE = 0x10000
HAN_FIRST, HAN_LAST = 0x3400, 0xA000
"""Han characters of the basic plane are their own tokens; words get the numbers outside this range."""
WORD_SPACE = PLANE - (HAN_LAST - HAN_FIRST)

# Cyrillic and Greek letters that look like Latin ones (Unicode's confusables, the common part).
LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁԛԝһӏкмнтвзɑοαερυχικνωτ",
    "aeopcyxijsdqwhlkmhtb3aoaepyxiknwt",
)
APOSTROPHES = "'’‘ʼ`´"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Parallel arrays: the tokens of a text, and where each stands in it (characters, end not included)."""

    ids: U16
    starts: U32
    ends: U32

    def __len__(self) -> int:
        return int(self.ids.size)

    def weight(self) -> int:
        """Chinese characters that a token says as much as: one where most are such, two where most are words."""
        characters = np.count_nonzero((self.ids >= HAN_FIRST) & (self.ids < HAN_LAST))
        return 1 if 2 * characters >= self.ids.size else 2

    def lengths(self) -> NDArray[np.int64]:
        """Characters of each token."""
        return np.subtract(self.ends, self.starts, dtype=np.int64)


def tokenise(text: str) -> Tokens:
    """The tokens of `text`."""
    codes = np.frombuffer(text.encode("utf-32-le", errors="surrogatepass"), np.uint32)
    return Tokens(*_tokenise(codes, _table()))


def folding_table() -> U16:
    """For each character of the basic plane the one it is folded to, SEPARATOR or IGNORED. Not to be changed."""
    return _table()


@lru_cache(maxsize=1)
def _table() -> U16:
    """For each character of the basic plane its folded character, or one of the two entries for none."""
    table = np.zeros(PLANE, np.uint16)
    han = [chr(c) for c in range(PLANE) if _is_han(c)]
    simplified = opencc.OpenCC("t2s").convert("\n".join(han)).split("\n")
    for code in range(PLANE):
        table[code] = _folded(chr(code))
    for traditional, simple in zip(han, simplified, strict=True):
        if len(simple) == 1 and ord(simple) < PLANE:
            table[ord(traditional)] = ord(simple)
    # Compatibility forms of Han characters were folded to unified ones, which may be traditional in turn.
    folded_han = (table >= HAN_FIRST) & (table < HAN_LAST)
    table[folded_han] = table[table[folded_han]]
    return table


def _folded(character: str) -> int:
    if unicodedata.category(character) in {"Cf", "Cc", "Mn", "Me", "Cs", "Co"} and character not in "\t\n\r\f\v":
        return IGNORED
    if character in APOSTROPHES:
        return IGNORED
    plain = [c for c in unicodedata.normalize("NFKD", character).lower() if not unicodedata.combining(c)]
    if unicodedata.category(character) == "Lo":
        plain = list(unicodedata.normalize("NFKC", character))
    letter = plain[0].translate(LOOKALIKES) if len(plain) == 1 else ""
    return ord(letter) if letter.isalnum() and ord(letter) < PLANE else SEPARATOR


def _is_han(code: int) -> bool:
    return HAN_FIRST <= code < HAN_LAST and unicodedata.category(chr(code)) == "Lo"


@compiled
def _tokenise(codes: U32, table: U16) -> tuple[U16, U32, U32]:
    ids = np.empty(codes.size, np.uint16)
    starts = np.empty(codes.size, np.uint32)
    ends = np.empty(codes.size, np.uint32)
    count = 0
    word = np.uint32(0)
    begun = -1
    last = 0
    for i in range(codes.size + 1):
        entry = np.uint32(SEPARATOR)
        alone = 0
        if i < codes.size:
            code = codes[i]
            if code < PLANE:
                entry = np.uint32(table[code])
                # Kana, Han and hangul are written without spaces, so each character is a token.
                alone = int(entry >= 0x3040 and (entry < HAN_LAST or (0xAC00 <= entry < 0xD7B0)))
            elif 0x20000 <= code < 0x40000:
                entry, alone = code, 1
        if entry == IGNORED:
            continue
        if begun >= 0 and (alone or entry == SEPARATOR):
            ids[count], starts[count], ends[count] = _word_id(word), begun, last + 1
            count += 1
            begun = -1
        if alone:
            token = np.uint16(entry) if HAN_FIRST <= entry < HAN_LAST else _word_id(entry * np.uint32(16777619))
            ids[count], starts[count], ends[count] = token, i, i + 1
            count += 1
        elif entry != SEPARATOR:
            if begun < 0:
                begun, word = i, np.uint32(2166136261)
            # FNV-1a (Fowler, Noll, Vo), by whole characters.
            word = (word ^ entry) * np.uint32(16777619)
            last = i
    return ids[:count].copy(), starts[:count].copy(), ends[:count].copy()


@compiled
def _word_id(word: np.uint32) -> np.uint16:
    folded = ((word ^ (word >> np.uint32(15))) * np.uint32(0x2C1B3C6D)) % np.uint32(WORD_SPACE)
    return np.uint16(folded if folded < HAN_FIRST else folded + np.uint32(HAN_LAST - HAN_FIRST))
