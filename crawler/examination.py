"""What a fetched body holds: its outcome, where it leads, and which works it resembles."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from crawler import outcomes, sitemaps
from crawler.outcomes import Answer, Judgement
from crawler.reading import ReadPage, read_page
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
    match: MatchResult | None = None
    needs_browser: str = ""
    """Why only a browser can show what is on the page; empty when it was read as it is."""


class UnreadableError(Exception):
    """There is no body to look at, and `judgement` says why."""

    def __init__(self, outcome: FetchOutcome, reason: str) -> None:
        super().__init__(reason)
        self.judgement = Judgement(outcome=outcome, reason=reason)


class Examiner:
    """Judges and matches bodies. A picture is compared once however many addresses show it."""

    def __init__(
        self, engine: Engine, *, max_page_bytes: int, max_image_bytes: int, read_page: ReadPage = read_page
    ) -> None:
        self._engine = engine
        self._read_page = read_page
        self._max_page_bytes = max_page_bytes
        self._max_image_bytes = max_image_bytes
        self._pictures: OrderedDict[Digest, MatchResult] = OrderedDict()
        self._lock = threading.Lock()

    def examine(self, url: str, exchange: RawExchange, *, as_image: bool, only_pictures: bool) -> Examination:
        """Judge the answer to a request for `url`, and match it if it is content.

        `as_image` is whether a picture was expected; it sets the limit of size. With `only_pictures` nothing else is
        content.
        """
        media_type, charset = content_type(exchange.header("Content-Type"))
        answer = answer_of(exchange)
        refused = outcomes.of_answer(answer)
        try:
            body = self._body(exchange, as_image=as_image)
        except UnreadableError as unreadable:
            return Examination(judgement=refused or unreadable.judgement, media_type=media_type)
        if refused and (as_image or only_pictures or not _may_be_page(media_type, body)):
            return Examination(judgement=refused, media_type=media_type)
        if outcomes.is_image(body) or (media_type.startswith("image/") and media_type != "image/svg+xml"):
            return self._picture(url, media_type, body)
        if only_pictures:
            return _unsupported("no picture, and outside the site's hosts", media_type)
        return self._document(url, media_type, charset, body, answer)

    def _body(self, exchange: RawExchange, *, as_image: bool) -> bytes:
        try:
            body = decoded_body(exchange, self._max_image_bytes if as_image else self._max_page_bytes)
        except BodyTooLargeError as error:
            raise UnreadableError(FetchOutcome.TOO_LARGE, error.problem) from error
        except IntegrityError as error:
            raise UnreadableError(FetchOutcome.BROKEN, error.problem) from error
        if not body:
            raise UnreadableError(FetchOutcome.BROKEN, "the body is empty")
        return body

    def _picture(self, url: str, media_type: str, body: bytes) -> Examination:
        digest = digest_of(body)
        with self._lock:
            match = self._pictures.get(digest)
        if match is None:
            match = self._engine.match(Content(data=body, name=url, media_type=media_type), WorkType.IMAGE)
            with self._lock:
                self._pictures[digest] = match
                if len(self._pictures) > REMEMBERED_PICTURES:
                    self._pictures.popitem(last=False)
        return Examination(judgement=_compared(match), media_type=media_type, payload=body, match=match)

    def _document(self, url: str, media_type: str, charset: str, body: bytes, answer: Answer) -> Examination:
        content = Judgement(outcome=FetchOutcome.CONTENT)
        inner = sitemaps.unzipped(body, self._max_page_bytes)
        if answer.status < 300 and sitemaps.is_sitemap(inner):
            listed = tuple(sitemaps.locations(url, inner))
            return Examination(judgement=content, media_type=media_type, payload=body, pages=listed)
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
            )
        declared = media_type if media_type in outcomes.PAGE_TYPES else "text/html"
        match = self._engine.match(Content(data=body, name=url, media_type=declared, charset=charset), WorkType.TEXT)
        return Examination(
            judgement=page.judgement if page.judgement.reason else _compared(match),
            media_type=media_type,
            payload=body,
            title=page.title,
            text=text_of(match.fingerprint) if match.fingerprint else "",
            pages=page.pages,
            images=page.images,
            match=match,
            needs_browser=page.needs_browser,
        )


def content_type(header: str) -> tuple[str, str]:
    """Media type and charset of a Content-Type header, both in lower case; empty where it does not say."""
    media_type, *parameters = (part.strip().lower() for part in header.split(";"))
    named = (part.partition("=")[2].strip("\"' ") for part in parameters if part.startswith("charset"))
    return media_type, next(named, "")


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
