import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace

import brotli
import pytest
from backports import zstd

from domain.errors import IntegrityError
from evidence.codings import CHUNK, BodyTooLargeError, decoded
from evidence.exchange import decoded_body
from tests.evidence.test_exchange import EXCHANGE

LARGE = random.Random(1).randbytes(3 * CHUNK)
SKIPPED = b"\x50\x2a\x4d\x18\x03\0\0\0abc"


@pytest.mark.parametrize(
    ("codings", "body"),
    [
        ([], b"text"),
        (["identity"], b"text"),
        (["gzip"], gzip.compress(b"text")),
        (["x-gzip"], gzip.compress(b"te") + gzip.compress(b"xt")),
        (["gzip"], gzip.compress(b"text") + b"\0 padding"),
        (["deflate"], zlib.compress(b"text")),
        (["deflate"], zlib.compress(b"text", wbits=-15)),
        (["br"], brotli.compress(b"text")),
        (["zstd"], zstd.compress(b"text")),
        (["zstd"], zstd.compress(b"te") + SKIPPED + zstd.compress(b"xt") + b"\0 padding"),
        (["br", "gzip"], gzip.compress(brotli.compress(b"text"))),
        (["gzip", "zstd", "deflate"], zlib.compress(zstd.compress(gzip.compress(b"text")))),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else str(len(value)),
)
def test_content_codings(codings: list[str], body: bytes) -> None:
    assert decoded(body, codings, 60) == b"text"
    with pytest.raises(BodyTooLargeError, match="larger than 3 bytes"):
        decoded(body, codings, 3)


@pytest.mark.parametrize(("coding", "compress"), [("gzip", gzip.compress), ("zstd", zstd.compress)])
def test_members_of_any_size_follow_each_other(coding: str, compress: Callable[[bytes], bytes]) -> None:
    parts = [LARGE, b"", LARGE[:CHUNK], b"x"]
    body, whole = b"".join(compress(part) for part in parts), b"".join(parts)
    assert decoded(body, [coding], 10 * CHUNK) == whole
    broken_off = decoded(body[: len(body) // 2], [coding], 10 * CHUNK)
    assert len(broken_off) > CHUNK
    assert whole.startswith(broken_off)
    with pytest.raises(IntegrityError, match="in more than 10000 pieces"):
        decoded(compress(b"") * 20_000, [coding], 100)


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "zstd"])
def test_a_damaged_body_is_named(coding: str) -> None:
    with pytest.raises(IntegrityError, match=f"The {coding} body is damaged"):
        decoded(b"not compressed at all", [coding], 100)


@pytest.mark.parametrize(
    ("codings", "message"),
    [(["compress"], "The content coding 'compress' is not known"), (["gzip"] * 6, "The body has 6 content codings")],
)
def test_what_cannot_be_decoded_is_said(codings: list[str], message: str) -> None:
    with pytest.raises(IntegrityError, match=message):
        decoded(b"text", codings, 100)


@pytest.mark.parametrize(
    ("codings", "bomb"),
    [
        (["gzip"], gzip.compress(bytes(50_000_000))),
        (["gzip"], gzip.compress(bytes(600)) * 100_000),
        (["deflate"], zlib.compress(bytes(50_000_000))),
        (["br"], brotli.compress(bytes(50_000_000), quality=1)),
        (["zstd"], zstd.compress(bytes(50_000_000))),
        (["gzip", "gzip"], gzip.compress(gzip.compress(bytes(50_000_000)))),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else str(len(value)),
)
def test_a_bomb_is_not_inflated(codings: list[str], bomb: bytes) -> None:
    tracemalloc.start()
    with pytest.raises(BodyTooLargeError, match="larger than 1000 bytes"):
        decoded(bomb, codings, 1000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_a_window_wider_than_the_web_allows_is_refused() -> None:
    wide: Mapping[int, int] = {zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.content_size_flag: 0}
    compressor = zstd.ZstdCompressor(options=wide)
    body = compressor.compress(bytes(100)) + compressor.flush()
    with pytest.raises(IntegrityError, match="zstd body is damaged"):
        decoded(body, ["zstd"], 1000)


def test_every_content_encoding_header_counts() -> None:
    body = gzip.compress(brotli.compress("第一章".encode("gb18030")))
    headers = (("content-encoding", "br"), ("Content-Encoding", " GZIP ,"))
    assert decoded_body(replace(EXCHANGE, response_headers=headers, body=body), 100).decode("gb18030") == "第一章"
