"""ZIP, and what is built on it: wheels, jars, APKs. Headers lie, so places are checked and sizes are only hints."""

import lzma
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from matcher.software.archives.budget import Budget, UnreadableError
from matcher.software.archives.codecs import decoded, pieces, raw_deflate, raw_lzma, unbzip2, unzstd
from matcher.software.archives.names import name_of

LOCAL, CENTRAL, END, END64, LOCATOR64 = b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\6\6", b"PK\6\7"
END_SIZE, LONGEST_COMMENT = 22, 65_535
ENCRYPTED, SIZES_FOLLOW = 1, 8
STORED, DEFLATED, BZIP2, LZMA, ZSTD = 0, 8, 12, 14, 93
FULL32 = 0xFFFFFFFF
ENTRY = struct.Struct("<8xHH8xIIHHH8xI")
"""In the directory: flags, method, packed and unpacked size, lengths of name, extra and comment, place of the data."""
LENGTHS = struct.Struct("<26xHH")
"""Of a member's own header: lengths of name and extra."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a member stands. `packed` is None when only its data tell where they end."""

    name: str
    flags: int
    method: int
    header: int
    packed: int | None


def end_of(data: memoryview) -> int | None:
    """Where the end record stands; None when there is none."""
    tail = max(0, len(data) - END_SIZE - LONGEST_COMMENT)
    found = bytes(data[tail:]).rfind(END)
    return tail + found if found >= 0 and tail + found + END_SIZE <= len(data) else None


def members(data: memoryview, budget: Budget) -> Iterator[tuple[str, bytes | str]]:
    """Name and bytes of each member, or name and what is wrong with it; no bytes are read for two members."""
    places = sorted(_places(data, budget), key=lambda p: p.header)
    read_to = 0
    for place in places:
        name = budget.count(place.name)
        if name.endswith("/"):
            continue
        if place.header < read_to:
            yield name, "its data overlap another member's"
            continue
        if place.flags & ENCRYPTED:
            yield name, "encrypted"
            continue
        try:
            start = _data_start(data, place)
            end = len(data) if place.packed is None else start + place.packed
            read_to = start if place.packed is None else end
            yield name, budget.collect(_chunks(data[start:end], place.method))
        except UnreadableError as error:
            yield name, str(error)


def _places(data: memoryview, budget: Budget) -> list[Place]:
    """From the directory at the end, else (when the file was cut, or the directory lies) from the headers."""
    most = budget.settings.max_members + 1
    end = end_of(data)
    found = [] if end is None else list(islice(_from_directory(data, end), most))
    if any(_begins_member(data, place.header) for place in found):
        return found
    return list(islice(_from_headers(data), most))


def _begins_member(data: memoryview, at: int) -> bool:
    return 0 <= at <= len(data) - 30 and data[at : at + 4] == LOCAL


def _from_directory(data: memoryview, end: int) -> Iterator[Place]:
    size, offset = struct.unpack_from("<II", data, end + 12)
    record = end
    if FULL32 in {size, offset} and end >= 20 and bytes(data[end - 20 : end - 16]) == LOCATOR64:
        record = int(bytes(data[:end]).rfind(END64))
        if record < 0 or record + 56 > len(data):
            return
        size, offset = struct.unpack_from("<QQ", data, record + 40)
    begin = record - size
    # Bytes put before the archive (a program that unpacks it) move everything by as much.
    shift = begin - offset
    at = begin
    while at >= 0 and at + 46 <= record and data[at : at + 4] == CENTRAL:
        flags, method, packed, unpacked, name, extra, comment, header = ENTRY.unpack_from(data, at)
        raw = bytes(data[at + 46 : at + 46 + name])
        if FULL32 in {packed, unpacked, header}:
            more = bytes(data[at + 46 + name : at + 46 + name + extra])
            packed, header = _wide(more, packed, unpacked, header)
        yield Place(name_of(raw), flags, method, header + shift, packed)
        at += 46 + name + extra + comment


def _wide(extra: bytes, packed: int, unpacked: int, header: int) -> tuple[int, int]:
    """Packed size and place of the header, from the ZIP64 field where the short ones are full."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            values = [int(v) for (v,) in struct.iter_unpack("<Q", extra[at + 4 : at + 4 + size // 8 * 8])]
            wanted = [unpacked, packed, header]
            for i, value in enumerate(wanted):
                if value == FULL32 and values:
                    wanted[i] = values.pop(0)
            return wanted[1], wanted[2]
        at += 4 + size
    return packed, header


def _from_headers(data: memoryview) -> Iterator[Place]:
    whole = bytes(data)
    at = whole.find(LOCAL)
    while at >= 0 and at + 30 <= len(whole):
        flags, method = struct.unpack_from("<HH", whole, at + 6)
        packed, _, name, extra = struct.unpack_from("<IIHH", whole, at + 18)
        known = not flags & SIZES_FOLLOW and packed != FULL32
        raw = whole[at + 30 : at + 30 + name]
        yield Place(name_of(raw), flags, method, at, packed if known else None)
        at = whole.find(LOCAL, at + 30 + name + extra + (packed if known else 0))


def _data_start(data: memoryview, place: Place) -> int:
    at = place.header
    if not _begins_member(data, at):
        raise UnreadableError("the directory names a place where no member begins")
    name, extra = LENGTHS.unpack_from(data, at)
    return at + 30 + int(name) + int(extra)


def _chunks(packed: memoryview, method: int) -> Iterator[bytes]:
    if method == STORED:
        return pieces(packed)
    if method == DEFLATED:
        return decoded(packed, raw_deflate, streams=1)
    if method == BZIP2:
        return decoded(packed, unbzip2, streams=1)
    if method == LZMA and len(packed) > 9:
        skipped = 4 + int.from_bytes(packed[2:4], "little")
        filters = [lzma1_filter(bytes(packed[4:9]))]
        return decoded(packed[skipped:], lambda: raw_lzma(filters), streams=1)
    if method == ZSTD:
        return decoded(packed, unzstd)
    raise UnreadableError(f"compressed by method {method}, which is not read")


def lzma1_filter(properties: bytes) -> dict[str, int]:
    """The filter of LZMA data from the five bytes that describe them. Raises `UnreadableError` when they cannot."""
    first = properties[0] if len(properties) == 5 else 225
    if first >= 225:
        raise UnreadableError("its LZMA properties are no such")
    size = max(4096, int.from_bytes(properties[1:], "little"))
    return {"id": lzma.FILTER_LZMA1, "dict_size": size, "lc": first % 9, "lp": first // 9 % 5, "pb": first // 45}
