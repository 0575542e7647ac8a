"""Archives made to harm their reader, each with a part of what is said of it ("" when all of it can be read)."""

import bz2
import gzip
import io
import lzma
import random
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

from tests.matcher.software.packing import ar, deb, number, program, seven, tarred, zipped

MB = 1 << 20
FILES = {f"f{n}.bin": random.Random(n).randbytes(3000) for n in range(6)}


def nested(times: int) -> bytes:
    data = b"at the bottom"
    for n in range(times):
        data = zipped({f"level{n}.zip" if n else "file.txt": data})
    return data


def overlapping(entries: int) -> bytes:
    """Many members of the directory that share one body, as in Fifield's bomb."""
    body = zipped({"a": bytes(4 * MB)})
    directory, end = body.rfind(b"PK\1\2"), body.rfind(b"PK\5\6")
    entry = body[directory:end]
    size = len(entry) * entries
    return body[:directory] + entry * entries + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, size, directory, 0)


def repeated() -> bytes:
    """Three times itself on every level, 3^5 archives in all."""
    inner = zipped({"same.txt": b"same"})
    for _ in range(5):
        inner = zipped({"one.zip": inner, "two.zip": inner, "three.zip": inner})
    return inner


def flagged() -> bytes:
    data = bytearray(zipped(FILES))
    at = 0
    while (at := data.find(b"PK\1\2", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    return bytes(data)


def patched(find: bytes, offset: int, value: bytes) -> Callable[[], bytes]:
    def make() -> bytes:
        data = bytearray(zipped(FILES))
        at = data.rfind(find) + offset
        data[at : at + len(value)] = value
        return bytes(data)

    return make


def links() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind, target in ((tarfile.SYMTYPE, "/etc/passwd"), (tarfile.LNKTYPE, "../../etc/shadow")):
            info = tarfile.TarInfo(f"link{target.count('.')}")
            info.type, info.linkname = kind, target
            archive.addfile(info)
        for kind in (tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
            info = tarfile.TarInfo(f"device{kind!r}")
            info.type = kind
            archive.addfile(info)
    return out.getvalue()


def sparse() -> bytes:
    """A GNU sparse file of 4 TB with nothing in it."""
    info = tarfile.TarInfo("hole")
    head = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    head[156:157] = b"S"
    head[386:482] = bytes(96)
    head[386:398], head[398:410] = b"00000000000\0", b"00000000000\0"
    head[483:495] = b"\x80" + (1 << 42).to_bytes(11, "big")
    head[148:156] = b" " * 8
    head[148:156] = f"{sum(head):06o}\0 ".encode()
    return bytes(head) + bytes(1024)


def long_name() -> bytes:
    info = tarfile.TarInfo("n" * 3_000_000)
    info.size = 4
    return info.tobuf(tarfile.GNU_FORMAT) + b"text" + bytes(508) + bytes(1024)


def many(count: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(count):
            archive.writestr(f"{n}", b"")
    return out.getvalue()


def xz_of_large_dictionary() -> bytes:
    return lzma.compress(b"small", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 30}])


def seven_with(find: bytes, replacement: bytes) -> bytes:
    return seven(FILES, packed_header=False).replace(find, replacement, 1)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip bomb": (lambda: zipped({"zeros": bytes(40 * MB)}), "times its size"),
    "zip bomb of bombs": (
        lambda: zipped({f"{n}.zip": zipped({f"{n}": bytes(6 * MB)}) for n in range(9)}),
        "times its size",
    ),
    "overlapping members": (lambda: overlapping(3000), "overlap"),
    "nested deep": (lambda: nested(40), "nested deeper"),
    "the same archive many times": (repeated, ""),
    "gzip bomb": (lambda: gzip.compress(bytes(40 * MB)), "times its size"),
    "bzip2 bomb": (lambda: bz2.compress(bytes(40 * MB)), "times its size"),
    "xz bomb": (lambda: lzma.compress(bytes(40 * MB)), "times its size"),
    "tar.xz bomb": (lambda: lzma.compress(tarred({"zeros": bytes(40 * MB)})), "times its size"),
    "7z bomb": (lambda: seven({"zeros": bytes(40 * MB)}), "times its size"),
    "gzip in gzip in gzip": (lambda: gzip.compress(gzip.compress(gzip.compress(bytes(40 * MB)))), "times its size"),
    "large dictionary": (xz_of_large_dictionary, ""),
    "too many members": (lambda: many(3000), "members"),
    "one member too large": (
        lambda: zipped({"large": random.Random(1).randbytes(9 * MB), "small": b"1"}),
        "a member of more",
    ),
    "encrypted": (flagged, "encrypted"),
    "zip cut short": (lambda: zipped(FILES)[:9000], ""),
    "tar cut short": (lambda: tarred(FILES)[:9000], "unexpected end"),
    "tar.gz cut short": (lambda: tarred(FILES, "w:gz")[:9000], "unexpected end"),
    "7z cut short": (lambda: seven(FILES)[:9000], "not where"),
    "deb cut short": (lambda: deb(FILES)[:9000], ""),
    "only a head": (lambda: zipped(FILES)[:20], ""),
    "names that climb out": (lambda: zipped({"../../etc/passwd": b"x", "/root/.ssh/id": b"y", "C:\\x": b"z"}), ""),
    "links and devices": (links, ""),
    "sparse file of 4 TB": (sparse, "a member of more"),
    "name of 3 MB": (long_name, ""),
    "directory size that lies": (patched(b"PK\5\6", 12, b"\xff\xff\xff\x7f"), ""),
    "directory place that lies": (patched(b"PK\5\6", 16, b"\xff\xff\xff\x7f"), ""),
    "member place that lies": (patched(b"PK\1\2", 42, b"\xff\xff\xff\x7f"), "no member begins"),
    "packed size that lies": (patched(b"PK\1\2", 20, b"\xff\xff\xff\x7f"), ""),
    "unknown method": (patched(b"PK\1\2", 10, b"\x63\x00"), "method 99"),
    "7z that promises too much": (
        lambda: seven_with(b"\x07\x0b" + number(1), b"\x07\x0b" + number(1 << 60)),
        "promises more",
    ),
    "7z of an unknown method": (lambda: seven_with(b"\x21\x21", b"\x21\x77"), "not read"),
    "7z encrypted": (
        lambda: seven_with(b"\x21\x21" + number(1) + b"\x10", b"\x24\x06\xf1\x07\x01\x06" + bytes(6)),
        "encrypted",
    ),
    "7z dictionary too large": (lambda: seven_with(number(1) + b"\x10", number(1) + b"\x27"), "dictionary"),
    "ar size that lies": (lambda: ar({"a": b"1"}).replace(b"1         `", b"9999999999`"), ""),
    "program of 65,535 sections": (
        lambda: program(b"x").replace(struct.pack("<HH", 0x14C, 1), b"\x4c\x01\xff\xff"),
        "",
    ),
    "noise behind every magic": (lambda: b"PK\3\4" + random.Random(3).randbytes(5000), ""),
    "flipped bits": (lambda: bytes(b ^ (n % 97 == 0) for n, b in enumerate(tarred(FILES, "w:xz"))), ""),
    "checksum that lies": (
        lambda: zipped(FILES).replace(struct.pack("<I", zlib.crc32(FILES["f1.bin"])), b"\0\0\0\0"),
        "",
    ),
}
