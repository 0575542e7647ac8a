"""The records that alerts are made from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from domain.findings import Finding
from domain.ids import WorkId
from domain.works import Work
from store.alerts import AlertStore
from store.outbox import Outbox
from store.subscriptions import SubscriptionStore
from store.sweeps import SweepStore
from store.works import WorkStore

LICENCE_ZONE = ZoneInfo("Asia/Shanghai")
"""Licences run from day to day of this zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertStores:
    """Everything that planning and delivery read and write."""

    alerts: AlertStore
    subscriptions: SubscriptionStore
    sweeps: SweepStore
    works: WorkStore
    outbox: Outbox

    def unlicensed(self, found: Iterable[Finding], now: datetime) -> Iterator[Finding]:
        """Leaves out what has become lawful since it was found, and works no longer registered."""
        today = now.astimezone(LICENCE_ZONE).date()
        known: dict[WorkId, Work | None] = {}
        for finding in found:
            if finding.work_id not in known:
                known[finding.work_id] = self.works.get(finding.work_id)
            work = known[finding.work_id]
            hosts = (finding.host, urlsplit(finding.page_url).hostname or finding.host)
            if work and not work.is_free_at(hosts, today):
                yield finding
