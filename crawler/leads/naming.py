"""Why a link is a lead: which registered titles stand near it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crawler.leads.finding import Hints
from crawler.leads.folding import MARK, folded, folded_heading
from crawler.leads.forms import Hidden
from crawler.leads.titles import Mention, TitleIndex
from domain.ids import WorkId
from domain.leads import Disguise, LeadKind, Nearness

# Folded characters within which a title stands beside a link; and what each line between them counts for.
BEFORE, AFTER, LINE = 150, 60, 30
MOST_WORKS = 5
SELF_NAMED = frozenset({LeadKind.MAGNET, LeadKind.ED2K})
"""Kinds whose own name tells what they hold; sources of films call theirs anything."""
# In folded text.
OFFER = re.compile(
    "免费(?:领取|下载|分享|送)|(?:回复|回帖)(?:本帖|后|可见)|(?:留言|私信|加(?:我|群|微信|qq))|下载地址|资源分享|求资源|(?:百度|夸克)?网盘"
    "|提取码|全集下载|txt下载|百度云|无删减|破解版"
)

Free = Callable[[WorkId, str], bool]
"""Whether a work may rightly be where a lead was seen, or at its target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A hidden link with the works that it is near, the first spelling that tells, and how near that is."""

    hidden: Hidden
    nearness: Nearness = Nearness.NOWHERE
    works: tuple[WorkId, ...] = ()
    spelling: str = ""


def named(hints: Hints, titles: TitleIndex, is_free: Free) -> list[Named]:
    """The leads of a page.

    A link beside the title of a work that is free there is none; nor is one near no title that says nothing.
    """
    beside = titles.mentions(hints.words)
    heading = titles.mentions(hints.heading)
    places = [at for at, character in enumerate(hints.words) if character == MARK]
    found = []
    for number, hidden in enumerate(hints.hidden):
        place = places[number] if number < len(places) else None
        near = _in_names(hidden, titles) or _nearest(place, hints.words, beside)
        lead = _judged(hidden, near, Nearness.BESIDE, is_free) if near else None
        if not near:
            lead = _judged(hidden, heading, Nearness.PAGE, is_free) if heading else Named(hidden=hidden)
        if lead and not (lead.nearness is Nearness.NOWHERE and _says_nothing(hidden)):
            found.append(lead)
    return found


def _says_nothing(hidden: Hidden) -> bool:
    """Whether a link near no title is none: it stands in an example, or itself calls its content something else."""
    return hidden.sample or (hidden.kind in SELF_NAMED and bool(hidden.names))


def offered(url: str, hints: Hints, titles: TitleIndex, is_free: Free) -> Named | None:
    """The page itself as a lead, when its words offer a work: a title with the words of an offer close after it."""
    for mention in titles.mentions(hints.own):
        if OFFER.search(hints.own, mention.end, mention.end + AFTER):
            page = Hidden(kind=LeadKind.TITLE, target=url, written=mention.spelling, disguise=Disguise.NONE)
            return _judged(page, [mention], Nearness.BESIDE, is_free)
    return None


def named_by(hidden: Hidden, titles: TitleIndex, texts: Sequence[str], is_free: Free) -> Named | None:
    """A link found in what a page shows, by its own names, else by titles in `texts`, which speak of that page."""
    near = _in_names(hidden, titles)
    if near:
        return _judged(hidden, near, Nearness.BESIDE, is_free)
    about = [mention for text in texts for mention in titles.mentions(folded_heading(text))]
    if about:
        return _judged(hidden, about, Nearness.PAGE, is_free)
    return None if _says_nothing(hidden) else Named(hidden=hidden)


def _in_names(hidden: Hidden, titles: TitleIndex) -> list[Mention]:
    return [mention for name in hidden.names for mention in titles.mentions(folded(name))]


def _nearest(place: int | None, words: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The title that stands nearest to a place; empty when none stands beside it."""
    if place is None:
        return []
    best, least = None, BEFORE + 1
    for mention in mentions:
        if mention.end <= place and place - mention.end <= BEFORE:
            distance = place - mention.end + LINE * min(3, words.count("\n", mention.end, place))
        elif place < mention.start <= place + AFTER and "\n" not in words[place : mention.start]:
            distance = mention.start - place - 1
        else:
            continue
        if distance < least:
            best, least = mention, distance
    return [best] if best else []


def _judged(hidden: Hidden, mentions: Sequence[Mention], nearness: Nearness, is_free: Free) -> Named | None:
    """The lead for those works that are not free there; None when all of them are."""
    works: dict[WorkId, str] = {}
    for mention in mentions:
        for work in mention.works:
            works.setdefault(work, mention.spelling)
    accusable = [work for work in list(works)[: 4 * MOST_WORKS] if not is_free(work, hidden.target)][:MOST_WORKS]
    if not accusable:
        return None
    spelling = works[accusable[0]]
    return Named(hidden=hidden, nearness=nearness, works=tuple(accusable), spelling=spelling.strip("《》"))
