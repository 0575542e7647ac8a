"""What follows a fetch: preserve, judge, match, and record it all in one transaction.

Runs in worker threads. Nothing is acknowledged before it is recorded, and it is recorded with its acknowledgement, so
a crash at any moment loses nothing and records nothing twice. What a crash leaves behind in the vault is evidence of a
fetch that was made; the next fetch of that address adds its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from crawler.accusing import Accuser
from crawler.examination import Examination, Examiner
from crawler.outcomes import Judgement
from crawler.scope import IMAGE, PAGE, Scope
from domain.campaigns import Campaign
from domain.captures import Capture, FetchOutcome
from domain.ids import Digest, SweepId, capture_id_of, digest_of
from evidence.exchange import RawExchange, to_warc
from evidence.vault import Vault
from matcher.engine import Engine
from store import captures, content_prints, findings
from store.database import Database
from store.findings import Recorded
from store.frontier import Frontier, FrontierEntry, LeasedEntry
from store.works import WorkStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came back for one leased address: an exchange, or a judgement that was final without one."""

    entry: LeasedEntry
    at: datetime
    exchange: RawExchange | None = None
    judgement: Judgement | None = None
    moved_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What recording one fetch came to."""

    outcome: FetchOutcome
    new_findings: int = 0


class LeaseLostError(Exception):
    """Another worker has the address now; what this one did must not be recorded."""


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
    ) -> None:
        self._sweep_id = sweep_id
        self._zone = ZoneInfo(campaign.time_zone)
        self._database = database
        self._vault = vault
        self._accuser = Accuser(engine, WorkStore(database))
        self._frontier = frontier
        self._scope = scope
        self._examiner = examiner
        self._follow_links = follow_links

    def record(self, fetched: Fetched) -> Receipt:
        """Record one fetch. Raises `LeaseLostError` with nothing recorded."""
        exchange = fetched.exchange
        evidence = self._vault.put(to_warc(exchange), at=fetched.at, by="crawler") if exchange else None
        seen = self._examine(fetched)
        capture = self._capture(fetched, seen, evidence)
        found = self._accuser.findings(capture, seen.match, self._zone) if seen.match else []
        added = self._links(fetched, seen)
        with self._database.write() as connection:
            reason = seen.judgement.reason
            if not self._frontier.finish(connection, fetched.entry.id, seen.judgement.outcome, reason):
                raise LeaseLostError(fetched.entry.url)
            captures.add(connection, capture)
            if seen.match and seen.match.fingerprint:
                content_prints.keep(connection, seen.match.fingerprint, fetched.at)
            # In one order everywhere, so that two sweeps of one site cannot wait for each other.
            told = [findings.record(connection, each) for each in sorted(found, key=lambda f: f.finding_id)]
            self._frontier.add(connection, added)
        return Receipt(outcome=seen.judgement.outcome, new_findings=told.count(Recorded.NEW))

    def record_unfetched(self, refused: Sequence[tuple[LeasedEntry, Judgement]], at: datetime) -> None:
        """Record addresses that are not fetched at all, with the reason of each."""
        with self._database.write() as connection:
            for entry, judgement in refused:
                if self._frontier.finish(connection, entry.id, judgement.outcome, judgement.reason):
                    fetched = Fetched(entry=entry, at=at, judgement=judgement)
                    captures.add(connection, self._capture(fetched, Examination(judgement=judgement), None))

    def _examine(self, fetched: Fetched) -> Examination:
        if fetched.judgement is not None:
            return Examination(judgement=fetched.judgement)
        if fetched.exchange is None:
            raise ValueError("a fetch has an exchange or a judgement")
        entry = fetched.entry
        return self._examiner.examine(
            entry.url, fetched.exchange, as_image=entry.kind == IMAGE, only_pictures=bool(entry.shown_by)
        )

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

    def _links(self, fetched: Fetched, seen: Examination) -> list[FrontierEntry]:
        entry, scope = fetched.entry, self._scope
        if fetched.moved_to:
            return scope.onward(fetched.moved_to, entry)
        if not self._follow_links:
            return []
        pages = scope.entries(seen.pages, PAGE, found_on=entry.url, depth=entry.depth + 1)
        return pages + scope.pictures(seen.images, entry)
