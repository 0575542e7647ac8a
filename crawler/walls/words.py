"""What a short page says of itself. Only statements count, and only those that are most of what the page says."""

import re

from crawler.outcomes import Judgement
from crawler.walls import marks, phrases
from crawler.walls.shape import Shape
from domain.captures import FetchOutcome

# Characters outside links below which there is nothing to compare (`matcher.text.minimum_characters`).
NOTHING = 100
# Characters of a notice that is all a page says; of a longer page it must be this share.
NOTICE = 300
NOTICE_SHARE = 0.25
LONGEST_STATEMENT = 200
# Links that a wall has at most; pages with more lead somewhere.
FEW_LINKS = 12
# Pictures of a refusal: a logo, a drawing, a code to scan.
FEW_PICTURES = 3
# A page that says no more than "404".
BARE = 60
# A paragraph of so many characters that is no refusal is running text.
PARAGRAPH = 40
REFUSALS = (
    *(phrases.CHALLENGE, phrases.TURNED_AWAY, phrases.LOGIN_WALL, phrases.PAY_WALL, phrases.GEO, phrases.TAKEN_DOWN),
    *(phrases.FOR_SALE, phrases.PLACEHOLDER, phrases.BROKEN, phrases.NEEDS_SCRIPT),
)
# What may be seen without signing in when only this may not.
PART_OF_PAGE = re.compile(
    r"附件|下载|回复|回帖|评论|发帖|发表|收藏|点赞|attachment|download|comment|reply", re.IGNORECASE
)


def meaning(shape: Shape) -> Judgement | None:
    """What a short page says it is instead of content; None when it says nothing of the kind.

    A page with running text beside what it says is content, unless its very title says that it is gone or a login.
    """
    if running_text(shape) >= NOTHING:
        return _gone(shape, titles_only=True) or (_sign_in(shape) if _is_titled_login(shape) else None)
    if _is_parked(shape):
        return Judgement(outcome=FetchOutcome.PARKED, reason="a parked domain or a host's placeholder")
    speaks_about = any(map(_asks, _titles(shape)))
    first = None if speaks_about else _refusal(shape)
    told = first or _gone(shape) or _sign_in(shape)
    return told if told or speaks_about else _out_of_order(shape)


def _refusal(shape: Shape) -> Judgement | None:
    """A captcha, a border or a notice, in this order: the first two are no removal whatever else they say."""
    if _is_challenge(shape):
        return Judgement(outcome=FetchOutcome.BLOCKED, reason="a captcha page")
    if _states(shape, phrases.GEO):
        return Judgement(outcome=FetchOutcome.GEO_BLOCKED, reason="says that it is not shown in this region")
    if _is_taken_down(shape):
        return Judgement(outcome=FetchOutcome.REMOVED, reason="says that it was taken down upon complaint")
    return None


def running_text(shape: Shape) -> int:
    """Characters of paragraphs that refuse nothing."""
    return sum(len(b) for b in shape.blocks if len(b) >= PARAGRAPH and not any(p.search(b) for p in REFUSALS))


def _is_titled_login(shape: Shape) -> bool:
    return shape.asks_for_password and any(map(phrases.LOGIN_WORD.search, _titles(shape)))


def _gone(shape: Shape, *, titles_only: bool = False) -> Judgement | None:
    if says_it_is_gone(shape) or (not titles_only and any(map(_is_gone, _clauses_of_notice(shape)))):
        return Judgement(outcome=FetchOutcome.SOFT_404, reason="says that the page does not exist")
    return None


def _out_of_order(shape: Shape) -> Judgement | None:
    if shape.links <= FEW_LINKS and _states(shape, phrases.BROKEN):
        return Judgement(outcome=FetchOutcome.ERROR, reason="says that the site is out of order")
    titles = [text for text in _titles(shape) if phrases.TURNED_AWAY.search(text) and not phrases.REPORTS.search(text)]
    if titles and any(map(phrases.TURNED_AWAY.search, shape.blocks)):
        return Judgement(outcome=FetchOutcome.BLOCKED, reason="a page that turns robots away")
    return None


def says_it_is_gone(shape: Shape) -> bool:
    """Whether a clause of the title or a heading says that there is no such page."""
    clauses = list(phrases.clauses(_titles(shape)))
    bare = shape.size <= BARE and not shape.media
    return any(_is_gone(clause) and (bare or not phrases.BARE_NUMBER.fullmatch(clause)) for clause in clauses)


def only_waits(shape: Shape) -> bool:
    """Whether all it says is that one must wait."""
    return all(phrases.WAITING.fullmatch(block) for block in shape.blocks)


def asks_for_script(shape: Shape) -> bool:
    """Whether it says that it needs JavaScript."""
    return bool(phrases.NEEDS_SCRIPT.search(" ".join((shape.noscript, *shape.blocks))))


def _titles(shape: Shape) -> tuple[str, ...]:
    return (shape.title, *shape.headings)


def _clauses_of_notice(shape: Shape) -> list[str]:
    if shape.size > NOTICE or shape.media > FEW_PICTURES:
        return []
    said = (block for block in shape.blocks if not _is_hedged(block))
    return [clause for clause in phrases.clauses(said) if not phrases.BARE_NUMBER.fullmatch(clause)]


def _is_gone(clause: str) -> bool:
    return (
        3 <= len(clause) <= 120
        and clause not in {"不存在", "找不到", "不见了", "已失效"}
        and bool(phrases.GONE.fullmatch(clause))
    )


def _statements(shape: Shape) -> list[str]:
    """What the page states: its titles, and the paragraphs that are much of what it says."""
    least = 0 if shape.size <= NOTICE else NOTICE_SHARE * shape.size
    said = [shape.title, *(block for block in shape.blocks if len(block) >= least or block in shape.headings)]
    unquoted = (phrases.QUOTED.sub("", text) for text in said)
    sentences = (sentence for text in unquoted for sentence in re.split(r"(?<=[。！!])|(?<=\.)\s", text))
    return [s for s in sentences if len(s) <= LONGEST_STATEMENT and not _is_hedged(s)]


def _is_hedged(sentence: str) -> bool:
    return _asks(sentence) or bool(phrases.REPORTS.search(sentence))


def _asks(sentence: str) -> bool:
    """Whether it is a question or a lesson; what a wall asks ("are you a robot?") is neither."""
    rest = phrases.CHALLENGE.sub("", sentence)
    return bool(phrases.ASKS.search(rest if rest.strip("?？ ") else ""))


def _states(shape: Shape, pattern: re.Pattern[str]) -> bool:
    return shape.media <= FEW_PICTURES and any(map(pattern.search, _statements(shape)))


def _is_parked(shape: Shape) -> bool:
    if shape.films or shape.size > NOTICE * 2:
        return False
    if marks.PARKING.search(shape.machinery) and shape.size <= NOTICE:
        return True
    return _states(shape, phrases.FOR_SALE) or (shape.links <= FEW_LINKS and _states(shape, phrases.PLACEHOLDER))


def _is_challenge(shape: Shape) -> bool:
    widget = bool(marks.WIDGETS.search(shape.machinery))
    if shape.films or shape.writes or shape.asks_for_password or (shape.links > FEW_LINKS and not widget):
        return False
    if _states(shape, phrases.CHALLENGE):
        return True
    asks = phrases.TOPIC.search(" ".join((*_titles(shape), *shape.blocks, shape.controls)))
    return widget and asks is not None and shape.size <= NOTICE and not shape.media and shape.links <= FEW_LINKS


def _is_taken_down(shape: Shape) -> bool:
    if shape.films or shape.media > FEW_PICTURES or any(map(_is_hedged, _titles(shape))):
        return False
    stated = [s for s in _statements(shape) if not phrases.PROMISES.search(s)]
    return any(phrases.TAKEN_DOWN.search(s) and phrases.THIS.search(s) for s in stated)


def _sign_in(shape: Shape) -> Judgement | None:
    """A login or a pay wall: both ask for an account, and we have none."""
    few = shape.links <= FEW_LINKS and shape.media <= FEW_PICTURES and not shape.films
    if not few:
        return None
    asked = " ".join((*_titles(shape), *shape.blocks, shape.controls))
    if shape.asks_for_password and (shape.size < NOTHING or phrases.LOGIN_WORD.search(asked)):
        return Judgement(outcome=FetchOutcome.LOGIN, reason="a login page")
    stated = [s for s in _statements(shape) if not PART_OF_PAGE.search(s)]
    if any(map(phrases.PAY_WALL.search, stated)):
        return Judgement(outcome=FetchOutcome.LOGIN, reason="asks to pay")
    if any(map(phrases.LOGIN_WALL.search, stated)):
        return Judgement(outcome=FetchOutcome.LOGIN, reason="asks to sign in")
    return None
