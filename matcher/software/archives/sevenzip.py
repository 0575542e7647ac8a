"""7z: the directory, and folders packed by Copy, LZMA, LZMA2, Deflate or BZip2, with or without x86 or Delta filters.

Written after 7zFormat.txt of the LZMA SDK. A folder is decoded once, from front to back, and cut into its members.
"""

import lzma
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from matcher.software.archives.budget import Budget, UnreadableError
from matcher.software.archives.codecs import Decoder, decoded, pieces, raw_deflate, raw_lzma, unbzip2, unzstd
from matcher.software.archives.zip import lzma1_filter

MAGIC = b"7z\xbc\xaf\x27\x1c"
LARGEST_DIRECTORY = 64 * 1024 * 1024
END, FILES, ENCODED, HEADER, MAIN_STREAMS = 0, 5, 23, 1, 4
PACK, UNPACK, SUBSTREAMS, SIZE, CRC = 6, 7, 8, 9, 10
FOLDER, UNPACK_SIZE, NUM_UNPACK = 11, 12, 13
EMPTY_STREAM, NAMES = 14, 17
COPY, LZMA, LZMA2, DELTA, X86, DEFLATE, BZIP2 = b"\0", b"\3\1\1", b"\x21", b"\3", b"\3\3\1\3", b"\4\1\x08", b"\4\2\2"
ZSTD = b"\4\xf7\x11\1"
ENCRYPTION = b"\x06"
FIRST_PACKED = 32


Coder = tuple[bytes, bytes]
"""Method and properties."""


@dataclass(slots=True)
class Folder:
    """Members packed together, and the chain of coders that unpacks them."""

    coders: list[Coder] = field(default_factory=list)
    """The one nearest the packed bytes first."""
    last: int = 0
    """The number, in the file, of the coder whose output is the folder's."""
    size: int = 0
    parts: list[int] = field(default_factory=list)
    """Sizes of the members in it."""


@dataclass(slots=True)
class Directory:
    """What a header says."""

    packed_at: int = 0
    packed: list[int] = field(default_factory=list)
    folders: list[Folder] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    empty: list[bool] = field(default_factory=list)


class Reader:
    """The numbers of a header, one after another. Every method raises `UnreadableError` at its end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        if size < 0 or self._at + size > len(self._data):
            raise UnreadableError("the 7z directory ends too early")
        self._at += size
        return self._data[self._at - size : self._at]

    def rest(self) -> bytes:
        return self.take(len(self._data) - self._at)

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        first = self.byte()
        mask, value = 0x80, 0
        for i in range(8):
            if not first & mask:
                return value | (first & (mask - 1)) << (8 * i)
            value |= self.byte() << (8 * i)
            mask >>= 1
        return value

    def count(self) -> int:
        """A number of things that each take a bit or more of the header."""
        value = self.number()
        if value > 8 * len(self._data):
            raise UnreadableError("the 7z directory promises more than it can hold")
        return value

    def bits(self, count: int) -> list[bool]:
        raw = self.take((count + 7) // 8)
        return [bool(raw[i // 8] & (0x80 >> (i % 8))) for i in range(count)]

    def digests(self, count: int) -> list[bool]:
        """Which of `count` things have a checksum; the checksums are passed over."""
        defined = [True] * count if self.byte() else self.bits(count)
        self.take(4 * sum(defined))
        return defined


def members(data: memoryview, budget: Budget) -> Iterator[tuple[str, bytes | str]]:
    """Name and bytes of each member, or what is wrong with it. Raises `UnreadableError` for a bad directory."""
    directory = _directory(data, budget)
    names = [name for name, empty in zip(directory.names, directory.empty, strict=False) if not empty]
    given = iter(names)
    at = directory.packed_at
    # Folders of several packed streams (BCJ2) are refused when read, so one stream each is right for all others.
    for number, folder in enumerate(directory.folders):
        packed = directory.packed[number] if number < len(directory.packed) else 0
        labels = [budget.count(next(given, f"member-{number}-{i}")) for i in range(len(folder.parts))]
        try:
            yield from _cut(_unpacked(data[at : at + packed], folder), folder.parts, labels, budget)
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
            _read_header(reader, directory)
            return directory
        if kind != ENCODED:
            break
        _read_streams(reader, directory)
        if not directory.folders or not directory.packed:
            break
        folder, at = directory.folders[0], directory.packed_at
        if folder.size > LARGEST_DIRECTORY:
            break
        raw = budget.collect(_unpacked(data[at : at + directory.packed[0]], folder))[: folder.size]
    raise UnreadableError("the 7z directory cannot be read; it may be encrypted")


def _read_header(reader: Reader, into: Directory) -> None:
    while (kind := reader.byte()) != END:
        if kind == MAIN_STREAMS:
            _read_streams(reader, into)
        elif kind == FILES:
            _read_files(reader, into)
        else:
            raise UnreadableError("the 7z directory has a part that is not read")


def _read_streams(reader: Reader, into: Directory) -> None:
    while (kind := reader.byte()) != END:
        if kind == PACK:
            into.packed_at = FIRST_PACKED + reader.number()
            count = reader.count()
            while (part := reader.byte()) != END:
                if part == SIZE:
                    into.packed = [reader.number() for _ in range(count)]
                elif part == CRC:
                    reader.digests(count)
        elif kind == UNPACK:
            _read_folders(reader, into)
        elif kind == SUBSTREAMS:
            _read_substreams(reader, into)
        else:
            raise UnreadableError("the 7z directory has a part that is not read")


def _read_folders(reader: Reader, into: Directory) -> None:
    if reader.byte() != FOLDER:
        raise UnreadableError("the 7z directory has no folders")
    count = reader.count()
    if reader.byte():
        raise UnreadableError("the 7z directory keeps its folders elsewhere")
    outputs = []
    for _ in range(count):
        folder = _read_folder(reader)
        into.folders.append(folder)
        outputs.append(max(1, len(folder.coders)))
    if reader.byte() != UNPACK_SIZE:
        raise UnreadableError("the 7z directory has no sizes")
    for folder, streams in zip(into.folders, outputs, strict=True):
        folder.size = [reader.number() for _ in range(streams)][folder.last]
        folder.parts = [folder.size]
    while (kind := reader.byte()) != END:
        if kind != CRC:
            raise UnreadableError("the 7z directory has a part that is not read")
        reader.digests(count)


def _read_folder(reader: Reader) -> Folder:
    """One folder. Only chains are read: every coder has one input and one output."""
    folder = Folder()
    coders = reader.count()
    for _ in range(coders):
        flags = reader.byte()
        method = reader.take(flags & 0x0F)
        if flags & 0x10 and (reader.number(), reader.number()) != (1, 1):
            raise UnreadableError("packed by a 7z method of several streams (BCJ2), which is not read")
        properties = reader.take(reader.count()) if flags & 0x20 else b""
        folder.coders.append((method, properties))
    made_by = {reader.number(): reader.number() for _ in range(coders - 1)}
    folder.coders, folder.last = _chain(folder.coders, made_by)
    return folder


def _chain(coders: list[Coder], made_by: dict[int, int]) -> tuple[list[Coder], int]:
    """The coders in the order of unpacking, and the number of the last; `made_by` says whose output each reads."""
    reads = {maker: coder for coder, maker in made_by.items()}
    at: int | None = next((n for n in range(len(coders)) if n not in made_by), None)
    order: list[int] = []
    while at is not None and at < len(coders) and at not in order:
        order.append(at)
        at = reads.get(at)
    if len(order) != len(coders) or not order:
        raise UnreadableError("packed by several 7z methods that form no chain")
    return [coders[n] for n in order], order[-1]


def _read_substreams(reader: Reader, into: Directory) -> None:
    counts = [1] * len(into.folders)
    kind = reader.byte()
    if kind == NUM_UNPACK:
        counts = [reader.count() for _ in into.folders]
        kind = reader.byte()
    if kind == SIZE:
        for folder, count in zip(into.folders, counts, strict=True):
            sizes = [reader.number() for _ in range(max(0, count - 1))]
            folder.parts = [*sizes, max(0, folder.size - sum(sizes))] if count else []
        kind = reader.byte()
    else:
        for folder, count in zip(into.folders, counts, strict=True):
            folder.parts = [folder.size] * min(count, 1)
    if kind == CRC:
        reader.digests(sum(counts))
        kind = reader.byte()
    if kind != END:
        raise UnreadableError("the 7z directory has a part that is not read")


def _read_files(reader: Reader, into: Directory) -> None:
    count = reader.count()
    into.empty = [False] * count
    while (kind := reader.number()) != END:
        part = Reader(reader.take(reader.number()))
        if kind == EMPTY_STREAM:
            into.empty = part.bits(count)
        elif kind == NAMES and not part.byte():
            text = part.rest().decode("utf-16-le", errors="replace")
            into.names = text.split("\0")[:count]


def _unpacked(packed: memoryview, folder: Folder) -> Iterator[bytes]:
    chunks: Iterator[bytes] | None = None
    for method, properties in folder.coders:
        chunks = _first(packed, method, properties) if chunks is None else _filtered(chunks, method, properties)
    return chunks if chunks is not None else iter(())


def _first(packed: memoryview, method: bytes, properties: bytes) -> Iterator[bytes]:
    if method == COPY:
        return pieces(packed)
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


def _cut(
    chunks: Iterator[bytes], sizes: list[int], names: list[str], budget: Budget
) -> Iterator[tuple[str, bytes | str]]:
    """The members of an unpacked folder. A size that is a lie only moves the cut; what is made is counted."""
    held = b""
    limit = budget.settings.max_member_bytes
    for name, size in zip(names, sizes, strict=True):
        kept, have, more = bytearray(), 0, True
        while have < size and more:
            if not held:
                held = next(chunks, b"")
                budget.spend(len(held))
                more = bool(held)
            piece = held[: size - have]
            held = held[len(piece) :]
            have += len(piece)
            if have <= limit:
                kept += piece
        if have > limit:
            yield name, f"a member of more than {limit} bytes"
        else:
            yield name, bytes(kept)
