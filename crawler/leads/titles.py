"""Registered titles in running text: one pass for all of them, whatever common evasive spelling is used.

Titles and text are folded alike (crawler/leads/folding.py). Beside the title itself its pinyin is looked for and, of
long titles, whatever sounds the same. A short title, or one made of the words that every such site uses, counts only
in quotation marks; alone it says nothing.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import ahocorasick_rs

from crawler.leads.folding import BREAKS, QUOTES, folded
from crawler.leads.sounds import alike_in_sound, pinyin_of
from domain.ids import WorkId
from domain.works import Work

SHORTEST_HAN = 4
SHORTEST_LATIN = 9
"""Letters of a title in words; it has two words at least."""
SHORTEST_HOMOPHONE = 6
SHORTEST_PINYIN = 12
LONGEST = 120
# Titles that are no titles on a site of books or films.
COMMON = frozenset(
    str.split(
        "在线观看 免费阅读 最新章节 全集下载 全文阅读 高清电影 电视剧集 百度网盘 网盘资源 提取密码 下载地址 更多精彩 "
        "热门推荐 猜你喜欢 加入书架 相关推荐 天下第一 人在江湖 我的世界 生活常识"
    )
)
HAN = re.compile("[\u3400-\u9fff]")
UNTITLED = re.compile(f"[{BREAKS}\r{''.join(QUOTES)}]")
EDGE = re.compile("[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A title in folded text: where, how it is spelt there, and the works that bear it."""

    start: int
    end: int
    spelling: str
    works: tuple[WorkId, ...]


class TitleIndex:
    """The titles and aliases of all works. Immutable, and safe to use from several threads."""

    def __init__(self, works: Iterable[Work]) -> None:
        spelt: dict[str, dict[WorkId, None]] = {}
        sounding: dict[str, dict[WorkId, None]] = {}
        borne = [(work.work_id, title) for work in works for title in (work.title, work.title_en, *work.aliases)]
        for (work_id, _), plain in zip(borne, plain_titles([title for _, title in borne]), strict=True):
            for spelling in spellings(plain):
                spelt.setdefault(spelling, {})[work_id] = None
            if len(plain) >= SHORTEST_HOMOPHONE and _is_han(plain) and not is_weak(plain):
                sounding.setdefault(alike_in_sound(plain), {})[work_id] = None
        self._spelt, self._sounding = _Automaton(spelt), _Automaton(sounding)

    def mentions(self, text: str) -> list[Mention]:
        """The titles in folded `text`, in order; of those that overlap the longest of the first."""
        found = [mention for mention in self._spelt.search(text, text) if _stands_alone(text, mention)]
        if self._sounding:
            taken = {mention.start for mention in found}
            heard = self._sounding.search(alike_in_sound(text), text)
            found += [mention for mention in heard if mention.start not in taken]
        return sorted(found, key=lambda mention: mention.start)


def plain_titles(titles: Sequence[str]) -> list[str]:
    """The folded titles, without quotation marks and ends of sentences."""
    together = folded("\n".join(UNTITLED.sub(" ", title) for title in titles))
    return [title.strip() for title in together.split("\n")] if titles else []


def spellings(plain: str) -> Iterator[str]:
    """What is looked for in folded text for one folded title or alias."""
    if not 2 <= len(plain) <= LONGEST:
        return
    if is_weak(plain):
        if plain not in COMMON:
            yield f"《{plain}》"
        return
    yield plain
    if _is_han(plain):
        syllables = pinyin_of(plain)
        if syllables and sum(map(len, syllables)) >= SHORTEST_PINYIN:
            yield "".join(syllables)
            yield " ".join(syllables)


def is_weak(plain: str) -> bool:
    """Whether a folded title alone says nothing: too short, or common words."""
    if plain in COMMON:
        return True
    han = len(HAN.findall(plain))
    if han:
        return han < SHORTEST_HAN
    return " " not in plain or len(plain) < SHORTEST_LATIN


def _is_han(plain: str) -> bool:
    return all(HAN.match(character) for character in plain)


def _stands_alone(text: str, mention: Mention) -> bool:
    """Whether a title that begins or ends with a letter or digit is not a part of a longer word there."""
    begins = EDGE.match(text, mention.start) and mention.start and EDGE.match(text, mention.start - 1)
    ends = EDGE.match(text, mention.end - 1) and EDGE.match(text, mention.end)
    return not begins and not ends


class _Automaton:
    """Many patterns, each of some works."""

    def __init__(self, patterns: dict[str, dict[WorkId, None]]) -> None:
        self._works = [tuple(works) for works in patterns.values()]
        self._found = (
            ahocorasick_rs.AhoCorasick(
                list(patterns), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest, store_patterns=False
            )
            if patterns
            else None
        )

    def __bool__(self) -> bool:
        return self._found is not None

    def search(self, text: str, shown: str) -> Iterator[Mention]:
        """The patterns in `text`, spelt as `shown`, which is of the same length, has them."""
        if self._found is not None:
            for pattern, start, end in self._found.find_matches_as_indexes(text):
                yield Mention(start, end, shown[start:end], self._works[pattern])


NO_TITLES = TitleIndex(())
