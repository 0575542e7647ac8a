"""What an answer with a page in it turns out to be.

*Blocked* is never *removed*, and neither is what cannot be told: removal takes a status of 404 or 410 with a page that
is no wall, or a notice that says why this page was taken down. A page with much to read is content whatever else stands
on it (a login box, a captcha for comments): taking content for a refusal would lose a finding, while comparing a
refusal finds nothing.
"""

from dataclasses import dataclass

from crawler.outcomes import SUCCESS, Answer, Judgement, of_answer
from crawler.pages import HtmlPage
from crawler.walls import marks, words
from crawler.walls.shape import Shape, shape_of
from domain.captures import FetchOutcome

# Characters, those of links included, up to which a page may be nothing but a refusal.
SHORT = 600
# Characters outside links up to which a page with a maker's mark is a wall: some explain themselves at length.
LONGEST_WALL = 2_000
# The same, links included, of a page that only sets a cookie and loads itself again.
LONGEST_LOADER = 120
# What a page that answers 404 may turn out to be instead of removed.
NOT_REMOVED = frozenset(
    {FetchOutcome.BLOCKED, FetchOutcome.LOGIN, FetchOutcome.GEO_BLOCKED, FetchOutcome.PARKED, FetchOutcome.ERROR}
)
# What a page that is refused with 401, 402, 403 and the like may turn out to be in particular.
NOT_BLOCKED = frozenset({FetchOutcome.LOGIN, FetchOutcome.GEO_BLOCKED, FetchOutcome.PARKED, FetchOutcome.REMOVED})
CONTENT = Judgement(outcome=FetchOutcome.CONTENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A judgement, and why the page must be drawn by a browser to be read; empty when it need not."""

    judgement: Judgement
    needs_browser: str = ""


def of_page(page: HtmlPage, answer: Answer = SUCCESS) -> Verdict:
    """Judge a page by its answer and what it is made of."""
    if maker := marks.maker_in_headers(dict(answer.headers)):
        return _wall(maker)
    shape = shape_of(page)
    if maker := _maker(shape):
        return _wall(maker)
    short = shape.size + shape.linked <= SHORT
    refused = of_answer(answer)
    if refused is not None:
        return _refused(refused, shape, short=short)
    told = words.meaning(shape) if short else None
    if told is not None:
        return Verdict(judgement=told)
    if short and (why := _unreadable(shape)):
        return _unknown(why, shape)
    return Verdict(judgement=CONTENT, needs_browser=_empty_player(shape) or (_empty_place(shape) if short else ""))


def _maker(shape: Shape) -> str:
    if shape.size > LONGEST_WALL:
        return ""
    if maker := marks.maker_of_wall(shape.machinery):
        return maker
    bare = shape.size + shape.linked <= LONGEST_LOADER and not shape.media
    return "its own" if bare and marks.COOKIE_AND_RELOAD.search(shape.machinery) else ""


def _wall(maker: str) -> Verdict:
    return Verdict(judgement=Judgement(outcome=FetchOutcome.BLOCKED, reason=f"a wall of {maker}"))


def _unknown(why: str, shape: Shape) -> Verdict:
    needs = why if shape.scripts else ""
    return Verdict(judgement=Judgement(outcome=FetchOutcome.UNKNOWN, reason=why), needs_browser=needs)


def _refused(refused: Judgement, shape: Shape, *, short: bool) -> Verdict:
    """A refusal by status, in the light of its page."""
    told = words.meaning(shape) if short else None
    if refused.outcome is FetchOutcome.REMOVED:
        if told is not None and told.outcome in NOT_REMOVED:
            return Verdict(judgement=told)
        if shape.size > SHORT and not words.says_it_is_gone(shape):
            return Verdict(judgement=CONTENT)  # some sites answer 404 and show the text all the same
        if told is None and (shape.scripts or shape.forms) and (why := _unreadable(shape)):
            # An application answers every address alike, and only its script knows which exist.
            return _unknown(why, shape)
    elif told is not None and refused.outcome in {FetchOutcome.BLOCKED, FetchOutcome.LOGIN}:
        return Verdict(judgement=told if told.outcome in NOT_BLOCKED else refused)
    elif told is not None and refused.outcome is FetchOutcome.ERROR and told.outcome is FetchOutcome.BLOCKED:
        return Verdict(judgement=told)
    return Verdict(judgement=refused)


def _unreadable(shape: Shape) -> str:
    """Why a short page shows nothing by which to tell what it is; empty when it does."""
    if shape.media or shape.refreshes or shape.size >= words.NOTHING:
        return ""
    if shape.scripts and _is_shell(shape):
        return "its content is made by a script"
    if not shape.size and not shape.links:
        return "there is nothing to read"
    if shape.forms and shape.links <= 2 and not shape.writes:
        return "a form and next to nothing to read"
    return ""


def _is_shell(shape: Shape) -> bool:
    bare = words.only_waits(shape) and shape.links <= 2
    return bare or shape.mount or shape.waiting or words.asks_for_script(shape)


def _empty_place(shape: Shape) -> str:
    """Why a short page must be drawn though something can be read: what is missing is what it is for."""
    missing = shape.waiting or (shape.mount and shape.size < words.NOTHING)
    if not missing or not shape.scripts or shape.films or words.running_text(shape) >= words.NOTHING:
        return ""
    return "part of it is made by a script"


def _empty_player(shape: Shape) -> str:
    """Why a page with a place for a player must be drawn: neither the film nor where it is stands in the page."""
    if not shape.player or shape.films or not shape.scripts or marks.PLAYS.search(shape.machinery):
        return ""
    return "its player is made by a script"
