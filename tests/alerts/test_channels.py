import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from alerts.connections import CheckedBackend, RefusedAddressError
from alerts.mail import MailNotifier
from alerts.notifier import DeliveryError, Message
from alerts.webhook import WebhookNotifier, check_target
from domain.errors import UsageError
from domain.ids import AlertId
from tests.alerts.receivers import smtp_server, webhook_server
from tests.alerts.world import SECRET, settings
from tests.support.findings import NOON

MESSAGE = Message(
    alert_id=AlertId("a" * 20),
    target="rights@press.example",
    secret=SECRET,
    language="en",
    document={"summary": "灯"},
    subject="灯",
    text="灯",
    html="<p>灯</p>",
    sent_at=NOON,
)


@contextmanager
def raw_server(*chunks: bytes, pause: float) -> Iterator[int]:
    """Answers one connection with `chunks`, slowly; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                try:
                    for chunk in chunks:
                        connection.sendall(chunk)
                        time.sleep(pause)
                except OSError:
                    return  # the client has gone, as it should

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(timeout=20)


def posted(target: str, **changes: object) -> str:
    return WebhookNotifier(settings(**changes)).deliver(replace(MESSAGE, target=target))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:10.0.0.1]", "2130706433"],
)
def test_a_webhook_never_reaches_our_own_network(host: str) -> None:
    with webhook_server() as hook:
        with pytest.raises(DeliveryError) as refused:
            posted(f"https://{host}:{hook.port}/", allow_private_targets=False)
        assert not refused.value.retry
        assert "is not a public address" in refused.value.answer
        assert hook.calls == []


def test_a_name_is_judged_by_every_address_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: both)
    backend = CheckedBackend(seconds=5, allow_private=False)
    with pytest.raises(RefusedAddressError, match=r"hook\.example is 10\.0\.0\.1, which is not a public address"):
        backend.connect_tcp("hook.example", 443)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://hook.example/", "would be read by others"),
        ("ftp://hook.example/", "would be read by others"),
        ("https://user:pass@hook.example/", "holds a password"),
        ("https:///alerts", "is no web address"),
        ("https://[::1/", "is no web address"),
        ("https://hook.example:99999/", "is no web address"),
        ("https://hook.example/a b", "is no web address"),
        ("https://hook.example/\r\nX: y", "is no web address"),
    ],
)
def test_an_address_that_cannot_be_a_webhook_is_refused(url: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        check_target(url, settings(allow_private_targets=False))


def test_redirects_are_not_followed() -> None:
    with webhook_server() as elsewhere, webhook_server(302, headers={"Location": elsewhere.url}) as hook:
        with pytest.raises(DeliveryError) as refused:
            posted(hook.url)
        assert (refused.value.answer, refused.value.retry, elsewhere.calls) == ("HTTP 302", True, [])


def test_gone_means_gone() -> None:
    with webhook_server(410) as hook, pytest.raises(DeliveryError) as refused:
        posted(hook.url)
    assert not refused.value.retry


def test_a_slow_drip_does_not_hold_a_delivery_open() -> None:
    with raw_server(*[b"H"] * 200, pause=0.1) as port, pytest.raises(DeliveryError) as failed:
        posted(f"http://127.0.0.1:{port}/", timeout_seconds=1.0)
    assert failed.value.retry


def test_an_endless_answer_is_not_read() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n"
    with raw_server(answer, *[b"x" * 65_536] * 50, pause=0.01) as port:
        assert posted(f"http://127.0.0.1:{port}/") == "HTTP 200"


def test_nobody_there_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(DeliveryError) as failed:
        posted(f"http://127.0.0.1:{port}/")
    assert failed.value.retry
    with pytest.raises(DeliveryError, match="ConnectionRefusedError"):
        MailNotifier(settings(smtp_port=port)).deliver(MESSAGE)


def test_mail_needs_a_server() -> None:
    with pytest.raises(DeliveryError, match=r"give alerts\.smtp_host") as failed:
        MailNotifier(settings(smtp_host="")).deliver(MESSAGE)
    assert failed.value.retry


def test_mail_that_must_be_encrypted_is_not_sent_in_the_clear() -> None:
    with smtp_server() as mailbox:
        with pytest.raises(DeliveryError, match="STARTTLS"):
            MailNotifier(settings(smtp_port=mailbox.port, smtp_starttls=True)).deliver(MESSAGE)
        assert mailbox.attempts == 0


def test_a_password_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("secret\n")
    with smtp_server() as mailbox:
        given = settings(smtp_port=mailbox.port, smtp_user="monitor", smtp_password_file=str(tmp_path / "password"))
        with pytest.raises(DeliveryError, match="SMTPNotSupportedError"):
            MailNotifier(given).deliver(MESSAGE)
        missing = given.model_copy(update={"smtp_password_file": str(tmp_path / "none")})
        with pytest.raises(DeliveryError, match="No such file"):
            MailNotifier(missing).deliver(MESSAGE)
        assert mailbox.mails == []


def test_the_same_message_has_the_same_id_on_every_attempt() -> None:
    with smtp_server() as mailbox:
        notifier = MailNotifier(settings(smtp_port=mailbox.port))
        notifier.deliver(MESSAGE)
        notifier.deliver(replace(MESSAGE, sent_at=NOON.replace(hour=13)))
    assert [mail["Message-ID"] for mail in mailbox.mails] == ["<aaaaaaaaaaaaaaaaaaaa@office.example>"] * 2
