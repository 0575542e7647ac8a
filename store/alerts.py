"""Alerts that are owed, and how their delivery went."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, func, insert, or_, select, update

from domain.alerts import Alert, AlertKind, AlertState, Receipt
from domain.findings import Finding, FindingState, Verdict
from domain.ids import AlertId, FindingId, SubscriptionId, SweepId, short_digest
from domain.quarantine import QuarantineState
from domain.subscriptions import Channel, Subscription
from store.database import Database
from store.encoding import finding_from_row
from store.tables import alerted_findings, alerts, findings, quarantines, receipts, sightings
from store.upserts import insert_missing

PAGE = 500
HELD = exists().where(
    quarantines.c.work_id == findings.c.work_id,
    quarantines.c.state == QuarantineState.HELD.value,
    findings.c.found_at > quarantines.c.since,
)
# What may be told: copies that nobody has decided about and no quarantine holds, and whatever a person confirmed.
TELLABLE: ColumnElement[bool] = or_(
    and_(findings.c.state == FindingState.OPEN.value, findings.c.verdict == Verdict.COPY.value, ~HELD),
    findings.c.state == FindingState.CONFIRMED.value,
)


class AlertStore:
    """What is owed, to whom, and what was sent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def owed(self, subscription_id: SubscriptionId, sweep_id: SweepId) -> Iterator[Finding]:
        """Findings seen in a sweep that may be told and that this subscriber has not been told of."""
        told = select(alerted_findings.c.finding_id).where(alerted_findings.c.subscription_id == subscription_id)
        query = (
            select(findings)
            .join(sightings, sightings.c.finding_id == findings.c.finding_id)
            .where(sightings.c.sweep_id == sweep_id, TELLABLE, findings.c.finding_id.not_in(told))
            .order_by(findings.c.found_at, findings.c.finding_id)
        )
        with self._database.read() as connection:
            for row in connection.execution_options(yield_per=PAGE).execute(query):
                yield finding_from_row(row)

    def plan(
        self, subscription: Subscription, sweep_id: SweepId, ids: Sequence[FindingId], at: datetime
    ) -> AlertId | None:
        """Owe a subscriber one message about `ids`; None if the message of this sweep is planned already."""
        with self._database.write() as connection:
            alert_id = _insert(connection, AlertKind.FINDINGS, sweep_id, _recipient_of(subscription), {}, at)
            if alert_id is not None:
                rows = [
                    {"subscription_id": subscription.subscription_id, "finding_id": i, "alert_id": alert_id}
                    for i in ids
                ]
                # Another sweep, planned at the same moment, may have been first with some of them.
                insert_missing(connection, alerted_findings, rows)
        return alert_id

    def claim(self, limit: int, *, now: datetime, lease: timedelta) -> list[Alert]:
        """Take alerts that are due; another process may take them again when the lease is over."""
        free = or_(alerts.c.claimed_until.is_(None), alerts.c.claimed_until <= now)
        due = and_(alerts.c.state == AlertState.WAITING.value, alerts.c.next_attempt_at <= now, free)
        query = select(alerts).where(due).order_by(alerts.c.next_attempt_at, alerts.c.alert_id).limit(limit)
        with self._database.write() as connection:
            claimed = [_alert(row) for row in connection.execute(query.with_for_update(skip_locked=True))]
            ids = [alert.alert_id for alert in claimed]
            taken = update(alerts).where(alerts.c.alert_id.in_(ids)).values(claimed_until=now + lease)
            connection.execute(taken)
        return claimed

    def findings_of(self, alert_id: AlertId) -> list[Finding]:
        """What an alert is about, as far as it may still be told."""
        query = (
            select(findings)
            .join(alerted_findings, alerted_findings.c.finding_id == findings.c.finding_id)
            .where(alerted_findings.c.alert_id == alert_id, TELLABLE)
            .order_by(findings.c.host, findings.c.found_at, findings.c.finding_id)
        )
        with self._database.read() as connection:
            return [finding_from_row(row) for row in connection.execute(query)]

    def delivered(self, alert: Alert, *, at: datetime, answer: str, document: Mapping[str, Any]) -> None:
        """Record that an alert arrived, with what was sent."""
        with self._database.write() as connection:
            _settle(connection, alert.alert_id, AlertState.DELIVERED, attempts=alert.attempts + 1)
            _receipt(connection, alert.alert_id, at=at, delivered=True, answer=answer, document=document)
            told = [f["finding_id"] for site in document.get("sites", ()) for f in site["findings"]]
            _disown(connection, alert.alert_id, except_for=told)

    def failed(self, alert: Alert, *, at: datetime, answer: str, again_at: datetime | None) -> None:
        """Record a failed attempt. Without another one (`again_at` None) its findings are owed again."""
        with self._database.write() as connection:
            _receipt(connection, alert.alert_id, at=at, delivered=False, answer=answer)
            if again_at is None:
                _settle(connection, alert.alert_id, AlertState.GIVEN_UP, attempts=alert.attempts + 1)
                _disown(connection, alert.alert_id)
                return
            later = {"attempts": alert.attempts + 1, "next_attempt_at": again_at, "claimed_until": None}
            connection.execute(update(alerts).where(alerts.c.alert_id == alert.alert_id).values(later))

    def withdraw(self, alert: Alert) -> None:
        """Say nothing after all; its findings are owed again, should they be tellable later."""
        with self._database.write() as connection:
            _settle(connection, alert.alert_id, AlertState.WITHDRAWN, attempts=alert.attempts)
            _disown(connection, alert.alert_id)

    def alarm(
        self,
        kind: AlertKind,
        occasion: str,
        facts: Mapping[str, str],
        *,
        administrators: Sequence[str],
        at: datetime,
    ) -> None:
        """Owe each administrator one message. Safe to repeat."""
        with self._database.write() as connection:
            raise_alarm(connection, kind, occasion, facts, administrators=administrators, at=at)

    def receipts(self, recipient: SubscriptionId | None = None) -> list[tuple[Alert, list[Receipt]]]:
        """Alerts, newest first, each with its attempts; those of one subscriber, or all."""
        query = select(alerts).order_by(alerts.c.created_at.desc(), alerts.c.alert_id)
        if recipient is not None:
            query = query.where(alerts.c.recipient == recipient)
        with self._database.read() as connection:
            known = [_alert(row) for row in connection.execute(query)]
            tried: dict[str, list[Receipt]] = {alert.alert_id: [] for alert in known}
            for row in connection.execute(select(receipts).order_by(receipts.c.id)):
                if row.alert_id in tried:
                    tried[row.alert_id].append(_receipt_of(row))
        return [(alert, tried[alert.alert_id]) for alert in known]

    def counts(self) -> dict[AlertState, int]:
        """How many alerts there are in each state."""
        query = select(alerts.c.state, func.count()).group_by(alerts.c.state)
        with self._database.read() as connection:
            return {AlertState(state): count for state, count in connection.execute(query)}


def raise_alarm(
    connection: Connection,
    kind: AlertKind,
    occasion: str,
    facts: Mapping[str, str],
    *,
    administrators: Sequence[str],
    at: datetime,
) -> None:
    """Owe each administrator one message, in the transaction of `connection`. Safe to repeat."""
    for address in administrators:
        recipient = SubscriptionId(short_digest("administrator", address))
        _insert(connection, kind, occasion, (recipient, Channel.EMAIL, address), facts, at)


Recipient = tuple[SubscriptionId, Channel, str]


def _recipient_of(subscription: Subscription) -> Recipient:
    return subscription.subscription_id, subscription.channel, subscription.target


def _insert(
    connection: Connection,
    kind: AlertKind,
    occasion: str,
    to: Recipient,
    facts: Mapping[str, str],
    at: datetime,
) -> AlertId | None:
    recipient, channel, target = to
    alert_id = AlertId(short_digest("alert", kind, recipient, occasion))
    row: dict[str, Any] = {"alert_id": alert_id, "kind": kind.value, "recipient": recipient, "occasion": occasion}
    row |= {"channel": channel.value, "target": target, "facts": dict(facts)}
    row |= {"created_at": at, "next_attempt_at": at, "state": AlertState.WAITING.value, "attempts": 0}
    return alert_id if insert_missing(connection, alerts, [row]) else None


def _settle(connection: Connection, alert_id: AlertId, state: AlertState, *, attempts: int) -> None:
    values = {"state": state.value, "attempts": attempts, "claimed_until": None}
    connection.execute(update(alerts).where(alerts.c.alert_id == alert_id).values(values))


def _disown(connection: Connection, alert_id: AlertId, except_for: Sequence[str] = ()) -> None:
    mine = alerted_findings.c.alert_id == alert_id
    connection.execute(delete(alerted_findings).where(mine, alerted_findings.c.finding_id.not_in(except_for)))


def _receipt(
    connection: Connection,
    alert_id: AlertId,
    *,
    at: datetime,
    delivered: bool,
    answer: str,
    document: Mapping[str, Any] | None = None,
) -> None:
    row = {"alert_id": alert_id, "at": at, "delivered": delivered, "answer": answer, "document": document}
    connection.execute(insert(receipts).values(row))


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        alert_id=AlertId(row.alert_id),
        kind=AlertKind(row.kind),
        recipient=SubscriptionId(row.recipient),
        occasion=row.occasion,
        channel=Channel(row.channel),
        target=row.target,
        facts=row.facts,
        created_at=row.created_at,
        state=AlertState(row.state),
        attempts=row.attempts,
    )


def _receipt_of(row: Row[Any]) -> Receipt:
    return Receipt(alert_id=AlertId(row.alert_id), at=row.at, delivered=row.delivered, answer=row.answer)
