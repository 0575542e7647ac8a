import gzip
import io
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from domain.errors import IntegrityError
from evidence.exchange import RawExchange, decoded_body, from_warc, to_warc
from evidence.inspection import fault_in_warc

EXCHANGE = RawExchange(
    url="http://novels.example/第1章?a=1#top",
    method="GET",
    request_headers=(("Host", "novels.example"), ("User-Agent", "piracy-monitor/0.1")),
    status=200,
    status_text="OK",
    http_version="HTTP/1.1",
    response_headers=(("Content-Type", "text/html; charset=gbk"), ("Content-Encoding", "gzip"), ("X-CaSe", "kept")),
    body=gzip.compress("第一章".encode("gb18030"), mtime=0),
    address="192.0.2.7",
    fetched_at=datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC),
)

HOSTILE = [
    replace(EXCHANGE, body=b"", response_headers=()),
    replace(EXCHANGE, status=599, status_text="", address=""),
    replace(EXCHANGE, response_headers=(("X", "caf\xe9 \xff"), ("Y", "a\r\nInjected: yes"), ("", "no name"))),
    replace(EXCHANGE, response_headers=(("X-第\xe9", "第一章"), ("Y\r\n\r\nZ: 1", "\ud800"), (" folded", "\x85 \0 "))),
    replace(EXCHANGE, response_headers=(("X-UTF-8", "第一章".encode().decode("latin-1")), ("Z", "z" * 10))),
    replace(EXCHANGE, status_text="OK\r\n\r\nno body", http_version="HTTP/2", address="1\r\nWARC-Type: metadata"),
    replace(EXCHANGE, request_headers=(("Referer", "http://a.example/\xe9\n"),), url="http://a.example/\ud800\r\n"),
    replace(EXCHANGE, response_headers=tuple((f"X-{n}", "v" * 100) for n in range(2000))),
    replace(EXCHANGE, response_headers=(("Transfer-Encoding", "chunked"),), body=b"WARC/1.1\r\n\r\n"),
    replace(EXCHANGE, body=bytes(range(256)) * 4096),
]


@pytest.mark.parametrize("exchange", [EXCHANGE, *HOSTILE])
def test_warcio_finds_every_digest_right(exchange: RawExchange, tmp_path: Path) -> None:
    file = tmp_path / "exchange.warc.gz"
    file.write_bytes(to_warc(exchange))
    check = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "--verbose", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stdout + check.stderr
    assert check.stdout.count("digest pass") == 3


def test_the_records_keep_what_went_over_the_wire() -> None:
    records = [
        (r.rec_type, r.rec_headers, r.http_headers, r.raw_stream.read())
        for r in ArchiveIterator(io.BytesIO(to_warc(EXCHANGE)))
    ]
    assert [kind for kind, *_ in records] == ["warcinfo", "request", "response"]
    _, named, answered, body = records[2]
    assert body == EXCHANGE.body
    assert named.get_header("WARC-IP-Address") == "192.0.2.7"
    assert named.get_header("WARC-Date") == "2026-11-22T12:00:00.123456Z"
    assert ("X-CaSe", "kept") in answered.headers
    assert records[1][1].get_header("WARC-Concurrent-To") == named.get_header("WARC-Record-ID")


def test_an_exchange_comes_back() -> None:
    back = from_warc(to_warc(EXCHANGE))
    assert back.body == EXCHANGE.body
    assert back.response_headers == EXCHANGE.response_headers
    assert (back.status, back.status_text, back.address) == (200, "OK", "192.0.2.7")
    assert back.fetched_at == EXCHANGE.fetched_at
    assert decoded_body(back, 100).decode("gb18030") == "第一章"


@pytest.mark.parametrize("exchange", HOSTILE)
def test_a_hostile_exchange_stays_three_records(exchange: RawExchange) -> None:
    kinds = [record.rec_type for record in ArchiveIterator(io.BytesIO(to_warc(exchange)))]
    assert kinds == ["warcinfo", "request", "response"]
    back = from_warc(to_warc(exchange))
    assert (back.status, back.http_version, back.body) == (exchange.status, exchange.http_version, exchange.body)
    assert len(back.response_headers) == len(exchange.response_headers)


def test_headers_are_kept_as_sent_but_for_line_breaks() -> None:
    sent = (("X-\xe9", "caf\xe9 \xff "), ("Disposition", 'file="第.txt"'.encode().decode("latin-1")), ("", "nameless"))
    broken = (("Y\r\nZ: 1", "a\r\n\r\nb"), (" folded", ""), ("W", "第"))
    headers = from_warc(to_warc(replace(EXCHANGE, response_headers=sent + broken))).response_headers
    assert headers[:3] == sent
    assert headers[3:] == (
        ("Y%0D%0AZ%3A 1", "a%0D%0A%0D%0Ab"),
        ("%20folded", ""),
        ("W", "第".encode().decode("latin-1")),
    )


def test_the_same_exchange_gives_the_same_bytes() -> None:
    assert to_warc(EXCHANGE) == to_warc(replace(EXCHANGE))
    assert to_warc(EXCHANGE) != to_warc(replace(EXCHANGE, body=b"other"))


def test_a_drawn_page_is_a_fourth_record_that_names_the_response() -> None:
    drawn = replace(EXCHANGE, drawn="<p>第一章</p>".encode())
    data = to_warc(drawn)
    assert from_warc(data) == replace(from_warc(to_warc(EXCHANGE)), drawn=drawn.drawn)
    assert fault_in_warc(io.BytesIO(data)) == ""
    records = [r.rec_headers for r in ArchiveIterator(io.BytesIO(data)) if r.rec_type in {"response", "conversion"}]
    response, conversion = records
    assert conversion.get_header("WARC-Refers-To") == response.get_header("WARC-Record-ID")
    assert conversion.get_header("WARC-Target-URI") == response.get_header("WARC-Target-URI")
    assert to_warc(drawn) == to_warc(replace(drawn))
    ids = [
        record.rec_headers.get_header("WARC-Record-ID")
        for other in (EXCHANGE, drawn, replace(drawn, drawn=b"<p>another</p>"))
        for record in ArchiveIterator(io.BytesIO(to_warc(other)))
    ]
    assert len(set(ids)) == len(ids) == 11


def test_a_transfer_coding_is_renamed_because_the_body_no_longer_has_it() -> None:
    chunked = replace(EXCHANGE, response_headers=(("Transfer-Encoding", "chunked"),), body=b"plain")
    assert from_warc(to_warc(chunked)).response_headers == (("X-Archive-Orig-Transfer-Encoding", "chunked"),)


@given(st.binary(max_size=300))
def test_anything_else_is_refused_plainly(data: bytes) -> None:
    with pytest.raises(IntegrityError, match="Not a WARC file"):
        from_warc(data)
