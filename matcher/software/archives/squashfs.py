"""SquashFS 4.0, the file system inside AppImages and snaps, after the format's description in the Linux kernel.

Only what leads from the root to regular files is read. Blocks are packed by zlib, xz or Zstandard.
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from matcher.software.archives.budget import Budget, UnreadableError
from matcher.software.archives.codecs import Decoder, decoded, unxz, unzlib, unzstd
from matcher.software.archives.names import name_of

MAGIC = b"hsqs"
HEAD = struct.Struct("<4sIIIIHHHHHHQQQQQQQQ")
METHODS: Mapping[int, Callable[[], Decoder]] = {1: unzlib, 4: unxz, 6: unzstd}
DIRECTORY, FILE, LONG_DIRECTORY, LONG_FILE = 1, 2, 8, 9
PLAIN_TABLE, PLAIN_BLOCK = 1 << 15, 1 << 24
TABLE_BLOCK = 8192
MOST_TABLE_BLOCKS = 8192
NO_FRAGMENT = 0xFFFFFFFF
FRAGMENT = struct.Struct("<QI4x")


def is_squashfs(data: memoryview) -> bool:
    """Whether an image begins here whose head can be believed."""
    if len(data) < HEAD.size or data[:4] != MAGIC:
        return False
    head = HEAD.unpack_from(data)
    return bool(head[9:11] == (4, 0) and head[6] < 21 and head[3] == 1 << head[6])


def members(data: memoryview, budget: Budget) -> Iterator[tuple[str, bytes | str]]:
    """Path and bytes of each regular file, or what is wrong with it. Raises `UnreadableError` for a bad image."""
    image = Image(data, budget)
    seen: set[int] = set()
    waiting = [(image.root, "")]
    while waiting:
        place, path = waiting.pop()
        if place in seen:
            # Two names of one file, or a folder that holds itself.
            continue
        seen.add(place)
        try:
            inode = image.inode(place)
            if isinstance(inode, File):
                yield path, budget.collect(image.content(inode))
            elif inode is not None:
                inner = f"{path}/" if path else ""
                waiting += [(child, budget.count(inner + name)) for child, name in image.listing(inode)][::-1]
        except UnreadableError as error:
            yield path, str(error)


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a listing stands in the table of folders, and how long it is."""

    block: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class File:
    """Where a file's blocks begin, how long each is as stored, and what part of a shared block ends it."""

    start: int
    size: int
    blocks: tuple[int, ...]
    fragment: int
    offset: int


class Table:
    """Packed blocks of 8 KB, one after another, made one stream; places in it name a block and a byte of it."""

    def __init__(self, image: "Image", begin: int) -> None:
        self._starts: dict[int, int] = {}
        parts: list[bytes] = []
        at = begin
        # All blocks but the last are full.
        while len(parts) < MOST_TABLE_BLOCKS and all(len(part) == TABLE_BLOCK for part in parts[-1:]):
            self._starts[at - begin] = len(parts) * TABLE_BLOCK
            part, at = image.table_block(at)
            parts.append(part)
        self.data = b"".join(parts)

    def at(self, block: int, offset: int) -> int:
        """A place in `data`. Raises `UnreadableError` when no block begins there."""
        if block not in self._starts or offset >= TABLE_BLOCK:
            raise UnreadableError("the image names a place that it has not")
        return self._starts[block] + offset


class Image:
    """A file system in `data`."""

    def __init__(self, data: memoryview, budget: Budget) -> None:
        self.data = data
        self.budget = budget
        if not is_squashfs(data):
            raise UnreadableError("the image is of a version that is not read")
        head = HEAD.unpack_from(data)
        self.block_size, self._fragment_count, method, self.root = head[3], head[4], head[5], head[11]
        if method not in METHODS:
            raise UnreadableError(f"the image is packed by method {method}, which is not read")
        self._make = METHODS[method]
        self._fragments = head[17]
        self._inodes, self._folders = Table(self, head[15]), Table(self, head[16])
        self._kept: tuple[int, bytes] = (-1, b"")

    def table_block(self, at: int) -> tuple[bytes, int]:
        """The block of a table that begins at a byte of the image, and where the next one does."""
        if at + 2 > len(self.data):
            raise UnreadableError("the image ends too early")
        (head,) = struct.unpack_from("<H", self.data, at)
        end = at + 2 + (head & ~PLAIN_TABLE)
        return self._unpacked(self.data[at + 2 : end], TABLE_BLOCK, plain=bool(head & PLAIN_TABLE)), end

    def inode(self, place: int) -> Folder | File | None:
        """The file or folder at a place in the table; None for what is neither."""
        table, at = self._inodes.data, self._inodes.at(place >> 16, place & 0xFFFF)
        try:
            (kind,) = struct.unpack_from("<H", table, at)
            at += 16
            if kind == DIRECTORY:
                block, size, offset = struct.unpack_from("<I4xHH", table, at)
                return Folder(block, offset, size - 3)
            if kind == LONG_DIRECTORY:
                size, block, offset = struct.unpack_from("<4xII6xH", table, at)
                return Folder(block, offset, size - 3)
            if kind == FILE:
                start, fragment, offset, size = struct.unpack_from("<IIII", table, at)
                return self._file(start, size, fragment, offset, at + 16)
            if kind == LONG_FILE:
                start, size, fragment, offset = struct.unpack_from("<QQ8x4xII4x", table, at)
                return self._file(start, size, fragment, offset, at + 40)
        except struct.error:
            raise UnreadableError("the image's list of files ends too early") from None
        return None

    def _file(self, start: int, size: int, fragment: int, offset: int, at: int) -> File:
        whole, rest = divmod(size, self.block_size)
        count = whole + (fragment == NO_FRAGMENT and rest > 0)
        if count > len(self._inodes.data) // 4:
            raise UnreadableError("the image promises more blocks than it can list")
        blocks = struct.unpack_from(f"<{count}I", self._inodes.data, at)
        return File(start, size, blocks, fragment, offset)

    def listing(self, folder: Folder) -> Iterator[tuple[int, str]]:
        """Place and name of everything in a folder."""
        if folder.size <= 0:
            return
        table, at = self._folders.data, self._folders.at(folder.block, folder.offset)
        end = at + folder.size
        try:
            while at < end:
                count, block = struct.unpack_from("<II", table, at)
                at += 12
                for _ in range(min(count, 256) + 1):
                    offset, length = struct.unpack_from("<H4xH", table, at)
                    name = name_of(table[at + 8 : at + 9 + length])
                    at += 9 + length
                    yield block << 16 | offset, name.replace("/", "_")
        except struct.error:
            raise UnreadableError("the image's list of names ends too early") from None

    def content(self, file: File) -> Iterator[bytes]:
        """The bytes of a file, a block at a time."""
        at, left = file.start, file.size
        for block in file.blocks:
            size = block & ~PLAIN_BLOCK
            want = min(left, self.block_size)
            # A block of no bytes stands for zeros.
            made = self._unpacked(self.data[at : at + size], want, plain=block != size) if size else bytes(want)
            at += size
            left -= len(made)
            yield made
        if file.fragment != NO_FRAGMENT:
            yield self._fragment(file.fragment)[file.offset : file.offset + left]

    def _fragment(self, number: int) -> bytes:
        """A block that the ends of several files share; the last one asked for is kept."""
        if number >= self._fragment_count:
            raise UnreadableError("the image names a fragment that it has not")
        if self._kept[0] != number:
            where = self._fragments + 8 * (number // (TABLE_BLOCK // FRAGMENT.size))
            if where + 8 > len(self.data):
                raise UnreadableError("the image ends too early")
            (at,) = struct.unpack_from("<Q", self.data, where)
            entries, _ = self.table_block(at)
            try:
                start, head = FRAGMENT.unpack_from(entries, number % (TABLE_BLOCK // FRAGMENT.size) * FRAGMENT.size)
            except struct.error:
                raise UnreadableError("the image names a fragment that it has not") from None
            size = head & ~PLAIN_BLOCK
            packed = self.data[start : start + size]
            self._kept = number, self._unpacked(packed, self.block_size, plain=head != size)
            # It counts by itself: many small files may ask for two large ones in turn.
            self.budget.spend(len(self._kept[1]))
        return self._kept[1]

    def _unpacked(self, packed: memoryview, most: int, *, plain: bool) -> bytes:
        """A block of at most `most` bytes. Raises `UnreadableError` for a longer one."""
        if plain:
            return bytes(packed[:most])
        out = b""
        for chunk in decoded(packed, self._make, streams=1):
            out += chunk
            if len(out) > most:
                raise UnreadableError("a block of the image is larger than the image says")
        return out
