"""Messages that are owed to subscribers and administrators."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.ids import AlertId, SubscriptionId
from domain.subscriptions import Channel


class AlertKind(StrEnum):
    """What a message is about. All but *findings* go to the administrators."""

    FINDINGS = "findings"
    SWEEP_FAILED = "sweep_failed"
    """A sweep ended without fetching anything."""
    NIGHT_MISSED = "night_missed"
    """A sweep that was planned did not start, or did not end."""
    CANARIES_UNSEEN = "canaries_unseen"
    """A sweep did not see pages that are known to be there, so that what it did not find says little."""
    UNDELIVERED = "undelivered"
    """An alert was given up after its last attempt."""
    WORK_QUARANTINED = "work_quarantined"
    """Far more was found of a work than ever before, and is held back until a person has looked."""


class AlertState(StrEnum):
    """How far a message got."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    WITHDRAWN = "withdrawn"
    """There was nothing left to say, or nobody to say it to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message: what it is about, to whom, and how often it was tried.

    `recipient` is a subscription's id, or one derived from an administrator's address. There is at most one alert
    for each recipient, kind and occasion: that is what makes planning safe to repeat.
    """

    alert_id: AlertId
    kind: AlertKind
    recipient: SubscriptionId
    occasion: str
    """The sweep's id, or what else it is about."""
    channel: Channel
    target: str
    facts: Mapping[str, str]
    """What an administrator is told, by name; empty for findings."""
    created_at: datetime
    state: AlertState = AlertState.WAITING
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """How one attempt to deliver an alert ended; `answer` is the receiver's, or what kept it from answering."""

    alert_id: AlertId
    at: datetime
    delivered: bool
    answer: str
