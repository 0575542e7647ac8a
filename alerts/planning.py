"""From finished sweeps to what is owed: at most one message for each subscription and sweep."""

from collections.abc import Sequence
from datetime import datetime

from alerts.stores import AlertStores
from domain.alerts import AlertKind
from domain.campaigns import Sweep, SweepState
from domain.ids import SweepId

CONSUMER = "alerts"
EVENTS_AT_ONCE = 20


def plan(stores: AlertStores, administrators: Sequence[str], now: datetime) -> int:
    """Plan the messages that finished sweeps call for; how many.

    A sweep's event is forgotten only after its messages are on record, and planning them twice changes nothing.
    """
    planned = 0
    for event in stores.outbox.take(CONSUMER, EVENTS_AT_ONCE):
        sweep = stores.sweeps.get(SweepId(event.key))
        if sweep.state is SweepState.FAILED:
            facts = {"campaign": sweep.campaign, "sweep_id": sweep.sweep_id}
            stores.alerts.alarm(AlertKind.SWEEP_FAILED, sweep.sweep_id, facts, administrators=administrators, at=now)
        planned += _plan_findings(stores, sweep, now)
        stores.outbox.done([event])
    return planned


def _plan_findings(stores: AlertStores, sweep: Sweep, now: datetime) -> int:
    planned = 0
    for subscription in stores.subscriptions.all():
        owed = (f for f in stores.alerts.owed(subscription.subscription_id, sweep.sweep_id) if subscription.wants(f))
        ids = [finding.finding_id for finding in stores.unlicensed(owed, now)]
        if ids and stores.alerts.plan(subscription, sweep.sweep_id, ids, now):
            planned += 1
    return planned
