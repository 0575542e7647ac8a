"""Joins the parts into one installation: the only place that knows which implementation serves which Protocol."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from alerts.dispatch import Dispatcher
from alerts.mail import MailNotifier
from alerts.stores import AlertStores
from alerts.webhook import WebhookNotifier
from config.settings import Settings
from console.stores import ConsoleStores
from crawler.readers import Readers, confined_readers
from crawler.reading import ReadPage, confined
from domain.works import WorkType
from evidence.vault import FolderVault
from matcher.confinement.workers import Workers
from matcher.engine import Engine
from matcher.negatives import NegativeBank
from matcher.worktypes import WorkTypeMatcher
from monitor.judging import Opener
from monitor.matchers import confined_matchers
from monitor.paths import DataFolder
from monitor.registering import RegisterKeeper
from store.accounts import AccountStore
from store.alerts import AlertStore
from store.campaigns import CampaignStore
from store.captures import CaptureStore
from store.content_prints import ContentPrintStore
from store.database import Database, database_url, sqlite_url
from store.findings import FindingStore
from store.leads import LeadStore
from store.nights import NightStore
from store.outbox import Outbox
from store.quarantine import QuarantineStore
from store.rematches import RematchStore
from store.schema import upgrade
from store.search import SearchIndex
from store.search_embedded import EmbeddedSearch
from store.subscriptions import SubscriptionStore
from store.sweeps import SweepStore
from store.thresholds import ThresholdStore
from store.works import WorkStore

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The time now, aware and in UTC."""
    return datetime.now(UTC)


class Platform:
    """One installation: its settings, its data folder, and its parts, each made when first asked for."""

    def __init__(self, data: Path, settings: Settings, clock: Clock = system_clock) -> None:
        self.folder = DataFolder(data.absolute())
        self.settings = settings
        self.clock = clock

    @cached_property
    def database(self) -> Database:
        """The records database, created or migrated to the newest schema."""
        self.folder.root.mkdir(parents=True, exist_ok=True)
        settings = self.settings.database
        url = database_url(settings.url, settings.password_file) if settings.url else sqlite_url(self.folder.records)
        database = Database(url)
        upgrade(database)
        return database

    @cached_property
    def works(self) -> WorkStore:
        return WorkStore(self.database)

    @cached_property
    def campaigns(self) -> CampaignStore:
        return CampaignStore(self.database)

    @cached_property
    def sweeps(self) -> SweepStore:
        return SweepStore(self.database)

    @cached_property
    def captures(self) -> CaptureStore:
        return CaptureStore(self.database)

    @cached_property
    def content_prints(self) -> ContentPrintStore:
        return ContentPrintStore(self.database)

    @cached_property
    def rematches(self) -> RematchStore:
        return RematchStore(self.database)

    @cached_property
    def findings(self) -> FindingStore:
        return FindingStore(self.database)

    @cached_property
    def leads(self) -> LeadStore:
        return LeadStore(self.database)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.database)

    @cached_property
    def quarantine(self) -> QuarantineStore:
        return QuarantineStore(self.database, self.settings.quality, self.settings.general.administrators)

    @cached_property
    def subscriptions(self) -> SubscriptionStore:
        return SubscriptionStore(self.database)

    @cached_property
    def alerts(self) -> AlertStore:
        return AlertStore(self.database)

    @cached_property
    def nights(self) -> NightStore:
        return NightStore(self.database, self.settings.general.administrators)

    @cached_property
    def search(self) -> SearchIndex:
        """The search engine of the settings. Raises `StoreError` when it is out of reach."""
        settings = self.settings.search
        if settings.engine == "elasticsearch":
            # The client takes a second to import, which every command would wait for.
            from store.search_elastic import ElasticSearch  # noqa: PLC0415
            from store.search_elastic_client import elastic_client  # noqa: PLC0415

            return ElasticSearch(elastic_client(settings), settings.prefix)
        self.folder.root.mkdir(parents=True, exist_ok=True)
        return EmbeddedSearch(self.folder.search)

    @cached_property
    def accounts(self) -> AccountStore:
        return AccountStore(self.database)

    @cached_property
    def vault(self) -> FolderVault:
        return FolderVault(self.folder.evidence)

    @cached_property
    def references(self) -> FolderVault:
        return FolderVault(self.folder.references)

    @cached_property
    def matchers(self) -> tuple[WorkTypeMatcher, ...]:
        return confined_matchers(self.settings.matcher, self.workers)

    @cached_property
    def workers(self) -> Workers:
        """The processes that read contents; they are begun when first needed."""
        settings = self.settings.matcher
        # -P: a folder called `config` in the working directory must not stand in for ours.
        command = (sys.executable, "-P", "-m", "monitor.reading")
        return Workers(command, settings.model_dump_json().encode(), settings.confinement)

    @cached_property
    def read_page(self) -> ReadPage:
        return confined(self.workers, self.settings.matcher.confinement.seconds)

    @cached_property
    def readers(self) -> Readers:
        return confined_readers(self.workers, self.settings.matcher.confinement.seconds)

    def dispatcher(self) -> Dispatcher:
        """Sends what is owed to subscribers and administrators."""
        stores = AlertStores(
            alerts=self.alerts,
            subscriptions=self.subscriptions,
            sweeps=self.sweeps,
            works=self.works,
            outbox=self.outbox,
        )
        settings = self.settings.alerts
        notifiers = (MailNotifier(settings), WebhookNotifier(settings))
        return Dispatcher(stores, notifiers, settings=settings, general=self.settings.general, clock=self.clock)

    def console_stores(self) -> ConsoleStores:
        """What the console works on."""
        return ConsoleStores(
            accounts=self.accounts,
            findings=self.findings,
            captures=self.captures,
            works=self.works,
            quarantine=self.quarantine,
            search=self.search,
            subscriptions=self.subscriptions,
            outbox=self.outbox,
            vault=self.vault,
            references=self.references,
        )

    @cached_property
    def register(self) -> RegisterKeeper:
        return RegisterKeeper(self.works, self.references, self.folder.index)

    @cached_property
    def thresholds(self) -> ThresholdStore:
        return ThresholdStore(self.database)

    @cached_property
    def opener(self) -> Opener:
        return Opener(self.matchers, self.settings.matcher, self.register, self.thresholds, self.folder.root)

    def engine(self) -> Engine:
        """The matcher over the works registered now."""
        self.workers.start()
        own = {work_id: values for m in self.matchers for work_id, values in self.thresholds.of_type(m.type).items()}
        return Engine(self.matchers, self.opener.whole(), self._bank(), own)

    def _bank(self) -> NegativeBank:
        quality = self.settings.quality
        titles = {item.work_id: item.title for item in self.works.negatives()}
        return NegativeBank(titles=titles, share=quality.negative_share, doubt=quality.negative_doubt)

    def matcher_of(self, work_type: WorkType) -> WorkTypeMatcher | None:
        """The matcher of a work type, or None while there is none."""
        return next((matcher for matcher in self.matchers if matcher.type is work_type), None)
