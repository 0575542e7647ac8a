"""E-mail: one message through an SMTP server."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path

from alerts.notifier import DeliveryError, Message
from config.settings import AlertSettings
from domain.subscriptions import Channel

PERMANENT = 500
"""SMTP replies from here on will not change by waiting (RFC 5321, section 4.2.1)."""


class MailNotifier:
    """Sends through the server that the settings name."""

    channel = Channel.EMAIL

    def __init__(self, settings: AlertSettings) -> None:
        self._settings = settings

    def deliver(self, message: Message) -> str:
        """Raises `DeliveryError`; a refused recipient or a wrong password is not tried again."""
        settings = self._settings
        if not settings.smtp_host:
            raise DeliveryError("no SMTP server is set: give alerts.smtp_host")
        try:
            with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=settings.timeout_seconds) as server:
                self._open(server)
                server.send_message(composed(message, settings.sender), settings.sender, [message.target])
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            raise _refused(code, answer) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise DeliveryError(f"{type(error).__name__}: {error}") from error
        return f"accepted by {settings.smtp_host}"

    def _open(self, server: smtplib.SMTP) -> None:
        settings = self._settings
        if settings.smtp_starttls:
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            password = Path(settings.smtp_password_file).read_text(encoding="utf-8").strip()
            server.login(settings.smtp_user, password)


def composed(message: Message, sender: str) -> EmailMessage:
    """The message with plain text and HTML, and what mail programs need to offer "unsubscribe" (RFC 8058)."""
    mail = EmailMessage()
    mail["Subject"] = message.subject
    mail["From"] = sender
    mail["To"] = message.target
    mail["Date"] = format_datetime(message.sent_at)
    # The same on every attempt, so that a receiver can tell a repeated message.
    mail["Message-ID"] = f"<{message.alert_id}@{parseaddr(sender)[1].rpartition('@')[2] or 'localhost'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = message.language
    if mute := message.document.get("mute"):
        mail["List-Unsubscribe"] = f"<{mute}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail


def _refused(code: int, answer: bytes | str) -> DeliveryError:
    said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return DeliveryError(f"{code} {said}", retry=code < PERMANENT)
