"""A console over real stores, and ways to put findings into them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from config.loading import load_settings
from config.settings import ConsoleSettings
from console.app import create_app
from console.stores import ConsoleStores
from domain.captures import Capture, FetchOutcome
from domain.findings import Comparison, Finding, FindingState, Verdict
from domain.ids import CaptureId, FindingId, SweepId, capture_id_of, digest_of, finding_id_of
from domain.works import Work, WorkType
from evidence.exchange import RawExchange, to_warc
from evidence.vault import FolderVault
from store.accounts import AccountStore
from store.captures import CaptureStore, add
from store.database import Database
from store.findings import FindingStore, record
from store.outbox import Outbox
from store.projector import project
from store.quarantine import QuarantineStore
from store.search_embedded import EmbeddedSearch
from store.subscriptions import SubscriptionStore
from store.sweeps import SweepStore
from store.works import WorkStore

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
NAME, PASSWORD = "zhou", "lantern on the north pier"
QUALITY = load_settings(None, {}).quality
SETTINGS = ConsoleSettings(host="127.0.0.1", port=0, session_hours=12, secure_cookies=False)
TEXT_THRESHOLDS = (("copy_coverage", 0.8), ("copy_identity", 0.45), ("runner_up_ratio", 0.97), ("page_share", 0.6))
IMAGE_THRESHOLDS = (("pdq_distance", 31.0), ("feature_inlier_ratio", 0.15), ("feature_cell_support", 0.45))


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    """The stores, and what was put into them."""

    database: Database
    stores: ConsoleStores
    sweep_id: SweepId
    clock: Clock = field(default_factory=Clock)
    ids: dict[str, FindingId] = field(default_factory=dict)

    def app(self, *, clock: Callable[[], datetime] | None = None, language: str = "en") -> FastAPI:
        return create_app(self.stores, SETTINGS, clock=clock or self.clock, language=language)

    def project(self) -> None:
        """Bring the search index up."""
        while project(self.stores.outbox, self.stores.findings, self.stores.captures, self.stores.search, 100):
            pass

    def capture(self, url: str, **known: Any) -> Capture:
        """What was fetched from `url`; its raw exchange goes to the vault."""
        body = known.pop("body", b"<p>page</p>")
        exchange = RawExchange(
            url=url,
            method="GET",
            request_headers=(("Host", url.split("/")[2]),),
            status=200,
            status_text="OK",
            http_version="HTTP/1.1",
            response_headers=(("Content-Type", known.get("media_type", "text/html")),),
            body=body,
            address="203.0.113.57",
            fetched_at=NOW,
        )
        return Capture(
            capture_id=CaptureId(capture_id_of(self.sweep_id, url)),
            sweep_id=self.sweep_id,
            url=url,
            canonical_url=url,
            host=url.split("/")[2],
            fetched_at=NOW - timedelta(minutes=12),
            outcome=FetchOutcome.CONTENT,
            status=200,
            payload_digest=digest_of(body),
            payload_size=len(body),
            record_digest=self.stores.vault.put(to_warc(exchange), at=NOW, by="sweep"),
            address=exchange.address,
            **{"media_type": "text/html", **known},
        )

    def find(self, key: str, work: Work, capture: Capture, comparison: Comparison, **changes: Any) -> Finding:
        """Record a finding under a name of the test's own."""
        assert capture.record_digest is not None
        values: dict[str, Any] = {
            "page_url": capture.found_on or capture.url,
            "state": FindingState.OPEN if comparison.verdict is Verdict.COPY else FindingState.REVIEW,
            "thresholds": IMAGE_THRESHOLDS if work.type is WorkType.IMAGE else TEXT_THRESHOLDS,
            "found_at": NOW - timedelta(minutes=10 + len(self.ids)),
        }
        finding = Finding(
            finding_id=finding_id_of(work.work_id, capture.url, work.type),
            work_id=work.work_id,
            work_title=work.title,
            owner=work.owner,
            type=work.type,
            url=capture.url,
            host=capture.host,
            comparison=comparison,
            sweep_id=self.sweep_id,
            capture_id=capture.capture_id,
            evidence=capture.record_digest,
            **values | changes,
        )
        with self.database.write() as connection:
            add(connection, [capture])
            record(connection, finding)
        self.ids[key] = finding.finding_id
        return finding


def build(database: Database, folder: Path) -> World:
    """A world with one user and no findings."""
    stores = ConsoleStores(
        accounts=AccountStore(database),
        findings=FindingStore(database),
        captures=CaptureStore(database),
        works=WorkStore(database),
        quarantine=QuarantineStore(database, QUALITY, ()),
        search=EmbeddedSearch(folder / "search.sqlite"),
        subscriptions=SubscriptionStore(database),
        outbox=Outbox(database),
        vault=FolderVault(folder / "evidence"),
        references=FolderVault(folder / "references"),
    )
    stores.accounts.create(NAME, PASSWORD, at=NOW)
    return World(database, stores, SweepStore(database).start("nightly", NOW).sweep_id)
