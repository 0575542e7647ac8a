"""What the crawler must know of a page, and the task by which a confined process finds it out."""

import json
from dataclasses import asdict, dataclass, replace
from typing import Protocol

from crawler.leads.finding import NO_HINTS, Hints, hints_of
from crawler.outcomes import SUCCESS, Answer, Judgement, of_answer
from crawler.pages import HtmlPage
from crawler.readers import hints_from
from crawler.walls.judge import of_page
from domain.captures import FetchOutcome
from matcher.confinement.frames import Head
from matcher.confinement.workers import ReadingFailedError, Workers
from matcher.text.decoding import decode
from matcher.text.extraction import readable

TASK = "page"
SHORT = 2_000
"""Visible characters, navigation included, up to which a page may be too short to be compared alone."""
# What may lead somewhere: a page that only a script can fill has its static links all the same.
LEADS_ON = frozenset({FetchOutcome.CONTENT, FetchOutcome.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """How a page is to be judged, its title, and the addresses that it links to and shows."""

    judgement: Judgement
    title: str = ""
    pages: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    needs_browser: str = ""
    """Why only a browser can show what is on it; empty when the page can be read as it is."""
    hints: Hints = NO_HINTS
    """What it hides."""
    short_text: str = ""
    """Its readable text when that is little: pages of one text are joined when the sweep ends."""


class ReadPage(Protocol):
    """Address, body, declared charset and the answer's head to facts. Never raises for a bad page."""

    def __call__(self, url: str, body: bytes, charset: str, answer: Answer = ...) -> PageFacts: ...


def read_page(url: str, body: bytes, charset: str, answer: Answer = SUCCESS) -> PageFacts:
    """Read a page in this process, however long that takes."""
    decoded = decode(body, charset)
    page = HtmlPage(url, decoded)
    verdict = of_page(page, answer)
    facts = PageFacts(judgement=verdict.judgement, title=page.title, needs_browser=verdict.needs_browser)
    if verdict.judgement.outcome not in LEADS_ON:
        return facts
    facts = replace(facts, pages=page.links.pages, images=page.links.images, hints=hints_of(page))
    if verdict.judgement.outcome is not FetchOutcome.CONTENT:
        return facts
    text = readable(decoded).text if len(page.visible_text) <= SHORT else ""
    return replace(facts, short_text=text[:SHORT])


def page_task(request: Head, data: bytes) -> tuple[Head, bytes]:
    """`read_page` in a reading process."""
    answer = Answer(status=request["status"], headers=tuple((name, value) for name, value in request["headers"]))
    return {}, json.dumps(asdict(read_page(request["url"], data, request["charset"], answer))).encode()


def confined(workers: Workers, seconds: float) -> ReadPage:
    """A `read_page` that reads in `workers`, which serve `page_task` as TASK."""

    def read(url: str, body: bytes, charset: str, answer: Answer = SUCCESS) -> PageFacts:
        head = {"url": url, "charset": charset, "status": answer.status, "headers": answer.headers}
        try:
            _, facts = workers.run(TASK, head, body, seconds=seconds)
        except ReadingFailedError as error:
            # It is content, which may be compared all the same; where it leads stays unknown.
            unread = of_answer(answer) or Judgement(
                outcome=FetchOutcome.CONTENT, reason=f"links not read: {error.reason.code}"
            )
            return PageFacts(judgement=unread)
        told = json.loads(facts)
        judged = told["judgement"]
        return PageFacts(
            judgement=Judgement(outcome=FetchOutcome(judged["outcome"]), reason=str(judged["reason"])),
            title=str(told["title"]),
            pages=tuple(map(str, told["pages"])),
            images=tuple(map(str, told["images"])),
            needs_browser=str(told["needs_browser"]),
            hints=hints_from(told["hints"]),
            short_text=str(told["short_text"]),
        )

    return read
