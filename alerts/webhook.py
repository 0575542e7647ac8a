"""Signed webhooks (Standard Webhooks 1.0): the alert's JSON, posted to the subscriber's address."""

import json
import ssl
from contextlib import closing
from datetime import timedelta
from urllib.parse import urlsplit

import httpcore2
from standardwebhooks import Webhook

from alerts.connections import CheckedBackend, RefusedAddressError
from alerts.notifier import DeliveryError, Message
from config.settings import AlertSettings
from domain.errors import UsageError
from domain.subscriptions import Channel

GONE = 410
TOO_MANY, UNAVAILABLE = 429, 503
USER_AGENT = "piracy-monitor-webhook/1"


class WebhookNotifier:
    """Posts to public addresses, and to others only where the settings allow it. Redirects are not followed."""

    channel = Channel.WEBHOOK

    def __init__(self, settings: AlertSettings) -> None:
        self._settings = settings
        self._tls = ssl.create_default_context()

    def deliver(self, message: Message) -> str:
        """Raises `DeliveryError`; an address out of bounds and an answer "410 Gone" are not tried again."""
        settings = self._settings
        try:
            check_target(message.target, settings)
        except UsageError as error:
            raise DeliveryError(error.problem, retry=False) from error
        backend = CheckedBackend(seconds=settings.timeout_seconds, allow_private=settings.allow_private_targets)
        body = json.dumps(message.document, ensure_ascii=False)
        pool = httpcore2.ConnectionPool(ssl_context=self._tls, network_backend=backend)
        try:
            # The answer's body says nothing we need and could be endless, so it is never read.
            with (
                closing(pool),
                pool.stream("POST", message.target, headers=_headers(message, body), content=body.encode()) as answer,
            ):
                return _judged(answer)
        except RefusedAddressError as error:
            raise DeliveryError(str(error), retry=False) from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException, OSError) as error:
            raise DeliveryError(f"{type(error).__name__}: {error}") from error


def check_target(url: str, settings: AlertSettings) -> None:
    """Raise `UsageError` unless `url` can be a webhook."""
    mend = "Give a public https:// address; alerts.allow_private_targets also allows http:// and one's own network."
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not named or not url.isascii() or any(c.isspace() for c in url):
        raise UsageError(f"{url!r} is no web address.", mend)
    allowed = {"https", "http"} if settings.allow_private_targets else {"https"}
    if parts.scheme not in allowed:
        raise UsageError(f"A webhook at {parts.scheme}:// would be read by others on its way.", mend)
    if parts.username or parts.password:
        raise UsageError("The address of a webhook holds a password.", "Leave it out: the signature says who sends.")


def _headers(message: Message, body: str) -> list[tuple[bytes | str, bytes | str]]:
    signature = Webhook(message.secret).sign(message.alert_id, message.sent_at, body)
    return [
        ("Host", urlsplit(message.target).netloc),
        ("Content-Type", "application/json; charset=utf-8"),
        ("User-Agent", USER_AGENT),
        ("webhook-id", message.alert_id),
        ("webhook-timestamp", str(int(message.sent_at.timestamp()))),
        ("webhook-signature", signature),
    ]


def _judged(answer: httpcore2.Response) -> str:
    said = f"HTTP {answer.status}"
    if 200 <= answer.status < 300:
        return said
    raise DeliveryError(said, retry=answer.status != GONE, after=_wait(answer))


def _wait(answer: httpcore2.Response) -> timedelta | None:
    """What a Retry-After in seconds asks for; its form as a date is rare, and the usual wait does as well."""
    if answer.status not in {TOO_MANY, UNAVAILABLE}:
        return None
    given = next((value for name, value in answer.headers if name.lower() == b"retry-after"), b"")
    return timedelta(seconds=int(given)) if given.isdigit() and len(given) < 8 else None
