"""All that a page hides: every form in every place of it, each target once."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from crawler.leads import media
from crawler.leads.codes import code_near
from crawler.leads.disguises import decoded_tokens, joined_lines, narrowed, unescaped, unquoted
from crawler.leads.flow import Flow, Mark, flow_of
from crawler.leads.folding import MARK, folded, folded_heading, without_marks
from crawler.leads.forms import MOST_LEADS, Hidden
from crawler.leads.magnets import links_in, unwrapped
from crawler.leads.netdisks import shares_in
from crawler.leads.players import variables_in
from crawler.pages import HtmlPage
from crawler.urls import host_of, resolve
from domain.leads import LONGEST_WRITTEN, Disguise, LeadKind

FRAMES = frozenset({"iframe", "frame", "embed", "object"})
# How far the words of a code may stand from a link.
BEFORE, AFTER = 40, 120
MOST_OWN = 20_000
"""Characters of a page's own words in which an offer is looked for."""
# What a link has that says more than where a page of the same site is.
TELLING = re.compile(r"[:%=]|aHR0c|bWFnbmV0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a page hides, in the order of the page, and its words in the form in which titles are looked for."""

    hidden: tuple[Hidden, ...] = ()
    words: str = ""
    """Folded, with a `MARK` where each of `hidden` stands."""
    heading: str = ""
    """Title and main headings, folded."""
    own: str = ""
    """What it says itself, folded: the words of links speak of other pages."""


NO_HINTS = Hints()


def hints_of(page: HtmlPage) -> Hints:
    """What a page hides. Time is linear in its length; at most `MOST_LEADS` are told."""
    flow = flow_of(page.root)
    text = narrowed(flow.text)
    found = chain(_linked(page, flow, text), _written(flow, text), _kept(flow), _scripted(flow))
    hidden = sorted(_once(found), key=lambda each: each.at)
    return Hints(
        hidden=tuple(hidden),
        words=folded(_marked(flow.text, [each.at for each in hidden])),
        heading=folded_heading(without_marks(f"{page.title}\n{page.headings}")),
        own=folded(without_marks(page.own_words[:MOST_OWN])),
    )


def links_within(text: str) -> Iterator[Hidden]:
    """Every form of link that a text holds as it is written."""
    yield from shares_in(text)
    yield from links_in(text)
    yield from media.addresses_in(text)
    for start, end, link in unwrapped(text):
        for inner in _inside(link):
            yield replace(inner, at=start, end=end, written=text[start:end], disguise=Disguise.ENCODED)


def _inside(link: str) -> list[Hidden]:
    """What the wrapper of a download program holds: any form, or else an address of no telling ending."""
    found = [*shares_in(link), *links_in(link), *media.addresses_in(link)]
    if found or not media.ADDRESS.fullmatch(link):
        return found
    return [Hidden(kind=LeadKind.DOWNLOAD, target=link, written=link)]


def _linked(page: HtmlPage, flow: Flow, text: str) -> Iterator[Hidden]:
    for number, mark in enumerate(flow.links):
        following = flow.links[number + 1].at if number + 1 < len(flow.links) else len(text)
        after = text[mark.at : min(max(following, mark.at), mark.at + AFTER)]
        for found in _of_link(page, mark):
            code = found.code
            if found.kind is LeadKind.NETDISK and not code:
                code = code_near(text[max(0, mark.at - BEFORE) : mark.at], after)
            yield replace(found, at=mark.at, end=mark.at, code=code)


def _of_link(page: HtmlPage, mark: Mark) -> list[Hidden]:
    value = mark.value.strip()
    value = value if value.isascii() else narrowed(value)
    said = _said(value) if TELLING.search(value) else []
    # Most links are to pages, and need no more than a look at their endings.
    if said or not (mark.tag in FRAMES or media.kind_of(value) or "://" in unquoted(value)[8:]):
        return said
    address = resolve(page.base, value)
    return [] if address is None else list(_of_address(page, mark, address))


def _said(value: str) -> list[Hidden]:
    wrapped = (
        replace(each, written=value, disguise=Disguise.ENCODED)
        for _, _, link in unwrapped(value)
        for each in _inside(link)
    )
    return [*shares_in(value), *links_in(value)] or [*wrapped] or [*_behind(value)]


def _of_address(page: HtmlPage, mark: Mark, address: str) -> Iterator[Hidden]:
    told = media.of_address(address) or media.handed_to_player(address)
    if told is not None:
        yield told
    elif mark.tag in FRAMES and host_of(address) != host_of(page.url) and media.is_player(address):
        yield Hidden(kind=LeadKind.PLAYER, target=address, written=mark.value)


def _behind(value: str) -> Iterator[Hidden]:
    """What the address of a page that leads elsewhere (`/go?url=…`) holds, percent-encoded or in base64."""
    plain = unquoted(value)
    if plain != value:
        yield from (replace(each, written=value) for each in chain(shares_in(plain), links_in(plain)))
    for piece in decoded_tokens(plain):
        yield from _encoded(piece.text, value)


def _written(flow: Flow, text: str) -> Iterator[Hidden]:
    open_ones = []
    for found in links_within(text):
        open_ones.append(found.at)
        plain = Disguise.PLAIN_TEXT if found.disguise is Disguise.NONE else found.disguise
        yield replace(found, disguise=plain, sample=flow.is_sample(found.at))
    open_ones.sort()
    for piece in joined_lines(text):
        if bisect_left(open_ones, piece.start) != bisect_left(open_ones, piece.end):
            continue  # what would be joined to it there are other words
        for found in chain(shares_in(piece.text), links_in(piece.text)):
            code = found.code or code_near(text[max(0, piece.start - BEFORE) : piece.start], text[piece.end :][:AFTER])
            written = text[piece.start : piece.end].strip()
            yield _placed(found, piece.start, written, Disguise.SPLIT, flow, code=code)
    for piece in decoded_tokens(text):
        for found in _encoded(piece.text, text[piece.start : piece.end]):
            code = found.code or code_near("", text[piece.end :][:AFTER])
            yield _placed(found, piece.start, found.written, Disguise.ENCODED, flow, code=code)


def _kept(flow: Flow) -> Iterator[Hidden]:
    for mark in flow.attributes:
        value = narrowed(mark.value)
        for found in links_within(value):
            yield _placed(found, mark.at, found.written, Disguise.PLAIN_TEXT, flow)
        for piece in decoded_tokens(value):
            for found in _encoded(piece.text, value):
                yield _placed(found, mark.at, value, Disguise.ENCODED, flow)


def _scripted(flow: Flow) -> Iterator[Hidden]:
    for mark in flow.scripts:
        for found in variables_in(mark.value):
            yield _placed(found, mark.at, found.written, Disguise.SCRIPT, flow)
        script = unescaped(mark.value)
        for found in links_within(script):
            yield _placed(found, mark.at, found.written, Disguise.SCRIPT, flow)
        for piece in decoded_tokens(script):
            for found in _encoded(piece.text, script[piece.start : piece.end]):
                yield _placed(found, mark.at, found.written, Disguise.SCRIPT, flow)


def _encoded(text: str, written: str) -> Iterator[Hidden]:
    for found in links_within(text):
        yield replace(found, written=written, disguise=Disguise.ENCODED)


def _placed(found: Hidden, at: int, written: str, disguise: Disguise, flow: Flow, *, code: str = "") -> Hidden:
    return replace(
        found,
        at=at,
        end=at,
        written=written,
        disguise=disguise,
        code=code or found.code,
        sample=flow.is_sample(at),
    )


def _once(found: Iterable[Hidden]) -> list[Hidden]:
    """Each target once: as it was found first, with the code and name that any of them gives."""
    kept: dict[tuple[LeadKind, str], Hidden] = {}
    for each in found:
        key = (each.kind, each.target)
        before = kept.get(key)
        if before is None:
            if len(kept) < MOST_LEADS:
                kept[key] = replace(each, written=each.written[:LONGEST_WRITTEN])
        else:
            kept[key] = replace(
                before,
                code=before.code or each.code,
                names=before.names or each.names,
                detail=before.detail or each.detail,
                sample=before.sample and each.sample,
            )
    return list(kept.values())


def _marked(text: str, places: Iterable[int]) -> str:
    """`text` with a mark at each of the ascending `places`."""
    pieces, last = [], 0
    for place in places:
        pieces += [text[last:place], MARK]
        last = place
    return "".join([*pieces, text[last:]])
