"""The directory of a 7z file, after 7zFormat.txt of the LZMA SDK: which folders there are, and how each is packed."""

from dataclasses import dataclass, field

from matcher.software.archives.budget import UnreadableError

END, FILES, ENCODED, HEADER, MAIN_STREAMS = 0, 5, 23, 1, 4
PACK, UNPACK, SUBSTREAMS, SIZE, CRC = 6, 7, 8, 9, 10
FOLDER, UNPACK_SIZE, NUM_UNPACK = 11, 12, 13
EMPTY_STREAM, NAMES = 14, 17
FIRST_PACKED = 32


class SeveralStreamsError(UnreadableError):
    """A coder has more than one input or output, as BCJ2 has, which 7-Zip uses for programs."""


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


def read_header(reader: Reader, into: Directory) -> None:
    """Read what follows the mark of a plain header. Raises `UnreadableError` when it is none."""
    while (kind := reader.byte()) != END:
        if kind == MAIN_STREAMS:
            read_streams(reader, into)
        elif kind == FILES:
            _read_files(reader, into)
        else:
            raise UnreadableError("the 7z directory has a part that is not read")


def read_streams(reader: Reader, into: Directory) -> None:
    """Read where packed streams stand and how they are unpacked. Raises `UnreadableError` when that is not said."""
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
            raise SeveralStreamsError("packed by a 7z method of several streams (BCJ2)")
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
