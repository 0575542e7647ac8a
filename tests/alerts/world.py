"""Real stores with a sweep that found something, and a dispatcher over them."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from alerts.dispatch import Dispatcher
from alerts.mail import MailNotifier
from alerts.notifier import Notifier
from alerts.stores import AlertStores
from alerts.webhook import WebhookNotifier
from config.loading import load_settings
from config.settings import AlertSettings
from domain.campaigns import Sweep, SweepState
from domain.findings import Finding
from domain.ids import SubscriptionId, WorkId
from domain.subscriptions import Channel, Subscription
from domain.works import Work, WorkType
from store.alerts import AlertStore
from store.database import Database
from store.findings import FindingStore, record
from store.outbox import Outbox
from store.subscriptions import SubscriptionStore
from store.sweeps import SweepStore
from store.works import WorkStore
from tests.support.findings import NOON, finding

DEFAULTS = load_settings(None, {})
ADMINISTRATOR = "duty@office.example"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def settings(**changes: Any) -> AlertSettings:
    """Alert settings for servers on loopback."""
    near = {"smtp_host": "127.0.0.1", "smtp_starttls": False, "allow_private_targets": True, "timeout_seconds": 5.0}
    near |= {"sender": "Monitor <monitor@office.example>", "console_url": "https://console.example"}
    return DEFAULTS.alerts.model_copy(update=near | changes)


def work(work_id: str = "w1", **changes: Any) -> Work:
    return replace(Work(work_id=WorkId(work_id), title="海边的灯", type=WorkType.TEXT, owner="林晚"), **changes)


@dataclass
class World:
    """The stores; the time stands still until it is moved."""

    database: Database
    now: datetime = NOON
    stores: AlertStores = field(init=False)
    findings: FindingStore = field(init=False)

    def __post_init__(self) -> None:
        database = self.database
        self.findings = FindingStore(database)
        self.stores = AlertStores(
            alerts=AlertStore(database),
            subscriptions=SubscriptionStore(database),
            sweeps=SweepStore(database),
            works=WorkStore(database),
            outbox=Outbox(database),
        )
        self.stores.works.put([work()])

    def sweep(self, *found: Finding, state: SweepState = SweepState.FINISHED) -> Sweep:
        """A sweep that ended now, having seen `found`."""
        sweep = self.stores.sweeps.start("night", self.now)
        with self.database.write() as connection:
            for one in found:
                record(connection, replace(one, sweep_id=sweep.sweep_id))
        self.stores.sweeps.end(sweep.sweep_id, state, self.now)
        return sweep

    def subscribe(self, name: str = "海风出版社", **changes: Any) -> Subscription:
        given = {"channel": Channel.EMAIL, "target": "rights@press.example"} | changes
        subscription = Subscription(subscription_id=SubscriptionId(f"id-{name}"), name=name, **given)
        self.stores.subscriptions.add(subscription)
        return subscription

    def dispatcher(self, given: AlertSettings, *notifiers: Notifier) -> Dispatcher:
        general = DEFAULTS.general.model_copy(update={"administrators": [ADMINISTRATOR]})
        channels = notifiers or (MailNotifier(given), WebhookNotifier(given))
        return Dispatcher(self.stores, channels, settings=given, general=general, clock=lambda: self.now)

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def copy(number: int = 1, host: str = "novels.example", **changes: Any) -> Finding:
    """A finding at an address of its own."""
    url = f"http://{host}/{number}.html"
    return finding(url=url, page_url=url, host=host, **changes)
