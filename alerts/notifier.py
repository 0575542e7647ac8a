"""What a channel is asked to deliver, and how it says that it could not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from domain.ids import AlertId
from domain.subscriptions import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One alert, ready to go. The same on every attempt but for `sent_at` and what was decided meanwhile."""

    alert_id: AlertId
    target: str
    secret: str
    """Signing secret of a webhook; empty otherwise."""
    language: str
    document: Mapping[str, Any]
    """The alert as docs/schemas/alert-1.json describes it."""
    subject: str
    text: str
    html: str
    sent_at: datetime


class DeliveryError(Exception):
    """An attempt failed. `retry` says whether another may succeed, `after` how long the receiver asked us to wait."""

    def __init__(self, answer: str, *, retry: bool = True, after: timedelta | None = None) -> None:
        super().__init__(answer)
        self.answer = answer
        self.retry = retry
        self.after = after


class Notifier(Protocol):
    """A channel."""

    channel: Channel

    def deliver(self, message: Message) -> str:
        """Send once; the receiver's answer in a line. Raises `DeliveryError`."""
        ...
