"""What copiers do to texts. Every alteration takes the text and a random source, and gives the altered text."""

import random
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

import opencc

Alteration = Callable[[str, random.Random], str]

PINYIN = dict(zip("的了是我他不人有之其", "de le shi wo ta bu ren you zhi qi".split(), strict=True))
ADVERTS = (
    "【本章未完请点击下一页】",
    "手机阅读更方便,收藏本站",
    "最新章节请上免费小说网",
    "(广告)天天看好书",
    "求推荐票求收藏",
)
FILLER = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所"
    "民得经"
)
COMMON_WORDS = tuple(
    "the of and to a in that it is was he for on with as his they be at one have this from had by not but".split()
)
ENGLISH_ADVERTS = (
    "Read the next chapter on our site",
    "This content is taken from freenovels",
    "Click here for more free books",
    "Support us by sharing this page",
    "Visit our forum for the latest updates",
)
CYRILLIC = dict(zip("aeopcxy", "\u0430\u0435\u043e\u0440\u0441\u0445\u0443", strict=True))
WORD = re.compile(r"[A-Za-z][A-Za-z']*")
HAN = re.compile("[\u4e00-\u9fff]")


def verbatim(text: str, _: random.Random) -> str:
    return text


def without_punctuation(text: str, _: random.Random) -> str:
    return re.sub(r"[^\w]", "", text)


def traditional(text: str, _: random.Random) -> str:
    return str(_converter().convert(text))


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def zero_width(text: str, chance: random.Random) -> str:
    return "".join(c + ("\u200b" if chance.random() < 0.3 else "") for c in text)


def pinyin(text: str, chance: random.Random) -> str:
    return "".join(PINYIN.get(c, "x") if HAN.match(c) and chance.random() < 0.1 else c for c in text)


def substituted(share: float) -> Alteration:
    def alter(text: str, chance: random.Random) -> str:
        return "".join(chance.choice(FILLER) if HAN.match(c) and chance.random() < share else c for c in text)

    return alter


def deleted(share: float) -> Alteration:
    def alter(text: str, chance: random.Random) -> str:
        return "".join(c for c in text if chance.random() >= share)

    return alter


def inserted(share: float) -> Alteration:
    def alter(text: str, chance: random.Random) -> str:
        return "".join(c + (chance.choice(FILLER) if chance.random() < share else "") for c in text)

    return alter


def with_adverts(every: int) -> Alteration:
    def alter(text: str, chance: random.Random) -> str:
        pieces = [text[i : i + every] for i in range(0, len(text), every)]
        return "".join(piece + chance.choice(ADVERTS) for piece in pieces)

    return alter


def shuffled_sentences(text: str, chance: random.Random) -> str:
    sentences = re.findall(r"[^。!?！？]+[。!?！？]*", text)
    chance.shuffle(sentences)
    return "".join(sentences)


def combined(text: str, chance: random.Random) -> str:
    step = with_adverts(80)(substituted(0.1)(without_punctuation(text, chance), chance), chance)
    return zero_width(traditional(step, chance), chance)


def _by_word(text: str, change: Callable[[str], str]) -> str:
    return WORD.sub(lambda found: change(found.group()), text)


def words_substituted(share: float) -> Alteration:
    def alter(text: str, chance: random.Random) -> str:
        return _by_word(text, lambda word: chance.choice(COMMON_WORDS) if chance.random() < share else word)

    return alter


def words_deleted(share: float) -> Alteration:
    def alter(text: str, chance: random.Random) -> str:
        return _by_word(text, lambda word: "" if chance.random() < share else word)

    return alter


def words_inserted(share: float) -> Alteration:
    def alter(text: str, chance: random.Random) -> str:
        return _by_word(text, lambda word: f"{word} {chance.choice(COMMON_WORDS)}" if chance.random() < share else word)

    return alter


def capitals_without_punctuation(text: str, _: random.Random) -> str:
    return re.sub(r"[^\w\s]", "", text).upper()


def lookalikes(text: str, chance: random.Random) -> str:
    return "".join(CYRILLIC.get(c, c) if chance.random() < 0.3 else c for c in text)


def with_english_adverts(every: int) -> Alteration:
    def alter(text: str, chance: random.Random) -> str:
        words = text.split(" ")
        pieces = [" ".join(words[i : i + every]) for i in range(0, len(words), every)]
        return " ".join(f"{piece} {chance.choice(ENGLISH_ADVERTS)}" for piece in pieces)

    return alter


def shuffled_english_sentences(text: str, chance: random.Random) -> str:
    sentences = re.split(r"(?<=[.!?])\s+", text)
    chance.shuffle(sentences)
    return " ".join(sentences)


def combined_english(text: str, chance: random.Random) -> str:
    step = with_english_adverts(60)(words_substituted(0.1)(text, chance), chance)
    return zero_width(capitals_without_punctuation(lookalikes(step, chance), chance), chance)


ALTERATIONS: Mapping[str, Alteration] = {
    "verbatim": verbatim,
    "no_punctuation": without_punctuation,
    "traditional": traditional,
    "zero_width": zero_width,
    "pinyin10": pinyin,
    "substituted10": substituted(0.1),
    "substituted20": substituted(0.2),
    "substituted30": substituted(0.3),
    "substituted40": substituted(0.4),
    "deleted5": deleted(0.05),
    "deleted15": deleted(0.15),
    "inserted10": inserted(0.10),
    "adverts50": with_adverts(50),
    "shuffled": shuffled_sentences,
    "combined": combined,
}

ENGLISH_ALTERATIONS: Mapping[str, Alteration] = {
    "verbatim": verbatim,
    "capitals": capitals_without_punctuation,
    "zero_width": zero_width,
    "lookalikes": lookalikes,
    "substituted10": words_substituted(0.1),
    "substituted20": words_substituted(0.2),
    "substituted30": words_substituted(0.3),
    "substituted40": words_substituted(0.4),
    "deleted5": words_deleted(0.05),
    "deleted15": words_deleted(0.15),
    "inserted10": words_inserted(0.10),
    "adverts30": with_english_adverts(30),
    "shuffled": shuffled_english_sentences,
    "combined": combined_english,
}
"""The same for English, by words."""
