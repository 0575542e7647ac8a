"""What follows a fetch: examine it, then preserve and record it all in one transaction.

Runs in worker threads. Nothing is acknowledged before it is recorded, and it is recorded with its acknowledgement, so
a crash at any moment loses nothing and records nothing twice. What a crash leaves behind in the vault is evidence of a
fetch that was made; the next fetch of that address adds its own. Several fetches may share a transaction and the waits
for the disk; each is in it whole or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from crawler.accusing import Accuser
from crawler.examination import Examination, Examiner
from crawler.leading import Leader, is_fetched
from crawler.leads.naming import Named
from crawler.leads.titles import NO_TITLES, TitleIndex
from crawler.outcomes import Judgement
from crawler.rendering.deciding import MayDraw, never
from crawler.scope import FILE, PAGE, Scope
from domain.campaigns import Campaign
from domain.captures import Capture, FetchOutcome
from domain.findings import Finding
from domain.fingerprints import Fingerprint
from domain.ids import CaptureId, Digest, FindingId, SweepId, capture_id_of, digest_of
from domain.leads import Lead
from evidence.exchange import RawExchange, to_warc
from evidence.vault import Vault
from matcher.engine import Engine
from store import captures, content_prints, findings, leads
from store.captures import CaptureStore
from store.database import Database
from store.findings import Recorded
from store.frontier import Frontier, FrontierEntry, LeasedEntry
from store.rendering import learn
from store.works import WorkStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came back for one leased address: an exchange, or a judgement that was final without one."""

    entry: LeasedEntry
    at: datetime
    exchange: RawExchange | None = None
    parts: tuple[RawExchange, ...] = ()
    """What was fetched because of a playlist in `exchange`."""
    judgement: Judgement | None = None
    moved_to: str = ""
    not_drawn: str = ""
    """Why a browser did not draw the page; empty when it did, or was not asked to."""
    drawing_failed: bool = False
    """Whether it tried to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A fetch as it is to be recorded."""

    entry_id: int
    capture: Capture
    evidence: bytes
    """The WARC file that the capture names; empty when there was no answer."""
    fingerprint: Fingerprint | None
    findings: tuple[Finding, ...]
    leads: tuple[Lead, ...]
    links: tuple[FrontierEntry, ...]
    further: tuple[FrontierEntry, ...]
    """The next of numbered pages, to be added when one of `links` is new."""
    needs_browser: bool
    """It is not to be recorded yet: the page is to be drawn first."""
    gained: bool | None
    """Whether drawing it showed what could not be read before; None for a page that no browser tried to draw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What recording one fetch came to."""

    outcome: FetchOutcome
    new_findings: int = 0


class Recorder:
    """Records the fetches of one sweep. Its methods may be called from several threads."""

    def __init__(
        self,
        *,
        sweep_id: SweepId,
        campaign: Campaign,
        database: Database,
        vault: Vault,
        engine: Engine,
        frontier: Frontier,
        scope: Scope,
        examiner: Examiner,
        follow_links: bool,
        titles: TitleIndex = NO_TITLES,
        may_draw: MayDraw = never,
    ) -> None:
        self._sweep_id = sweep_id
        self._zone = ZoneInfo(campaign.time_zone)
        self._database = database
        self._vault = vault
        works = WorkStore(database)
        self._accuser = Accuser(engine, works)
        self._leader = Leader(titles, works, CaptureStore(database), scope, self._zone)
        self._frontier = frontier
        self._scope = scope
        self._examiner = examiner
        self._follow_links = follow_links
        self._may_draw = may_draw

    def examine(self, fetched: Fetched) -> Examined:
        """What is to be recorded of a fetch. Changes nothing."""
        evidence = to_warc(fetched.exchange, *fetched.parts) if fetched.exchange else b""
        seen = self._examination(fetched)
        capture = self._capture(fetched, seen, digest_of(evidence) if evidence else None)
        named = self._leader.of_page(capture, seen.hints)
        links = self._links(fetched, seen, named)
        return Examined(
            entry_id=fetched.entry.id,
            capture=capture,
            evidence=evidence,
            fingerprint=seen.match.fingerprint if seen.match else None,
            findings=tuple(self._accuser.findings(capture, seen.match, self._zone) if seen.match else ()),
            leads=tuple(self._leads(fetched.entry, capture, seen, named)),
            links=tuple(links),
            further=tuple(self._scope.next_numbered(fetched.entry) if links and self._follow_links else ()),
            needs_browser=bool(seen.needs_browser) and self._may_be_drawn(fetched),
            gained=_gained(fetched, seen),
        )

    def record(self, examined: Sequence[Examined], at: datetime) -> list[Receipt | None]:
        """Preserve and record fetches in one transaction; on an error nothing of them is recorded.

        None for one whose lease was lost: another worker has the address now, and nothing of it is recorded here.
        """
        self._vault.put_all([each.evidence for each in examined if each.evidence], at=at, by="crawler")
        with self._database.write() as connection:
            ends = {each.entry_id: (each.capture.outcome, each.capture.reason) for each in examined}
            held = self._frontier.finish(connection, ends)
            mine = [each for each in examined if each.entry_id in held]
            captures.add(connection, [each.capture for each in mine])
            content_prints.keep(connection, (each.fingerprint for each in mine if each.fingerprint), at)
            learn(connection, ((each.capture.host, each.gained) for each in mine if each.gained is not None), at)
            # In one order everywhere, so that two sweeps of one site cannot wait for each other.
            found = sorted((finding for each in mine for finding in each.findings), key=lambda f: f.finding_id)
            told = {(f.finding_id, f.capture_id): findings.record(connection, f) for f in found}
            leads.record(connection, [lead for each in mine for lead in each.leads])
            for each in (each for each in mine if each.further):
                if self._frontier.add(connection, each.links, at):
                    self._frontier.add(connection, each.further, at)
            self._frontier.add(connection, [link for each in mine if not each.further for link in each.links], at)
        self._frontier.remember(link for each in mine for link in each.links)
        new = {key for key, recorded in told.items() if recorded is Recorded.NEW}
        return [_receipt(each, new) if each.entry_id in held else None for each in examined]

    def record_unfetched(self, refused: Sequence[tuple[LeasedEntry, Judgement]], at: datetime) -> None:
        """Record addresses that are not fetched at all, with the reason of each."""
        self.record([self.examine(Fetched(entry=entry, at=at, judgement=judged)) for entry, judged in refused], at)

    def _may_be_drawn(self, fetched: Fetched) -> bool:
        entry, exchange = fetched.entry, fetched.exchange
        untried = exchange is not None and not exchange.drawn and not fetched.not_drawn
        return untried and entry.kind == PAGE and not entry.shown_by and self._may_draw(entry.host)

    def _examination(self, fetched: Fetched) -> Examination:
        if fetched.judgement is not None:
            return Examination(judgement=fetched.judgement)
        if fetched.exchange is None:
            raise ValueError("a fetch has an exchange or a judgement")
        entry = fetched.entry
        seen = self._examiner.examine(
            entry.url,
            fetched.exchange,
            kind=entry.kind,
            only_shown=bool(entry.shown_by),
            results=self._scope.results_of(entry),
            parts=fetched.parts,
        )
        if not fetched.not_drawn:
            return seen
        reason = "; ".join(filter(None, (seen.judgement.reason, fetched.not_drawn)))
        return replace(seen, judgement=replace(seen.judgement, reason=reason))

    def _capture(self, fetched: Fetched, seen: Examination, evidence: Digest | None) -> Capture:
        entry, exchange = fetched.entry, fetched.exchange
        return Capture(
            capture_id=capture_id_of(self._sweep_id, entry.url),
            sweep_id=self._sweep_id,
            url=exchange.url if exchange else entry.url,
            canonical_url=entry.url,
            host=entry.host,
            fetched_at=fetched.at,
            outcome=seen.judgement.outcome,
            reason=seen.judgement.reason,
            status=exchange.status if exchange else None,
            media_type=seen.media_type,
            payload_digest=digest_of(seen.payload) if seen.payload else None,
            payload_size=len(seen.payload),
            record_digest=evidence,
            address=exchange.address if exchange else "",
            found_on=entry.found_on,
            shown_by=entry.shown_by,
            title=seen.title,
            text=seen.text,
            fingerprint=seen.match.fingerprint.digest if seen.match and seen.match.fingerprint else None,
        )

    def _leads(self, entry: LeasedEntry, capture: Capture, seen: Examination, named: Sequence[Named]) -> list[Lead]:
        hidden = self._leader.leads(capture, named, entry.site)
        held = self._leader.of_file(capture, seen.links)
        return hidden + self._leader.leads(capture, held, entry.site, of_file=True)

    def _links(self, fetched: Fetched, seen: Examination, named: Sequence[Named]) -> list[FrontierEntry]:
        entry, scope = fetched.entry, self._scope
        if fetched.moved_to:
            return scope.onward(fetched.moved_to, entry)
        if not self._follow_links:
            return []
        new = self._frontier.unknown
        files = scope.shown(new(each.hidden.target for each in named if is_fetched(each)), FILE, entry)
        if seen.listed:
            return files + scope.listed(new(seen.pages), entry) + scope.searches(seen.searches, entry.site)
        pages = files + scope.entries(new(seen.pages), PAGE, found_on=entry.url, depth=entry.depth + 1)
        return pages + scope.pictures(new(seen.images), entry)


def _gained(fetched: Fetched, seen: Examination) -> bool | None:
    if not fetched.drawing_failed and not (fetched.exchange and fetched.exchange.drawn):
        return None
    return seen.judgement.outcome is FetchOutcome.CONTENT and not seen.needs_browser


def _receipt(examined: Examined, new: set[tuple[FindingId, CaptureId]]) -> Receipt:
    told = sum((finding.finding_id, finding.capture_id) in new for finding in examined.findings)
    return Receipt(outcome=examined.capture.outcome, new_findings=told)
