"""Programs (PE, ELF) that carry an archive: installers, self-extracting archives and AppImages."""

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping

from matcher.software.archives import cab, sevenzip

WINDOWS, ELF = b"MZ", b"\x7fELF"
BEGINNINGS = (WINDOWS, ELF)
MOST_CARRIED = 16


def is_program(data: bytes) -> bool:
    """Whether a file that begins so is a program, which may carry an archive."""
    return data.startswith(BEGINNINGS)


def overlay_of(data: memoryview) -> int | None:
    """Where the bytes begin that stand behind all that the linker wrote; None when there are none."""
    end = _end_of_windows(data) if data[:2] == WINDOWS else _end_of_elf(data) if data[:4] == ELF else None
    return end if end is not None and 0 < end < len(data) else None


def _end_of_windows(data: memoryview) -> int | None:
    """The end of the last section."""
    if len(data) < 64:
        return None
    (header,) = struct.unpack_from("<I", data, 60)
    if header + 24 > len(data) or bytes(data[header : header + 4]) != b"PE\0\0":
        return None
    sections, optional = struct.unpack_from("<H12xH", data, header + 6)
    end = 0
    for number in range(sections):
        at = header + 24 + optional + 40 * number
        if at + 40 > len(data):
            break
        size, begin = struct.unpack_from("<II", data, at + 16)
        end = max(end, size + begin)
    return end


def _end_of_elf(data: memoryview) -> int | None:
    """The end of the table of sections, which linkers write last; an AppImage's file system begins there."""
    if len(data) < 64 or data[5] != 1:
        return None
    begin, size, count = (
        struct.unpack_from("<40xQ10xHH", data) if data[4] == 2 else struct.unpack_from("<32xI10xHH", data)
    )
    return int(begin + size * count) if count else None


def carried(data: memoryview) -> Iterator[memoryview]:
    """The archives of a Windows program that stand somewhere in its sections or its overlay.

    Seven bytes may stand anywhere by chance, so what begins with a mark must also have a head that can be believed.
    """
    whole = bytes(data)
    for mark, end_of in MARKS.items():
        at = whole.find(mark, len(WINDOWS))
        for _ in range(MOST_CARRIED):
            if at < 0:
                break
            end = end_of(data, at)
            if end is not None:
                yield data[at:end]
            at = whole.find(mark, end or at + 1)


def _end_of_seven(data: memoryview, at: int) -> int | None:
    start = data[at + 12 : at + 32]
    if len(start) < 20 or zlib.crc32(start) != int.from_bytes(data[at + 8 : at + 12], "little"):
        return None
    offset, size = struct.unpack_from("<QQ", start)
    return min(len(data), at + 32 + int(offset) + int(size))


def _end_of_cabinet(data: memoryview, at: int) -> int | None:
    size = cab.size_of(data, at)
    return None if size is None else at + size


MARKS: Mapping[bytes, Callable[[memoryview, int], int | None]] = {
    sevenzip.MAGIC: _end_of_seven,
    cab.MAGIC: _end_of_cabinet,
}
