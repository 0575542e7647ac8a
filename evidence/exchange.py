"""One request and its answer, as they went over the wire, in the form of a WARC 1.1 file.

The file holds three records: what made it (warcinfo), the request and the response; and a fourth (conversion) for a
page that a browser drew. Record ids are derived from the content, so the same exchange always gives the same bytes.
"""

import io
import uuid
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from domain.errors import IntegrityError
from domain.ids import digest_of
from evidence.codings import decoded
from evidence.heads import COMMON_VERSIONS, Headers, one_line, request_head, response_head, split_head

SOFTWARE = "piracy-monitor"
FORMAT = "WARC File Format 1.1"
NAMESPACE = uuid.UUID("2f3f4a6e-52a1-4a3b-9d0e-6a0f6d1f7c11")
# The body is kept without its transfer coding (which is of the connection, not of the document), so the header that
# announced it is renamed, as web archives do.
RENAMED = {"transfer-encoding": "X-Archive-Orig-Transfer-Encoding"}

# WARC wants URIs; everything else in an address is percent-encoded as UTF-8.
URL_CHARACTERS = "%/:?#[]@!$&'()*+,;=~"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawExchange:
    """What was sent and received. Header values are text in Latin-1, as HTTP has them; `body` is still compressed."""

    url: str
    method: str
    request_headers: Headers
    status: int
    status_text: str
    http_version: str
    response_headers: Headers
    body: bytes
    address: str
    """The IP address that answered; empty if unknown."""
    fetched_at: datetime
    drawn: bytes = field(default=b"", repr=False)
    """The page as a browser showed it, in HTML and UTF-8; empty when none was needed to read it."""

    def header(self, name: str) -> str:
        """The first response header of that name; empty if there is none."""
        return next((value for key, value in self.response_headers if key.lower() == name.lower()), "")


class _Writer(WARCWriter):  # type: ignore[misc]  # warcio has no types
    """Digests by SHA-256, and buffers in memory: bodies were bounded when they were fetched."""

    @staticmethod
    def _create_digester() -> Digester:
        return Digester("sha256")

    @staticmethod
    def _create_temp_file() -> io.BytesIO:
        return io.BytesIO()


def to_warc(exchange: RawExchange, *parts: RawExchange) -> bytes:
    """The exchange as a compressed WARC file, and after it those that were made because of it."""
    return b"".join(map(_warc_of, (exchange, *parts)))


def _warc_of(exchange: RawExchange) -> bytes:
    out = io.BytesIO()
    writer = _Writer(out, gzip=True, warc_version="WARC/1.1")
    at = exchange.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    identity = digest_of(repr((exchange, at)).encode() + exchange.drawn)
    info = writer.create_warcinfo_record(None, {"software": SOFTWARE, "format": FORMAT, "http-header-user-agent": ""})
    common = {"WARC-Date": at}
    if exchange.address:
        common["WARC-IP-Address"] = one_line(exchange.address)
    if exchange.http_version not in COMMON_VERSIONS:
        common["WARC-Protocol"] = one_line(exchange.http_version)
    url = quote(exchange.url, safe=URL_CHARACTERS, errors="backslashreplace")
    response = writer.create_warc_record(
        url,
        "response",
        payload=io.BytesIO(exchange.body),
        http_headers=response_head(
            exchange.http_version,
            f"{exchange.status} {exchange.status_text}".strip(),
            tuple((RENAMED.get(name.lower(), name), value) for name, value in exchange.response_headers),
        ),
        warc_headers_dict=common | {"WARC-Record-ID": _record_id(identity, "response")},
    )
    request = writer.create_warc_record(
        url,
        "request",
        payload=io.BytesIO(b""),
        http_headers=request_head(exchange.method, _target(url), exchange.http_version, exchange.request_headers),
        warc_headers_dict=common
        | {
            "WARC-Record-ID": _record_id(identity, "request"),
            "WARC-Concurrent-To": _record_id(identity, "response"),
        },
    )
    info.rec_headers.replace_header("WARC-Record-ID", _record_id(identity, "warcinfo"))
    info.rec_headers.replace_header("WARC-Date", at)
    for record in (info, request, response):
        writer.write_record(record)
    if exchange.drawn:
        writer.write_record(_conversion(writer, url, exchange.drawn, common, identity))
    return out.getvalue()


def from_warc(data: bytes) -> RawExchange:
    """The first exchange of a WARC file of `to_warc`. Raises `IntegrityError` when it is none."""
    return exchanges_in(data)[0]


def exchanges_in(data: bytes) -> tuple[RawExchange, ...]:
    """All exchanges of a WARC file of `to_warc`, in order. Raises `IntegrityError` when it is none."""
    try:
        records: list[dict[str, tuple[Any, bytes]]] = []
        for record in ArchiveIterator(io.BytesIO(data), no_record_parse=True):
            if record.rec_type == "warcinfo":
                records.append({})
            records[-1][record.rec_type] = (record.rec_headers, record.raw_stream.read())
        if not records:
            raise ValueError("it is empty")
        return tuple(map(_exchange_of, records))
    except (KeyError, IndexError, ValueError, AttributeError, TypeError, ArchiveLoadFailed, zlib.error) as error:
        raise IntegrityError(f"Not a WARC file of one exchange ({error}).", "Check the evidence folder.") from error


def _exchange_of(records: dict[str, tuple[Any, bytes]]) -> RawExchange:
    named, answer = records["response"]
    (version, status, *phrase), response_headers, body = split_head(answer)
    (method, *_), request_headers, _ = split_head(records["request"][1])
    return RawExchange(
        url=named.get_header("WARC-Target-URI"),
        method=method,
        request_headers=request_headers,
        status=int(status),
        status_text="".join(phrase),
        http_version=named.get_header("WARC-Protocol") or version,
        response_headers=response_headers,
        body=body,
        address=named.get_header("WARC-IP-Address") or "",
        fetched_at=datetime.fromisoformat(named.get_header("WARC-Date")),
        drawn=records["conversion"][1] if "conversion" in records else b"",
    )


def decoded_body(exchange: RawExchange, limit: int) -> bytes:
    """The body without its content coding.

    Raises `IntegrityError` when it is damaged, `BodyTooLargeError` when it is larger than `limit` bytes.
    """
    named = ",".join(value for key, value in exchange.response_headers if key.lower() == "content-encoding")
    return decoded(exchange.body, [coding for part in named.split(",") if (coding := part.strip().lower())], limit)


def _conversion(writer: _Writer, url: str, drawn: bytes, common: dict[str, str], identity: str) -> Any:
    """The record of what a browser made of the response (WARC 1.1, section 6.7)."""
    return writer.create_warc_record(
        url,
        "conversion",
        payload=io.BytesIO(drawn),
        warc_content_type="text/html; charset=utf-8",
        warc_headers_dict={"WARC-Date": common["WARC-Date"]}
        | {
            "WARC-Record-ID": _record_id(identity, "conversion"),
            "WARC-Refers-To": _record_id(identity, "response"),
        },
    )


def _record_id(identity: str, kind: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(NAMESPACE, identity + kind)}>"


def _target(url: str) -> str:
    rest = url.partition("://")[2]
    path = rest.partition("/")[2].partition("#")[0]
    return f"/{path}"
