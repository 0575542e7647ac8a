"""Decoders of compressed streams: none makes more than a chunk at once, or keeps a larger window than is allowed."""

import bz2
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol, cast

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
BEGINNINGS = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd")
DAMAGE = (zlib.error, lzma.LZMAError, zstd.ZstdError, OSError, EOFError, ValueError, MemoryError)


class Decoder(Protocol):
    """What the standard library's decoders of bz2, lzma and zstd have in common."""

    eof: bool
    needs_input: bool
    unused_data: bytes

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class Inflater:
    """A `Decoder` of deflate data."""

    def __init__(self, bits: int) -> None:
        self._inner = zlib.decompressobj(bits)
        self._pending = b""

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._pending and not self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        made = self._inner.decompress(self._pending + data, max(0, max_length))
        self._pending = self._inner.unconsumed_tail
        return made


def raw_deflate() -> Decoder:
    """A decoder of bare deflate data, as in ZIP."""
    return cast("Decoder", Inflater(-15))


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


def _unxz() -> Decoder:
    return cast("Decoder", lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY + (1 << 20)))


def decoder_of(head: bytes) -> Callable[[], Decoder] | None:
    """The maker of decoders for a compressed file that begins with `head`."""
    makers: dict[bytes, Callable[[], Decoder]] = {
        BEGINNINGS[0]: lambda: cast("Decoder", Inflater(31)),
        BEGINNINGS[1]: unbzip2,
        BEGINNINGS[2]: _unxz,
        BEGINNINGS[3]: unzstd,
    }
    return next((make for beginning, make in makers.items() if head.startswith(beginning)), None)


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
                fresh = bytes(data[at : at + CHUNK]) if decoder.needs_input else b""
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
