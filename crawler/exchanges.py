"""Scrapy's answers in the form in which they are preserved."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from scrapy import Request
from scrapy.http import Headers, Response

from evidence.exchange import RawExchange


def exchange_of(request: Request, response: Response, at: datetime) -> RawExchange:
    """The exchange as it went over the wire. Scrapy keeps neither the order nor the case of header names."""
    return RawExchange(
        url=response.url,
        method=request.method,
        request_headers=_pairs(request.headers),
        status=response.status,
        status_text=_phrase(response.status),
        http_version=response.protocol or "HTTP/1.1",
        response_headers=_pairs(response.headers),
        body=response.body,
        address=str(response.ip_address or ""),
        fetched_at=at,
    )


def location_of(response: Response) -> str:
    """The Location header as text; empty if there is none."""
    raw = response.headers.get("Location") or b""
    try:
        return raw.decode("utf-8").strip()
    except UnicodeDecodeError:
        return raw.decode("latin-1").strip()


def retry_after(response: Response, now: datetime) -> float | None:
    """Seconds that a Retry-After header (RFC 9110: a number or a date) asks to wait; None without one."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdigit() and len(value) < 10:
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError):
        return None


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name in headers for value in headers.getlist(name)
    )


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
