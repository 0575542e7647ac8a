"""What the crawler must know of a page, and the task by which a confined process finds it out."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from crawler.outcomes import Judgement, of_page
from crawler.pages import HtmlPage
from domain.captures import FetchOutcome
from matcher.confinement.frames import Head
from matcher.confinement.workers import ReadingFailedError, Workers
from matcher.text.decoding import decode

TASK = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """How a page is to be judged, its title, and the addresses that it links to and shows."""

    judgement: Judgement
    title: str = ""
    pages: tuple[str, ...] = ()
    images: tuple[str, ...] = ()


ReadPage = Callable[[str, bytes, str], PageFacts]
"""Address, body and declared charset to facts. Never raises for a bad page."""


def read_page(url: str, body: bytes, charset: str) -> PageFacts:
    """Read a page in this process, however long that takes."""
    page = HtmlPage(url, decode(body, charset))
    judged = of_page(page)
    if judged.outcome is not FetchOutcome.CONTENT:
        return PageFacts(judgement=judged, title=page.title)
    return PageFacts(judgement=judged, title=page.title, pages=page.links.pages, images=page.links.images)


def page_task(request: Head, data: bytes) -> tuple[Head, bytes]:
    """`read_page` in a reading process."""
    return {}, json.dumps(asdict(read_page(request["url"], data, request["charset"]))).encode()


def confined(workers: Workers, seconds: float) -> ReadPage:
    """A `read_page` that reads in `workers`, which serve `page_task` as TASK."""

    def read(url: str, body: bytes, charset: str) -> PageFacts:
        try:
            _, facts = workers.run(TASK, {"url": url, "charset": charset}, body, seconds=seconds)
        except ReadingFailedError as error:
            # It is content, which may be compared all the same; where it leads stays unknown.
            unread = Judgement(outcome=FetchOutcome.CONTENT, reason=f"links not read: {error.reason.code}")
            return PageFacts(judgement=unread)
        told = json.loads(facts)
        judged = told["judgement"]
        return PageFacts(
            judgement=Judgement(outcome=FetchOutcome(judged["outcome"]), reason=str(judged["reason"])),
            title=str(told["title"]),
            pages=tuple(map(str, told["pages"])),
            images=tuple(map(str, told["images"])),
        )

    return read
