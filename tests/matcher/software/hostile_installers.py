"""Installers and file systems made to harm their reader, in the form of `hostile.HOSTILE`."""

import random
import struct
import zlib
from collections.abc import Callable

from tests.matcher.software.installers import appimage, cab, installer, msi, rar, squashfs
from tests.matcher.software.packing import Files, program, seven, tarred, zipped

MB = 1 << 20
FILES = {f"f{n}.bin": random.Random(n).randbytes(3000) for n in range(6)}
PACKERS: tuple[Callable[[Files], bytes], ...] = (zipped, cab, squashfs, tarred, seven)


def put(data: bytes, at: int, form: str, *values: int) -> bytes:
    out = bytearray(data)
    struct.pack_into(form, out, at, *values)
    return bytes(out)


def across(times: int) -> bytes:
    """Archives of five kinds inside each other."""
    data = b"at the bottom"
    for n in range(times):
        data = PACKERS[n % len(PACKERS)]({f"level{n}": data})
    return data


def image_that_holds_itself() -> bytes:
    """The one entry of the root folder is the root folder."""
    data = bytearray(squashfs({"folder/x": b"1"}, packed=False))
    folders = struct.unpack_from("<Q", data, 72)[0]
    root = struct.unpack_from("<Q", data, 32)[0]
    # Two listings of one entry each; the second is the root's, behind its head of twelve bytes.
    listings = struct.unpack_from("<H", data, folders)[0] & 0x7FFF
    struct.pack_into("<H", data, folders + 2 + listings - 14 + 0, root & 0xFFFF)
    return bytes(data)


def image_of_a_large_hole() -> bytes:
    """A file of 4 GB whose blocks are all left out."""
    image = squashfs({"hole": bytes(1), "x": b"2"}, packed=False)
    inodes = struct.unpack_from("<Q", image, 64)[0] + 2
    return put(image, inodes + 16, "<IIII", 96, 0xFFFFFFFF, 0, 0xFFFFFFFF)


def image_of_empty_blocks() -> bytes:
    """A list of files in two million blocks of nothing."""
    return put(squashfs(FILES), 64, "<Q", len(squashfs(FILES))) + b"\x00\x80" * 2_000_000


def msi_that_goes_in_circles() -> bytes:
    data = msi({"a": bytes(40_000)})
    return data.replace(struct.pack("<III", 2, 3, 4), struct.pack("<III", 2, 1, 4))


def many_marks() -> bytes:
    start = struct.pack("<QQI", 1 << 40, 1 << 50, 0)
    mark = b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(start)) + start
    return program(mark * 20_000 + b"MSCF\0\0\0\0" * 20_000)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "cabinet bomb": (lambda: cab({"zeros": bytes(40 * MB)}), "times its size"),
    "cabinet cut short": (lambda: cab(FILES)[:3000], ""),
    "cabinet without its directory": (lambda: cab(FILES)[:60], "ends too early"),
    "cabinet of 65,535 folders": (lambda: put(cab(FILES), 26, "<H", 0xFFFF), ""),
    "cabinet of 65,535 members": (lambda: put(cab(FILES), 28, "<H", 0xFFFF), ""),
    "cabinet whose members overlap": (lambda: put(cab(FILES), 44 + 4 + 23, "<I", 0), "overlap"),
    "cabinet member in no folder": (lambda: put(cab(FILES), 44 + 8, "<H", 7), "not in it"),
    "cabinet member of 4 GB": (lambda: put(cab(FILES), 44, "<I", 0xFFFFFFFF), "overlap"),
    "cabinet of another method": (lambda: cab(FILES, 0x1503), ""),
    "cabinet of damaged blocks": (lambda: cab(FILES).replace(b"CK", b"KC"), ""),
    "cabinet of names that climb out": (lambda: cab({"../../etc/passwd": b"x", "C:/x": b"y"}), ""),
    "cabinet of other cabinets": (lambda: put(cab(FILES), 30, "<H", 3), ""),
    "squashfs bomb": (lambda: squashfs({"zeros": bytes(7 * MB)}), ""),
    "squashfs cut short": (lambda: squashfs(FILES)[:9000], ""),
    "squashfs that is only a head": (lambda: squashfs(FILES)[:96], "ends too early"),
    "squashfs that holds itself": (image_that_holds_itself, ""),
    "squashfs with a hole of 4 GB": (image_of_a_large_hole, ""),
    "squashfs of empty blocks": (image_of_empty_blocks, ""),
    "squashfs whose root is nowhere": (lambda: put(squashfs(FILES), 32, "<Q", 1 << 60), "has not"),
    "squashfs whose tables are nowhere": (lambda: put(squashfs(FILES), 64, "<QQQ", *[1 << 62] * 3), "too early"),
    "squashfs without fragments": (lambda: put(squashfs(FILES), 16, "<I", 0), "fragment"),
    "squashfs by an unknown method": (lambda: put(squashfs(FILES), 20, "<H", 3), "method 3"),
    "squashfs by the wrong method": (lambda: put(squashfs(FILES), 20, "<H", 6), ""),
    "squashfs of another version": (lambda: put(squashfs(FILES), 28, "<HH", 3, 1), "version"),
    "squashfs of blocks of 4 GB": (lambda: put(squashfs(FILES), 12, "<I", 0xFFFFFFFF), "version"),
    "AppImage cut short": (lambda: appimage(squashfs(FILES))[:5000], ""),
    "ELF that ends nowhere": (lambda: put(appimage(b""), 40, "<Q", (1 << 64) - 1), ""),
    "ELF that is only a head": (lambda: appimage(b"")[:63], ""),
    "MSI cut short": (lambda: msi({"a.cab": cab(FILES)})[:5000], ""),
    "MSI of no streams": (lambda: msi({}), ""),
    "MSI that goes in circles": (msi_that_goes_in_circles, ""),
    "MSI of a chain of 1,500 names": (lambda: msi({f"{n:x}": b"" for n in range(1500)}), ""),
    "MSI of sectors of absurd size": (lambda: put(msi({"a": b"1"}), 30, "<H", 0xFFFF), ""),
    "MSI of damaged tables": (lambda: put(msi({"a": b"1"}), 44, "<I", 0xFFFFFFFF), ""),
    "program full of marks": (many_marks, ""),
    "program whose cabinet lies": (lambda: installer(put(cab(FILES), 8, "<I", 0xFFFFFFFF)), ""),
    "RAR cut short": (lambda: rar(FILES)[:9000], ""),
    "RAR of noise": (lambda: rar({})[:8] + random.Random(8).randbytes(9000), ""),
    "RAR of names that climb out": (lambda: rar({"../../../etc/passwd": b"x", "/root/.ssh/id": b"y"}), ""),
    "RAR size that lies": (lambda: rar(FILES).replace(b"\xb8\x17", b"\xff\x7f"), ""),
    "disc that says it is a list of files": (
        lambda: b"#mtree\n/etc/passwd contents=/etc/passwd type=file\n".ljust(32768) + b"\x01CD001\x01" + bytes(6000),
        "",
    ),
    "nested deep across formats": (lambda: across(40), "nested deeper"),
}
