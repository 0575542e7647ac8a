"""One request and its answer, as they went over the wire, in the form of a WARC 1.1 file.

The file holds three records: what made it (warcinfo), the request and the response. Record ids are derived from the
content, so the same exchange always gives the same bytes.
"""

import io
import uuid
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from domain.errors import IntegrityError
from domain.ids import digest_of
from evidence.codings import decoded

SOFTWARE = "piracy-monitor"
FORMAT = "WARC File Format 1.1"
NAMESPACE = uuid.UUID("2f3f4a6e-52a1-4a3b-9d0e-6a0f6d1f7c11")
# The body is kept without its transfer coding (which is of the connection, not of the document), so the header that
# announced it is renamed, as web archives do.
RENAMED = {"transfer-encoding": "X-Archive-Orig-Transfer-Encoding"}

# WARC wants URIs; everything else in an address is percent-encoded as UTF-8.
URL_CHARACTERS = "%/:?#[]@!$&'()*+,;=~"

Headers = tuple[tuple[str, str], ...]


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


def to_warc(exchange: RawExchange) -> bytes:
    """The exchange as a compressed WARC file."""
    out = io.BytesIO()
    writer = _Writer(out, gzip=True, warc_version="WARC/1.1")
    at = exchange.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    identity = digest_of(repr((exchange, at)).encode())
    info = writer.create_warcinfo_record(None, {"software": SOFTWARE, "format": FORMAT, "http-header-user-agent": ""})
    common = {"WARC-Date": at}
    if exchange.address:
        common["WARC-IP-Address"] = exchange.address
    url = quote(exchange.url, safe=URL_CHARACTERS)
    response = writer.create_warc_record(
        url,
        "response",
        payload=io.BytesIO(exchange.body),
        http_headers=StatusAndHeaders(
            f"{exchange.status} {exchange.status_text}".strip(),
            [(RENAMED.get(k.lower(), k), _one_line(v)) for k, v in exchange.response_headers],
            protocol=exchange.http_version,
        ),
        warc_headers_dict=common | {"WARC-Record-ID": _record_id(identity, "response")},
    )
    request = writer.create_warc_record(
        url,
        "request",
        payload=io.BytesIO(b""),
        http_headers=StatusAndHeaders(
            f"{exchange.method} {_target(url)} {exchange.http_version}",
            [(k, _one_line(v)) for k, v in exchange.request_headers],
            is_http_request=True,
        ),
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
    return out.getvalue()


def from_warc(data: bytes) -> RawExchange:
    """The exchange a WARC file of `to_warc` holds. Raises `IntegrityError` when it is none."""
    try:
        records = {
            record.rec_type: (record.rec_headers, record.http_headers, record.raw_stream.read())
            for record in ArchiveIterator(io.BytesIO(data))
        }
        named, answered, body = records["response"]
        _, asked, _ = records["request"]
        status, _, text = answered.statusline.partition(" ")
        return RawExchange(
            url=named.get_header("WARC-Target-URI"),
            method=asked.protocol,
            request_headers=tuple(asked.headers),
            status=int(status),
            status_text=text,
            http_version=answered.protocol,
            response_headers=tuple(answered.headers),
            body=body,
            address=named.get_header("WARC-IP-Address") or "",
            fetched_at=datetime.fromisoformat(named.get_header("WARC-Date")),
        )
    except (KeyError, ValueError, AttributeError, TypeError, ArchiveLoadFailed, zlib.error) as error:
        raise IntegrityError(f"Not a WARC file of one exchange ({error}).", "Check the evidence folder.") from error


def decoded_body(exchange: RawExchange, limit: int) -> bytes:
    """The body without its content coding.

    Raises `IntegrityError` when it is damaged, `BodyTooLargeError` when it is larger than `limit` bytes.
    """
    named = ",".join(value for key, value in exchange.response_headers if key.lower() == "content-encoding")
    return decoded(exchange.body, [coding for part in named.split(",") if (coding := part.strip().lower())], limit)


def _record_id(identity: str, kind: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(NAMESPACE, identity + kind)}>"


def _one_line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")


def _target(url: str) -> str:
    rest = url.partition("://")[2]
    path = rest.partition("/")[2].partition("#")[0]
    return f"/{path}"
