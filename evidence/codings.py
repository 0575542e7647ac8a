"""Content codings of HTTP bodies undone, never into more bytes than the reader allows."""

import sys
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import brotli

from domain.errors import IntegrityError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST_CODINGS = 5
# A hostile body may consist of tiny members: each costs a decoder and a copy of what follows it in its chunk.
MOST_MEMBERS = 10_000
CHUNK = 1 << 16
GZIP_MAGIC = (b"\x1f\x8b",)
# The second kind are frames to be skipped.
ZSTD_MAGIC = (b"\x28\xb5\x2f\xfd", *(bytes([first]) + b"\x2a\x4d\x18" for first in range(0x50, 0x60)))
ZSTD_OPTIONS: Mapping[int, int] = {zstd.DecompressionParameter.window_log_max: 23}
"""8 MiB, the largest window that RFC 9659 allows on the web."""

Decoder = Callable[[bytes, int], bytes]


class BodyTooLargeError(IntegrityError):
    """A body decodes to more than its reader allows."""


def decoded(body: bytes, codings: Sequence[str], limit: int) -> bytes:
    """`body` without `codings`, which are named in the order in which they were applied.

    What follows the end of the coded data is ignored, and of data that break off what is there is given, as browsers
    do. Raises `IntegrityError` when the body is damaged or a coding unknown, `BodyTooLargeError` when it decodes to
    more than `limit` bytes at any step.
    """
    if len(codings) > MOST_CODINGS:
        raise IntegrityError(f"The body has {len(codings)} content codings.", "Open the WARC file with another tool.")
    for coding in reversed(codings):
        body = _undo(coding, body, limit)
        _check_size(body, limit)
    _check_size(body, limit)
    return body


def _undo(coding: str, body: bytes, limit: int) -> bytes:
    decoder = DECODERS.get(coding)
    if decoder is None:
        problem = f"The content coding {coding[:100]!r} is not known."
        raise IntegrityError(problem, "Open the WARC file with another tool.")
    try:
        return decoder(body, limit)
    except (zlib.error, brotli.error, zstd.ZstdError) as error:
        raise IntegrityError(f"The {coding} body is damaged ({error}).", "Open the WARC file yourself.") from error


def _check_size(body: bytes, limit: int) -> None:
    if len(body) > limit:
        raise BodyTooLargeError(f"The body is larger than {limit} bytes.", "Open the WARC file with another tool.")


def _gunzip(body: bytes, limit: int) -> bytes:
    return _members(lambda: zlib.decompressobj(wbits=31), GZIP_MAGIC, body, limit)


def _unzstd(body: bytes, limit: int) -> bytes:
    return _members(lambda: zstd.ZstdDecompressor(options=ZSTD_OPTIONS), ZSTD_MAGIC, body, limit)


def _members(begin: Callable[[], Any], magic: tuple[bytes, ...], body: bytes, limit: int) -> bytes:
    """What all members (gzip) or frames (zstd) of a body hold, up to one byte more than `limit`."""
    out, at = bytearray(), 0
    for _ in range(MOST_MEMBERS):
        member = begin()
        while at < len(body) and len(out) <= limit and not member.eof:
            chunk = body[at : at + CHUNK]
            out += member.decompress(chunk, limit + 1 - len(out))
            at += len(chunk) - len(member.unused_data)
        if not member.eof or not body.startswith(magic, at):
            return bytes(out)
    problem = f"The body is in more than {MOST_MEMBERS} pieces."
    raise IntegrityError(problem, "Open the WARC file with another tool.")


def _inflate(body: bytes, limit: int) -> bytes:
    """By its name *deflate* is wrapped in zlib; some servers send it bare."""
    try:
        return zlib.decompressobj().decompress(body, limit + 1)
    except zlib.error:
        return zlib.decompressobj(wbits=-15).decompress(body, limit + 1)


def _unbrotli(body: bytes, limit: int) -> bytes:
    decompressor = brotli.Decompressor()
    out: bytes = decompressor.process(body, output_buffer_limit=limit + 1)
    while len(out) <= limit and not decompressor.is_finished() and not decompressor.can_accept_more_data():
        out += decompressor.process(b"", output_buffer_limit=limit + 1)
    return out


DECODERS: Mapping[str, Decoder] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
    "identity": lambda body, _: body,
}
