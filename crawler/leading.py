"""From what a fetch shows to leads: near which works they are, and whether these may be there."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from crawler.leads.finding import Hints
from crawler.leads.forms import Hidden
from crawler.leads.media import is_official
from crawler.leads.naming import Free, Named, named, named_by, offered
from crawler.leads.titles import TitleIndex
from crawler.leads.wording import reason_of
from crawler.scope import PAGE, Scope
from crawler.urls import host_of
from domain.captures import Capture
from domain.ids import WorkId, capture_id_of, lead_id_of
from domain.leads import Lead, LeadKind, Nearness
from store.captures import CaptureStore
from store.works import WorkStore


class Leader:
    """Turns what pages, pictures and torrents hide into leads. Safe to use from several threads."""

    def __init__(
        self, titles: TitleIndex, works: WorkStore, captures: CaptureStore, scope: Scope, zone: ZoneInfo
    ) -> None:
        self._titles = titles
        self._works = works
        self._captures = captures
        self._scope = scope
        self._zone = zone

    def of_page(self, capture: Capture, hints: Hints) -> list[Named]:
        """What a page hides, each link with the works it is near; else the page itself, if it offers a work."""
        is_free = self._free_at(capture)
        found = [each for each in named(hints, self._titles, is_free) if self._leads_away(each)]
        if any(each.works for each in found):
            return found
        page = offered(capture.canonical_url, hints, self._titles, is_free)
        return [*found, page] if page else found

    def of_file(self, capture: Capture, hidden: Sequence[Hidden]) -> list[Named]:
        """What a picture, torrent or page of results holds; the title of the page that shows it speaks for it."""
        page = self._captures.get(capture_id_of(capture.sweep_id, capture.found_on)) if capture.found_on else None
        texts = (page.title,) if page else ()
        found = (named_by(each, self._titles, texts, self._free_at(capture)) for each in hidden)
        return [each for each in found if each and self._leads_away(each)]

    def leads(self, capture: Capture, found: Iterable[Named], site: str, *, of_file: bool = False) -> list[Lead]:
        """The leads of a capture; what a file holds was seen on the page that shows it."""
        page_url = capture.found_on if of_file and capture.found_on else capture.canonical_url
        return [self._lead(capture, each, page_url, site) for each in found]

    def _lead(self, capture: Capture, each: Named, page_url: str, site: str) -> Lead:
        hidden = each.hidden
        title = self._works.titles(each.works[:1]).get(each.works[0], "") if each.works else ""
        return Lead(
            lead_id=lead_id_of(hidden.kind, hidden.target, page_url),
            kind=hidden.kind,
            target=hidden.target,
            written=hidden.written,
            code=hidden.code,
            provider=hidden.provider,
            detail=hidden.detail,
            disguise=hidden.disguise,
            nearness=each.nearness,
            works=each.works,
            reason=reason_of(each, title),
            page_url=page_url,
            host=host_of(page_url),
            site=site,
            seen_at=capture.fetched_at,
            sweep_id=capture.sweep_id,
            capture_id=capture.capture_id,
        )

    def _free_at(self, capture: Capture) -> Free:
        day = capture.fetched_at.astimezone(self._zone).date()
        page = host_of(capture.found_on) if capture.found_on else capture.host

        def is_free(work_id: WorkId, target: str) -> bool:
            hosts = (capture.host, page, *([host_of(target)] if target.startswith("http") else []))
            work = self._works.get(work_id)
            return work is None or work.is_free_at(hosts, day)

        return is_free

    def _leads_away(self, each: Named) -> bool:
        """A page inside the campaign's sites is fetched, and needs no lead; a result outside needs a title in it."""
        hidden = each.hidden
        if hidden.kind is LeadKind.PAGE and (each.nearness is not Nearness.BESIDE or is_official(hidden.target)):
            return False
        return hidden.kind not in {LeadKind.PLAYER, LeadKind.PAGE} or self._scope.site_of(hidden.target, PAGE) is None


def is_fetched(named: Named) -> bool:
    """Whether a lead is itself fetched and compared: what plays, and else what a registered title stands by."""
    hidden = named.hidden
    plays = hidden.kind in {LeadKind.STREAM, LeadKind.MEDIA}
    files = hidden.kind in {LeadKind.DOWNLOAD, LeadKind.TORRENT} and named.nearness is not Nearness.NOWHERE
    return hidden.target.startswith(("http://", "https://")) and (plays or files)
