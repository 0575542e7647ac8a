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
