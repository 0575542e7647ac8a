"""Delivers what is owed: composed anew on each attempt, tried with growing waits, with a receipt of every attempt."""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from alerts.documents import Links, findings_document, notice_document
from alerts.notifier import DeliveryError, Message, Notifier
from alerts.planning import plan
from alerts.rendering import render
from alerts.stores import AlertStores
from config.settings import AlertSettings, GeneralSettings
from domain.alerts import Alert, AlertKind
from domain.ids import SweepId
from domain.subscriptions import Subscription

LOG = logging.getLogger(__name__)
CLAIMED_AT_ONCE = 8
THREADS = 4
LEASE_MARGIN = timedelta(seconds=60)
LONGEST_ANSWER = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one round of the dispatcher did; *failed* attempts are made again later or were given up."""

    planned: int
    delivered: int
    failed: int


class Dispatcher:
    """Plans and delivers. Several may run at once: an alert is claimed before it is sent."""

    def __init__(
        self,
        stores: AlertStores,
        notifiers: Sequence[Notifier],
        *,
        settings: AlertSettings,
        general: GeneralSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._stores = stores
        self._notifiers = {notifier.channel: notifier for notifier in notifiers}
        self._settings = settings
        self._general = general
        self._clock = clock
        self._links = Links(settings.console_url)

    def round(self) -> Tally:
        """Plan what is newly owed and try everything that is due."""
        planned = plan(self._stores, self._general.administrators, self._clock())
        # Each claim is tried in threads of its own number, one after another, so the lease covers a whole queue.
        lease = timedelta(seconds=self._settings.timeout_seconds) * (CLAIMED_AT_ONCE // THREADS) * 2 + LEASE_MARGIN
        tried: list[bool] = []
        with ThreadPoolExecutor(THREADS) as pool:
            while claimed := self._stores.alerts.claim(CLAIMED_AT_ONCE, now=self._clock(), lease=lease):
                tried += [sent for sent in pool.map(self._attempt, claimed) if sent is not None]
        return Tally(planned=planned, delivered=sum(tried), failed=len(tried) - sum(tried))

    def _attempt(self, alert: Alert) -> bool | None:
        """Whether it arrived; None if there was nothing to say any more."""
        try:
            message = self._compose(alert)
            if message is None:
                self._stores.alerts.withdraw(alert)
                return None
            answer = self._notifiers[alert.channel].deliver(message)
        except DeliveryError as error:
            self._failed(alert, error)
            return False
        except SQLAlchemyError:
            raise
        except Exception as error:
            # What nobody foresaw in one alert must not keep the others back; it is on its receipt and in the log.
            LOG.exception("alert %s could not be sent", alert.alert_id)
            self._failed(alert, DeliveryError(f"{type(error).__name__}: {error}"))
            return False
        self._stores.alerts.delivered(
            alert, at=self._clock(), answer=answer[:LONGEST_ANSWER], document=message.document
        )
        return True

    def _compose(self, alert: Alert) -> Message | None:
        """The message as things stand now: what was dismissed or licensed since is not told."""
        if alert.kind is not AlertKind.FINDINGS:
            return self._message(alert, notice_document(alert, self._general.language), secret="")
        subscription = self._stores.subscriptions.find(alert.recipient)
        if subscription is None or subscription.muted:
            return None
        found = list(self._stores.unlicensed(self._stores.alerts.findings_of(alert.alert_id), self._clock()))
        if not found:
            return None
        return self._message(alert, self._document(alert, subscription, found), secret=subscription.secret)

    def _document(self, alert: Alert, subscription: Subscription, found: Sequence[Any]) -> dict[str, Any]:
        sweep = self._stores.sweeps.get(SweepId(alert.occasion))
        token = self._stores.subscriptions.mute_token(subscription.subscription_id)
        return findings_document(alert, subscription, sweep, found, links=self._links, mute_token=token)

    def _message(self, alert: Alert, document: Mapping[str, Any], *, secret: str) -> Message:
        rendered = render(document)
        return Message(
            alert_id=alert.alert_id,
            target=alert.target,
            secret=secret,
            language=document["language"],
            document=document,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            sent_at=self._clock(),
        )

    def _failed(self, alert: Alert, error: DeliveryError) -> None:
        now = self._clock()
        last = not error.retry or alert.attempts + 1 >= self._settings.attempts
        again_at = None if last else now + self._wait(alert.attempts, error.after)
        self._stores.alerts.failed(alert, at=now, answer=error.answer[:LONGEST_ANSWER], again_at=again_at)
        if last and alert.kind is AlertKind.FINDINGS:
            self._tell_administrators(alert, error, now)

    def _tell_administrators(self, alert: Alert, error: DeliveryError, now: datetime) -> None:
        subscription = self._stores.subscriptions.find(alert.recipient)
        facts = {
            "name": subscription.name if subscription else alert.recipient,
            "target": alert.target,
            "answer": error.answer[:LONGEST_ANSWER],
        }
        self._stores.alerts.alarm(
            AlertKind.UNDELIVERED, alert.alert_id, facts, administrators=self._general.administrators, at=now
        )

    def _wait(self, attempts: int, asked: timedelta | None) -> timedelta:
        """Doubled each time; a receiver may ask for longer, up to the same limit."""
        settings = self._settings
        doubled = settings.backoff_seconds * 2**attempts
        wanted = max(doubled, asked.total_seconds() if asked else 0.0)
        return timedelta(seconds=min(wanted, settings.max_backoff_seconds))
