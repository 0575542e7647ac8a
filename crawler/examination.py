"""What a fetched body holds: its outcome, where it leads, and which works it resembles."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from crawler import outcomes, sitemaps
from crawler.discovery.listing import may_list
from crawler.leads.finding import NO_HINTS, Hints
from crawler.leads.forms import Hidden
from crawler.leads.playlists import is_playlist
from crawler.leads.torrent_links import is_torrent
from crawler.outcomes import Answer, Judgement
from crawler.readers import Readers
from crawler.reading import ReadPage, read_page
from crawler.scope import FILE, IMAGE, PAGE
from crawler.streams import media_in
from domain.captures import FetchOutcome
from domain.errors import IntegrityError
from domain.ids import Digest, digest_of
from domain.works import WorkType
from evidence.codings import BodyTooLargeError
from evidence.exchange import RawExchange, decoded_body
from matcher.engine import Engine, MatchResult, Outcome
from matcher.text.payload import text_of
from matcher.worktypes import Content

REMEMBERED_PICTURES = 2_000
COMPARED = frozenset({WorkType.AUDIO, WorkType.VIDEO, WorkType.SOFTWARE})
"""The types of which files are compared; pictures and pages are told before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What one body came to. `payload` is the body without content coding; empty unless it is content."""

    judgement: Judgement
    media_type: str = ""
    payload: bytes = b""
    title: str = ""
    text: str = ""
    pages: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    listed: bool = False
    """Whether it is made for programs: what `pages` names is as near to the start as it is itself."""
    searches: tuple[str, ...] = ()
    """Templates of searches that the document describes."""
    match: MatchResult | None = None
    needs_browser: str = ""
    """Why only a browser can show what is on the page; empty when it was read as it is."""
    hints: Hints = NO_HINTS
    """What a page hides."""
    links: tuple[Hidden, ...] = ()
    """What a picture, torrent or page of results leads to."""


class UnreadableError(Exception):
    """There is no body to look at, and `judgement` says why."""

    def __init__(self, outcome: FetchOutcome, reason: str) -> None:
        super().__init__(reason)
        self.judgement = Judgement(outcome=outcome, reason=reason)


class Examiner:
    """Judges and matches bodies. A picture is compared once however many addresses show it."""

    def __init__(
        self,
        engine: Engine,
        *,
        max_page_bytes: int,
        max_image_bytes: int,
        max_file_bytes: int = 64 << 20,
        read_page: ReadPage = read_page,
        readers: Readers | None = None,
    ) -> None:
        self._engine = engine
        self._read_page = read_page
        self._readers = readers
        self._limits = {PAGE: max_page_bytes, IMAGE: max_image_bytes, FILE: max_file_bytes}
        self._pictures: OrderedDict[Digest, tuple[MatchResult, tuple[Hidden, ...]]] = OrderedDict()
        self._lock = threading.Lock()

    def examine(
        self,
        url: str,
        exchange: RawExchange,
        *,
        kind: str,
        only_shown: bool,
        results: str = "",
        parts: tuple[RawExchange, ...] = (),
    ) -> Examination:
        """Judge the answer to a request for `url`, and match it if it is content.

        `kind` is what was expected (see `crawler.scope`); it sets the limit of size. With `only_shown` no page is
        content: it lies outside the site. `results` selects the results of a page that answers a search. `parts` are
        the segments of a playlist.
        """
        media_type, charset = content_type(exchange.header("Content-Type"))
        answer = answer_of(exchange)
        if exchange.drawn:
            return self._document(url, "text/html", "utf-8", exchange.drawn, answer, results)
        refused = outcomes.of_answer(answer)
        try:
            body = self._body(exchange, self._limits.get(kind, self._limits[PAGE]))
        except UnreadableError as unreadable:
            return Examination(judgement=refused or unreadable.judgement, media_type=media_type)
        if refused and (kind == IMAGE or only_shown or not _may_be_page(media_type, body)):
            return Examination(judgement=refused, media_type=media_type)
        if outcomes.is_image(body) or (media_type.startswith("image/") and media_type != "image/svg+xml"):
            return self._picture(url, media_type, body)
        if kind == FILE and not refused and media_type not in outcomes.PAGE_TYPES:
            return self._file(url, media_type, charset, body, parts)
        return (
            _unsupported("no picture, and outside the site's hosts", media_type)
            if only_shown
            else self._document(url, media_type, charset, body, answer, results)
        )

    def _body(self, exchange: RawExchange, limit: int) -> bytes:
        try:
            body = decoded_body(exchange, limit)
        except BodyTooLargeError as error:
            raise UnreadableError(FetchOutcome.TOO_LARGE, error.problem) from error
        except IntegrityError as error:
            raise UnreadableError(FetchOutcome.BROKEN, error.problem) from error
        if not body:
            raise UnreadableError(FetchOutcome.BROKEN, "the body is empty")
        return body

    def _file(
        self, url: str, media_type: str, charset: str, body: bytes, parts: tuple[RawExchange, ...]
    ) -> Examination:
        """A sound, film or package, compared as what its bytes say; of a playlist its segments."""
        if (listed := self._listed(url, media_type, charset, body)) is not None:
            return listed
        content = _content_of(url, media_type, body)
        if is_playlist(body):
            joined = media_in(parts, self._limits[FILE])
            content = Content(data=joined, name=url, media_type="video/mp2t")
        work_type = self._engine.type_of(content) if content.data else None
        if work_type not in COMPARED:
            if is_playlist(body):
                unseen = Judgement(outcome=FetchOutcome.CONTENT, reason="not compared: no segments")
                return Examination(judgement=unseen, media_type=media_type, payload=body)
            return _unsupported(f"{media_type or 'the file'} is not compared", media_type)
        match = self._engine.match(content, work_type)
        if work_type is WorkType.VIDEO and match.fingerprint is None:
            match = _better(match, self._engine.match(content, WorkType.AUDIO))
        return Examination(judgement=_compared(match), media_type=media_type, payload=body, match=match)

    def _picture(self, url: str, media_type: str, body: bytes) -> Examination:
        digest = digest_of(body)
        with self._lock:
            known = self._pictures.get(digest)
        if known is None:
            content = Content(data=body, name=url, media_type=media_type)
            known = self._engine.match(content, WorkType.IMAGE), self._readers.links(body) if self._readers else ()
            with self._lock:
                self._pictures[digest] = known
                if len(self._pictures) > REMEMBERED_PICTURES:
                    self._pictures.popitem(last=False)
        match, links = known
        return Examination(judgement=_compared(match), media_type=media_type, payload=body, match=match, links=links)

    def _document(
        self, url: str, media_type: str, charset: str, body: bytes, answer: Answer, results: str
    ) -> Examination:
        content = Judgement(outcome=FetchOutcome.CONTENT)
        inner = sitemaps.unzipped(body, self._limits[PAGE])
        if answer.status < 300 and sitemaps.is_sitemap(inner):
            pages = tuple(sitemaps.locations(url, inner))
            return Examination(judgement=content, media_type=media_type, payload=body, pages=pages)
        if answer.status < 300 and (listed := self._listed(url, media_type, charset, inner)) is not None:
            return listed
        if not _may_be_page(media_type, body):
            return _unsupported(f"{media_type or 'a binary file'} is not compared", media_type)
        page = self._read_page(url, body, charset, answer)
        if page.judgement.outcome is not FetchOutcome.CONTENT:
            return Examination(
                judgement=page.judgement,
                media_type=media_type,
                title=page.title,
                pages=page.pages,
                needs_browser=page.needs_browser,
                hints=page.hints,
            )
        declared = media_type if media_type in outcomes.PAGE_TYPES else "text/html"
        match = self._engine.match(Content(data=body, name=url, media_type=declared, charset=charset), WorkType.TEXT)
        return Examination(
            judgement=page.judgement if page.judgement.reason else _compared(match),
            media_type=media_type,
            payload=body,
            title=page.title,
            text=text_of(match.fingerprint) if match.fingerprint else page.short_text,
            pages=page.pages,
            images=page.images,
            match=match,
            needs_browser=page.needs_browser,
            hints=page.hints,
            links=self._readers.results(url, body, charset, results) if results and self._readers else (),
        )

    def _listed(self, url: str, media_type: str, charset: str, body: bytes) -> Examination | None:
        """What is made for programs: torrents, feeds, interfaces and lists; None for anything else."""
        if self._readers is None:
            return None
        content = Judgement(outcome=FetchOutcome.CONTENT)
        if is_torrent(body) and (links := self._readers.links(body)):
            return Examination(judgement=content, media_type=media_type, payload=body, links=links)
        found = self._readers.listing(url, body, charset) if may_list(body) else None
        if found is None:
            return None
        return Examination(
            judgement=content,
            media_type=media_type,
            payload=body,
            pages=found.pages,
            listed=True,
            searches=found.searches,
            hints=found.hints,
        )


def content_type(header: str) -> tuple[str, str]:
    """Media type and charset of a Content-Type header, both in lower case; empty where it does not say."""
    media_type, *parameters = (part.strip().lower() for part in header.split(";"))
    named = (part.partition("=")[2].strip("\"' ") for part in parameters if part.startswith("charset"))
    return media_type, next(named, "")


def _content_of(url: str, media_type: str, body: bytes) -> Content:
    """A file as the matcher is to see it: servers name few types rightly but those of sound and film."""
    told = media_type if media_type.startswith(("audio/", "video/")) else ""
    return Content(data=body, name=url, media_type=told)


def _better(film: MatchResult, sound: MatchResult) -> MatchResult:
    """Of a file that is taken for a film, whichever of picture and sound could be compared."""
    return sound if sound.fingerprint is not None else film


def _compared(match: MatchResult) -> Judgement:
    """Content; with the reason, when it could not be compared."""
    silent = match.outcome in {Outcome.ABSTAINED, Outcome.FAILED}
    return Judgement(outcome=FetchOutcome.CONTENT, reason=f"not compared: {match.reason.code}" if silent else "")


def answer_of(exchange: RawExchange) -> Answer:
    """What an exchange says before its body."""
    named = ((name, exchange.header(name)) for name in outcomes.WALL_HEADERS)
    return Answer(status=exchange.status, headers=tuple((name, value) for name, value in named if value))


def _may_be_page(media_type: str, body: bytes) -> bool:
    return not outcomes.is_binary(body) and media_type in outcomes.PAGE_TYPES | outcomes.UNKNOWN_TYPES


def _unsupported(reason: str, media_type: str) -> Examination:
    return Examination(judgement=Judgement(outcome=FetchOutcome.UNSUPPORTED, reason=reason), media_type=media_type)
