"""Decoders of compressed streams: none makes more than a chunk at once, or keeps a larger window than is allowed."""

import bz2
import lzma
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, cast

from isal import igzip_lib

from matcher.software.archives.budget import UnreadableError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CHUNK = 1 << 18
MOST_STREAMS = 100_000
"""Compressed files may consist of many streams; each costs a decoder."""
MEMORY = 128 * 1024 * 1024
"""Largest dictionary or window that a stream may ask for."""
DAMAGE = (
    # Its stub calls this an instance of Exception.
    cast("type[Exception]", igzip_lib.error),
    lzma.LZMAError,
    zstd.ZstdError,
    OSError,
    EOFError,
    ValueError,
    MemoryError,
)


class Decoder(Protocol):
    """What the standard library's decoders of bz2, lzma and zstd have in common, and isal's of deflate."""

    eof: bool
    needs_input: bool
    unused_data: bytes

    def decompress(self, data: bytes | memoryview, max_length: int = -1) -> bytes: ...


def raw_deflate() -> Decoder:
    """A decoder of bare deflate data, as in ZIP."""
    return cast("Decoder", igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_DEFLATE))


def unzlib() -> Decoder:
    """A decoder of deflate data in a zlib frame."""
    return cast("Decoder", igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_ZLIB))


def ungzip() -> Decoder:
    """A decoder of one gzip stream."""
    return cast("Decoder", igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP))


def raw_lzma(filters: list[dict[str, int]]) -> Decoder:
    """A decoder of bare LZMA data. Raises `UnreadableError` when it asks for too large a dictionary."""
    if any(each.get("dict_size", 0) > MEMORY for each in filters):
        raise UnreadableError("its dictionary is larger than is allowed")
    return cast("Decoder", lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters))


def unbzip2() -> Decoder:
    """A decoder of one bzip2 stream."""
    return cast("Decoder", bz2.BZ2Decompressor())


def unzstd() -> Decoder:
    """A decoder of one zstd frame."""
    return cast("Decoder", zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: 27}))


def unxz() -> Decoder:
    """A decoder of one xz stream."""
    return cast("Decoder", lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY + (1 << 20)))


MAKERS: Mapping[bytes, Callable[[], Decoder]] = {
    b"\x1f\x8b": ungzip,
    b"BZh": unbzip2,
    b"\xfd7zXZ\0": unxz,
    b"\x28\xb5\x2f\xfd": unzstd,
}
"""Makers of decoders, by the first bytes of what they decode."""


def decoder_of(head: bytes) -> Callable[[], Decoder] | None:
    """The maker of decoders for a compressed file that begins with `head`."""
    return next((make for beginning, make in MAKERS.items() if head.startswith(beginning)), None)


def pieces(data: memoryview) -> Iterator[bytes]:
    """What is not compressed, in chunks."""
    return (bytes(data[at : at + CHUNK]) for at in range(0, len(data), CHUNK))


def decoded(data: memoryview, make: Callable[[], Decoder], *, streams: int = MOST_STREAMS) -> Iterator[bytes]:
    """What up to `streams` streams in `data` hold, in chunks. Damage ends it, so what came before it is kept."""
    at = 0
    for _ in range(streams):
        decoder = make()
        try:
            while not decoder.eof:
                fresh = data[at : at + CHUNK] if decoder.needs_input else b""
                if decoder.needs_input and not fresh:
                    return
                at += len(fresh)
                if made := decoder.decompress(fresh, CHUNK):
                    yield made
        except DAMAGE:
            # A patched byte must not hide a copy: the rest of this stream is lost, what was decoded is compared.
            return
        at -= len(decoder.unused_data)
        if at >= len(data):
            return
