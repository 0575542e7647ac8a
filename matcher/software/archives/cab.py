"""Cabinets (MS-CAB), which Windows installers are made of: folders stored or packed by MSZIP.

Other methods (LZX, Quantum) are left to another program.
"""

import struct
from collections.abc import Iterator

from isal import igzip_lib

from matcher.software.archives import foreign
from matcher.software.archives.budget import Budget, UnreadableError
from matcher.software.archives.codecs import DAMAGE
from matcher.software.archives.cutting import Piece, cut
from matcher.software.archives.names import name_of

MAGIC = b"MSCF\0\0\0\0"
HEAD = struct.Struct("<8xI4xI4xBBHHH4x")
"""Size of the file, place of the members' list, version, numbers of folders and members, flags."""
FOLDER = struct.Struct("<IHH")
MEMBER = struct.Struct("<IIH4xH")
DATA = struct.Struct("<4xHH")
PREVIOUS, NEXT, RESERVED = 1, 2, 4
STORED, MSZIP, METHOD = 0, 1, 0x0F
SIGNATURE = b"CK"
WINDOW = 32768
CONTINUED = 0xFFFD
"""Folder numbers from here on belong to members that begin or end in another cabinet."""


def members(data: memoryview, budget: Budget) -> Iterator[tuple[str, bytes | str]]:
    """Name and bytes of each member, or what is wrong with it. Raises `UnreadableError` for a bad directory."""
    try:
        _, listed, _, _, folder_count, count, flags = HEAD.unpack_from(data)
        at, extra, extra_data = _behind_head(data, flags)
        folders = [FOLDER.unpack_from(data, at + n * (FOLDER.size + extra)) for n in range(folder_count)]
        pieces = _pieces(data, listed, count, len(folders), budget)
    except struct.error:
        raise UnreadableError("the cabinet's directory ends too early") from None
    if any(method & METHOD not in {STORED, MSZIP} for _, _, method in folders):
        yield from foreign.members(data, budget)
        return
    for (begin, blocks, method), inside in zip(folders, pieces, strict=True):
        yield from cut(_unpacked(data, begin, blocks, method & METHOD, extra_data), inside, budget)


def size_of(data: memoryview, at: int) -> int | None:
    """The size of the cabinet that begins at `at`; None when its head cannot be believed."""
    if at + HEAD.size > len(data):
        return None
    size, listed, minor, major, folders, count, _ = HEAD.unpack_from(data, at)
    honest = (minor, major) == (3, 1) and folders and count and HEAD.size <= listed < size <= len(data) - at
    return int(size) if honest else None


def _behind_head(data: memoryview, flags: int) -> tuple[int, int, int]:
    """Where the folders are listed, and how many bytes are reserved in each entry and in each block of data."""
    at, extra, extra_data = HEAD.size, 0, 0
    if flags & RESERVED:
        reserved, extra, extra_data = struct.unpack_from("<HBB", data, at)
        at += 4 + reserved
    for flag in (PREVIOUS, NEXT):
        if flags & flag:
            for _ in range(2):
                at += len(_text(data, at)) + 1
    return at, extra, extra_data


def _text(data: memoryview, at: int) -> bytes:
    return bytes(data[at : at + 256]).partition(b"\0")[0]


def _pieces(data: memoryview, at: int, count: int, folders: int, budget: Budget) -> list[list[Piece]]:
    """For each folder its members, in the order in which they stand in it."""
    inside: list[list[Piece]] = [[] for _ in range(folders)]
    for _ in range(count):
        size, begin, folder, _ = MEMBER.unpack_from(data, at)
        raw = _text(data, at + MEMBER.size)
        at += MEMBER.size + len(raw) + 1
        name = budget.count(name_of(raw).replace("\\", "/"))
        if folder < folders:
            inside[folder].append(Piece(name, begin, size))
        elif folder < CONTINUED:
            raise UnreadableError("the cabinet names a folder that is not in it")
    return [sorted(each, key=lambda piece: piece.begin) for each in inside]


def _unpacked(data: memoryview, at: int, blocks: int, method: int, extra: int) -> Iterator[bytes]:
    """A folder's bytes, a block at a time. Damage ends it."""
    window = b""
    for _ in range(blocks):
        if at + DATA.size > len(data):
            return
        packed, unpacked = DATA.unpack_from(data, at)
        at += DATA.size + extra
        block = bytes(data[at : at + packed])
        at += packed
        if method == STORED:
            yield block
            continue
        if not block.startswith(SIGNATURE) or unpacked > WINDOW:
            return
        # Every block is a deflate stream that goes on with the window of the one before.
        try:
            decoder = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_DEFLATE, zdict=window)
            window = decoder.decompress(block[2:], WINDOW)
        except DAMAGE:
            return
        yield window
