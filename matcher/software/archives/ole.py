"""Compound files of Windows (MS-CFB). Only installer packages (MSI) are opened, whose streams hold cabinets."""

import io
import struct
from collections.abc import Iterator

import olefile

from matcher.software.archives.budget import Budget, UnreadableError

MAGIC = olefile.MAGIC
CLASSES = tuple(struct.pack("<IHH", n, 0, 0) + b"\xc0\0\0\0\0\0\0\x46" for n in (0xC1084, 0xC1086))
"""Class of the root of an installer package, and of a patch for one. Office documents have others."""
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._"
PAIRS, SINGLES, END_OF_NAMES = 0x3800, 0x4800, 0x4840


def is_installer(data: bytes | memoryview) -> bool:
    """Whether the compound file that begins so is an installer package."""
    if data[:8] != MAGIC or len(data) < 512:
        return False
    shift, first = struct.unpack_from("<H16xI", data, 30)
    root = (first + 1) << min(shift, 12)
    return bytes(data[root + 80 : root + 96]) in CLASSES


def members(data: memoryview, budget: Budget) -> Iterator[tuple[str, bytes | str]]:
    """Name and bytes of each stream. Raises `UnreadableError` when the file is damaged."""
    try:
        file = olefile.OleFileIO(io.BytesIO(data))
        for path in file.listdir():
            name = budget.count("/".join(_plain(part) for part in path))
            yield name, budget.collect([file.openstream(path).read()])
    except (OSError, ValueError, IndexError, RecursionError) as error:
        raise UnreadableError(str(error)[:200]) from None


def _plain(name: str) -> str:
    """A name of a stream as it was meant: one or two of its characters are packed into one."""
    out = ""
    for character in name:
        code = ord(character)
        if PAIRS <= code < SINGLES:
            out += DIGITS[code - PAIRS & 63] + DIGITS[code - PAIRS >> 6]
        elif SINGLES <= code < END_OF_NAMES:
            out += DIGITS[code - SINGLES] if code - SINGLES < 64 else "!"
        else:
            out += character
    return out
