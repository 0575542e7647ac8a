"""Writers of what installers are made of: cabinets, MSI files, SquashFS images, and RAR (members stored)."""

import struct
import zlib

from tests.matcher.software.packing import Files, program

Tree = dict[str, "Tree | bytes"]
BLOCK_LOG = 12
PAGE = 512
MSI = struct.pack("<IHH", 0xC1084, 0, 0) + b"\xc0\0\0\0\0\0\0\x46"
WORD = bytes.fromhex("0609020000000000c000000000000046")


def cab(files: Files, method: int = 1) -> bytes:
    """A cabinet of one folder, stored (0) or packed by MSZIP (1); with another method the data are not what it says."""
    whole = b"".join(files.values())
    blocks = [_cab_block(whole, at, method) for at in range(0, len(whole), 32768)]
    entries, begin = b"", 0
    for name, data in files.items():
        entries += struct.pack("<IIHHHH", len(data), begin, 0, 0, 0, 0x80) + name.replace("/", "\\").encode() + b"\0"
        begin += len(data)
    listed = 36 + 8
    folder = struct.pack("<IHH", listed + len(entries), len(blocks), method)
    size = listed + len(entries) + sum(map(len, blocks))
    head = struct.pack("<4sIIIIIBBHHHHH", b"MSCF", 0, size, 0, listed, 0, 3, 1, 1, len(files), 0, 0, 0)
    return head + folder + entries + b"".join(blocks)


def _cab_block(whole: bytes, at: int, method: int) -> bytes:
    data = whole[at : at + 32768]
    packed = data
    if method == 1:
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=whole[max(0, at - 32768) : at])
        packed = b"CK" + deflate.compress(data) + deflate.flush()
    return struct.pack("<IHH", 0, len(packed), len(data)) + packed


def msi(streams: Files, kind: bytes = MSI) -> bytes:
    """A compound file with these streams below a root of that class."""
    padded = {name: data.ljust(8 * PAGE, b"\0") for name, data in streams.items()}
    fat: list[int] = []
    body = b""
    entries = [_entry("Root Entry", 5, kind=kind, child=1 if padded else -1)]
    for number, (name, data) in enumerate(padded.items(), 1):
        following = number + 1 if number < len(padded) else -1
        entries.append(_entry(name, 2, right=following, start=len(fat), size=len(data)))
        count = -(-len(data) // PAGE)
        fat += [*range(len(fat) + 1, len(fat) + count), -2]
        body += data.ljust(count * PAGE, b"\0")
    directory = b"".join(entries)
    directory = directory.ljust(-(-len(directory) // PAGE) * PAGE, b"\0")
    first_of_directory, count = len(fat), len(directory) // PAGE
    fat += [*range(len(fat) + 1, len(fat) + count), -2]
    tables = -(-(len(fat) + 2) // (PAGE // 4 - 1))
    first_of_table = len(fat)
    fat += [-3] * tables
    table = struct.pack(f"<{len(fat)}i", *fat).ljust(tables * PAGE, b"\xff")
    places = struct.pack("<109i", *(range(first_of_table, first_of_table + tables)), *[-1] * (109 - tables))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH6xII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables)
    head += struct.pack("<iIIiIiI", first_of_directory, 0, 4096, -2, 0, -2, 0) + places
    return head + body + directory + table


def _entry(
    name: str, kind_of: int, *, kind: bytes = bytes(16), child: int = -1, right: int = -1, start: int = 0, size: int = 0
) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBBiii", len(raw), kind_of, 1, -1, right, child)
        + kind
        + struct.pack("<20xIQ", start, size)
    )


def squashfs(files: Files, *, packed: bool = True) -> bytes:
    """An image with blocks of 4 KB; the ends of all files share a block. All lists must fit into a block each."""
    image = _Image(packed=packed)
    tree: Tree = {}
    for path, data in files.items():
        *above, name = path.split("/")
        folder = tree
        for part in above:
            inner = folder.setdefault(part, {})
            assert isinstance(inner, dict)
            folder = inner
        folder[name] = data
    return image.finished(image.folder(tree))


class _Image:
    def __init__(self, *, packed: bool) -> None:
        self.packed = packed
        self.data = bytearray(96)
        self.inodes, self.folders, self.ends = bytearray(), bytearray(), bytearray()

    def stored(self, data: bytes, plain: int) -> tuple[bytes, int]:
        """A block, and its length with the mark of what is not packed."""
        made = zlib.compress(data, 9) if self.packed else data
        return (made, len(made)) if len(made) < len(data) else (data, len(data) | plain)

    def folder(self, tree: Tree) -> int:
        """Write a folder and all in it; its place."""
        listed = b""
        for name, inner in sorted(tree.items()):
            place = self.folder(inner) if isinstance(inner, dict) else self.file(inner)
            raw = name.encode()
            kind = 1 if isinstance(inner, dict) else 2
            listed += struct.pack("<III", 0, 0, 1) + struct.pack("<HhHH", place, 0, kind, len(raw) - 1) + raw
        begin, place = len(self.folders), len(self.inodes)
        self.folders += listed
        self.inodes += struct.pack("<HHHHIIIIHHI", 1, 0o755, 0, 0, 0, 1, 0, 2, len(listed) + 3, begin, 1)
        return place

    def file(self, data: bytes) -> int:
        place, start, size = len(self.inodes), len(self.data), 1 << BLOCK_LOG
        whole = len(data) // size
        lengths = []
        for n in range(whole):
            block, length = self.stored(data[n * size : (n + 1) * size], 1 << 24)
            self.data += block
            lengths.append(length)
        rest = data[whole * size :]
        fragment = (0, len(self.ends)) if rest else (0xFFFFFFFF, 0)
        self.ends += rest
        self.inodes += struct.pack("<HHHHII", 2, 0o644, 0, 0, 0, 1)
        self.inodes += struct.pack(f"<IIII{whole}I", start, *fragment, len(data), *lengths)
        return place

    def finished(self, root: int) -> bytes:
        ends, length = self.stored(bytes(self.ends), 1 << 24)
        fragment = struct.pack("<QII", len(self.data), length, 0)
        self.data += ends
        places = []
        for table in (self.inodes, self.folders, fragment):
            places.append(len(self.data))
            block, length = self.stored(bytes(table), 1 << 15)
            self.data += struct.pack("<H", length) + block
        index = len(self.data)
        self.data += struct.pack("<Q", places[2])
        sizes = (1, 0, 1 << BLOCK_LOG, 1, 1, BLOCK_LOG, 0, 0, 4, 0, root, len(self.data), 0, 0, places[0], places[1])
        self.data[:96] = struct.pack("<4sIIIIHHHHHHQQQQQQQQ", b"hsqs", *sizes, index, 0)
        return bytes(self.data)


def appimage(image: bytes) -> bytes:
    """An ELF program of no sections but a table of one, and the image behind it."""
    head = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQ", 2, 62, 1, 0, 0, 64)
    return head + struct.pack("<IHHHHHH", 0, 64, 56, 0, 64, 1, 0) + bytes(64) + image


def installer(inside: bytes) -> bytes:
    """A Windows program with `inside` amid its one section."""
    return program(b"\x90" * 1000 + inside + b"\xcc" * 1000)


def disc(files: Files) -> bytes:
    """An ISO 9660 image with these files in its root folder."""
    size = 2048
    names = [name.upper().encode() + b";1" for name in files]
    places = [19 + sum(-(-len(data) // size) for data in list(files.values())[:n]) for n in range(len(files))]
    root = _disc_entry(b"\0", 18, size, 2) + _disc_entry(b"\1", 18, size, 2)
    for name, place, data in zip(names, places, files.values(), strict=True):
        root += _disc_entry(name, place, len(data), 0)
    body = b"".join(data.ljust(-(-len(data) // size) * size, b"\0") for data in files.values())
    head = bytearray(size)
    head[:7], head[881] = b"\x01CD001\x01", 1
    struct.pack_into("<I", head, 80, 19 + len(body) // size)
    struct.pack_into(">I", head, 84, 19 + len(body) // size)
    for at, value in ((120, 1), (124, 1), (128, size)):
        struct.pack_into("<H", head, at, value)
        struct.pack_into(">H", head, at + 2, value)
    struct.pack_into("<I", head, 140, 19)
    head[156:190] = _disc_entry(b"\0", 18, size, 2)
    return bytes(16 * size) + bytes(head) + b"\xffCD001\x01".ljust(size, b"\0") + root.ljust(size, b"\0") + body


def _disc_entry(name: bytes, place: int, size: int, flags: int) -> bytes:
    numbers = struct.pack("<I", place) + struct.pack(">I", place) + struct.pack("<I", size) + struct.pack(">I", size)
    entry = numbers + bytes(7) + bytes([flags, 0, 0]) + struct.pack("<H", 1) + struct.pack(">H", 1) + bytes([len(name)])
    entry += name + b"\0" * (1 - len(name) % 2)
    return bytes([len(entry) + 2, 0]) + entry


def rar(files: Files) -> bytes:
    """A RAR 5 archive."""
    out = b"Rar!\x1a\x07\x01\x00" + _block(_vint(1) + _vint(0) + _vint(0))
    for name, data in files.items():
        raw = name.encode()
        head = _vint(2) + _vint(2) + _vint(len(data)) + _vint(4) + _vint(len(data)) + _vint(0o100644)
        head += struct.pack("<I", zlib.crc32(data)) + _vint(0) + _vint(1) + _vint(len(raw)) + raw
        out += _block(head) + data
    return out + _block(_vint(5) + _vint(0) + _vint(0))


def _block(head: bytes) -> bytes:
    sized = _vint(len(head)) + head
    return struct.pack("<I", zlib.crc32(sized)) + sized


def _vint(value: int) -> bytes:
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])
