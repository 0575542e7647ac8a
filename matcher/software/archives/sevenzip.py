"""7z: folders packed by Copy, LZMA, LZMA2, Deflate, BZip2 or Zstandard, with or without x86 or Delta filters.

A folder is decoded once, from front to back, and cut into its members.
"""

import lzma
import struct
from collections.abc import Callable, Iterator
from itertools import accumulate

from matcher.software.archives import foreign
from matcher.software.archives.budget import Budget, UnreadableError
from matcher.software.archives.codecs import Decoder, decoded, raw_deflate, raw_lzma, unbzip2, unzstd
from matcher.software.archives.codecs import pieces as stored
from matcher.software.archives.cutting import Piece, cut
from matcher.software.archives.sevenheader import (
    ENCODED,
    END,
    FIRST_PACKED,
    HEADER,
    Directory,
    Folder,
    Reader,
    SeveralStreamsError,
    read_header,
    read_streams,
)
from matcher.software.archives.zip import lzma1_filter

MAGIC = b"7z\xbc\xaf\x27\x1c"
LARGEST_DIRECTORY = 64 * 1024 * 1024
COPY, LZMA, LZMA2, DELTA, X86, DEFLATE, BZIP2 = b"\0", b"\3\1\1", b"\x21", b"\3", b"\3\3\1\3", b"\4\1\x08", b"\4\2\2"
ZSTD = b"\4\xf7\x11\1"
ENCRYPTION = b"\x06"


def members(data: memoryview, budget: Budget) -> Iterator[tuple[str, bytes | str]]:
    """Name and bytes of each member, or what is wrong with it. Raises `UnreadableError` for a bad directory."""
    try:
        directory = _directory(data, budget)
    except SeveralStreamsError:
        yield from foreign.members(data, budget)
        return
    names = [name for name, empty in zip(directory.names, directory.empty, strict=False) if not empty]
    given = iter(names)
    at = directory.packed_at
    # What has several packed streams to a folder (BCJ2) is left to another program, so here each has one.
    for number, folder in enumerate(directory.folders):
        packed = directory.packed[number] if number < len(directory.packed) else 0
        labels = [budget.count(next(given, f"member-{number}-{i}")) for i in range(len(folder.parts))]
        try:
            begins = accumulate(folder.parts, initial=0)
            pieces = map(Piece, labels, begins, folder.parts)
            yield from cut(_unpacked(data[at : at + packed], folder), pieces, budget)
        except UnreadableError as error:
            yield labels[0] if labels else "", str(error)
        at += packed


def _directory(data: memoryview, budget: Budget) -> Directory:
    if len(data) < FIRST_PACKED:
        raise UnreadableError("the 7z file ends too early")
    offset, size = struct.unpack_from("<QQ", data, 12)
    if size > LARGEST_DIRECTORY or FIRST_PACKED + offset + size > len(data):
        raise UnreadableError("the 7z directory is not where the file says")
    raw = bytes(data[FIRST_PACKED + offset : FIRST_PACKED + offset + size])
    for _ in range(4):
        reader = Reader(raw)
        kind = reader.byte() if raw else END
        directory = Directory()
        if kind == HEADER:
            read_header(reader, directory)
            return directory
        if kind != ENCODED:
            break
        read_streams(reader, directory)
        if not directory.folders or not directory.packed:
            break
        folder, at = directory.folders[0], directory.packed_at
        if folder.size > LARGEST_DIRECTORY:
            break
        raw = budget.collect(_unpacked(data[at : at + directory.packed[0]], folder))[: folder.size]
    raise UnreadableError("the 7z directory cannot be read; it may be encrypted")


def _unpacked(packed: memoryview, folder: Folder) -> Iterator[bytes]:
    chunks: Iterator[bytes] | None = None
    for method, properties in folder.coders:
        chunks = _first(packed, method, properties) if chunks is None else _filtered(chunks, method, properties)
    return chunks if chunks is not None else iter(())


def _first(packed: memoryview, method: bytes, properties: bytes) -> Iterator[bytes]:
    if method == COPY:
        return stored(packed)
    makers: dict[bytes, Callable[[], Decoder]] = {
        LZMA: lambda: raw_lzma([lzma1_filter(properties)]),
        LZMA2: lambda: raw_lzma([{"id": lzma.FILTER_LZMA2, "dict_size": _lzma2_dictionary(properties)}]),
        DEFLATE: raw_deflate,
        BZIP2: unbzip2,
        ZSTD: unzstd,
    }
    if method not in makers:
        if method[:1] == ENCRYPTION:
            raise UnreadableError("encrypted")
        raise UnreadableError(f"packed by 7z method {method.hex()}, which is not read")
    return decoded(packed, makers[method], streams=1)


def _lzma2_dictionary(properties: bytes) -> int:
    bits = properties[0] if properties else 41
    if bits > 40:
        raise UnreadableError("its LZMA2 properties are no such")
    return 0xFFFFFFFF if bits == 40 else (2 | bits & 1) << (bits // 2 + 11)


def _filtered(chunks: Iterator[bytes], method: bytes, properties: bytes) -> Iterator[bytes]:
    """The chunks with an x86 or Delta filter undone. liblzma does it only behind LZMA2, so they are framed as such."""
    if method == X86:
        outer: dict[str, int] = {"id": lzma.FILTER_X86}
    elif method == DELTA:
        outer = {"id": lzma.FILTER_DELTA, "dist": properties[0] + 1 if properties else 1}
    else:
        raise UnreadableError(f"filtered by 7z method {method.hex()}, which is not read")
    decoder = raw_lzma([outer, {"id": lzma.FILTER_LZMA2, "dict_size": 4096}])
    first = True
    for chunk in chunks:
        for at in range(0, len(chunk), 1 << 16):
            piece = chunk[at : at + (1 << 16)]
            yield decoder.decompress(bytes([1 if first else 2]) + struct.pack(">H", len(piece) - 1) + piece)
            first = False
    yield decoder.decompress(b"\0")
