"""What is read of files beside pages, and the tasks by which a confined process reads it."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from config.settings import ImageMatcherSettings
from crawler.discovery.listing import Listing, read_listing
from crawler.discovery.results import results_in
from crawler.leads.finding import Hints
from crawler.leads.forms import Hidden
from crawler.leads.pictures import codes_in
from crawler.leads.playlists import Playlist, Segment, read_playlist
from crawler.leads.torrent_links import is_torrent, links_of
from crawler.pages import HtmlPage
from domain.leads import Disguise, LeadKind
from matcher.confinement.frames import Head
from matcher.confinement.serving import Task
from matcher.confinement.workers import ReadingFailedError, Workers
from matcher.text.decoding import decode

logger = logging.getLogger(__name__)

Links = tuple[Hidden, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Readers of what sites send. None raises for bad content: what cannot be read holds nothing."""

    links: Callable[[bytes], Links]
    """A picture or torrent to the links that it holds."""
    listing: Callable[[str, bytes, str], Listing | None]
    """Address, body and charset of a document made for programs to what it lists."""
    results: Callable[[str, bytes, str, str], Links]
    """Address, body and charset of a page of results, and their selector, to the links chosen."""
    playlist: Callable[[str, bytes, int], Playlist | None]
    """Address and body of a playlist to what is to be fetched of it, at most so many segments."""


def own_readers(settings: ImageMatcherSettings) -> Readers:
    """Readers in this process, pictures within the bounds of `settings`."""

    def links(data: bytes) -> Links:
        return links_of(data) if is_torrent(data) else codes_in(data, settings)

    def results(url: str, body: bytes, charset: str, selector: str) -> Links:
        return results_in(HtmlPage(url, decode(body, charset)), selector)

    return Readers(links=links, listing=read_listing, results=results, playlist=read_playlist)


def confined_readers(workers: Workers, seconds: float) -> Readers:
    """Readers that read in `workers`, which serve `reader_tasks`."""

    def ask(task: str, request: Head, data: bytes) -> Any:
        try:
            _, told = workers.run(task, request, data, seconds=seconds)
        except ReadingFailedError as error:
            logger.warning("%s was not read for %s: %s", request.get("url", "A file"), task, error)
            return None
        return json.loads(told)

    return Readers(
        links=lambda data: hidden_from(ask("links", {}, data) or ()),
        listing=lambda url, body, charset: _listing_from(ask("listing", {"url": url, "charset": charset}, body)),
        results=lambda url, body, charset, selector: hidden_from(
            ask("results", {"url": url, "charset": charset, "selector": selector}, body) or ()
        ),
        playlist=lambda url, body, most: _playlist_from(ask("playlist", {"url": url, "most": most}, body)),
    )


def reader_tasks(readers: Readers) -> Mapping[str, Task]:
    """The tasks of a reading process, by name."""
    return {
        "links": _task(lambda _, data: [asdict(each) for each in readers.links(data)]),
        "listing": _task(
            lambda head, data: asdict(found) if (found := readers.listing(head["url"], data, head["charset"])) else None
        ),
        "results": _task(
            lambda head, data: [
                asdict(each) for each in readers.results(head["url"], data, head["charset"], head["selector"])
            ]
        ),
        "playlist": _task(
            lambda head, data: asdict(found) if (found := readers.playlist(head["url"], data, head["most"])) else None
        ),
    }


def hints_from(told: Mapping[str, Any]) -> Hints:
    """Hints as a reading process wrote them."""
    said = {name: str(told[name]) for name in ("words", "heading", "own")}
    return Hints(hidden=hidden_from(told["hidden"]), **said)


def hidden_from(told: Sequence[Mapping[str, Any]]) -> Links:
    """Hidden links as a reading process wrote them."""
    return tuple(
        Hidden(
            **{
                **each,
                "kind": LeadKind(each["kind"]),
                "disguise": Disguise(each["disguise"]),
                "names": tuple(map(str, each["names"])),
            }
        )
        for each in told
    )


def _listing_from(told: Mapping[str, Any] | None) -> Listing | None:
    if told is None:
        return None
    return Listing(
        pages=tuple(map(str, told["pages"])),
        searches=tuple(map(str, told["searches"])),
        hints=hints_from(told["hints"]),
    )


def _playlist_from(told: Mapping[str, Any] | None) -> Playlist | None:
    if told is None:
        return None
    return Playlist(
        variant=str(told["variant"]),
        segments=tuple(Segment(**each) for each in told["segments"]),
        encrypted=bool(told["encrypted"]),
    )


def _task(make: Callable[[Head, bytes], Any]) -> Task:
    def task(request: Head, data: bytes) -> tuple[Head, bytes]:
        return {}, json.dumps(make(request, data)).encode()

    return task
