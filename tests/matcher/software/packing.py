"""Writers of archives for the tests: honest ones, and 7z, ar and PE, which the standard library does not write."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

Files = dict[str, bytes]
Filter = dict[str, int]
AS_X86 = b"\x04\x03\x03\x01\x03"


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return out.getvalue()


def tarred(files: Files, mode: str = "w") -> bytes:
    out = io.BytesIO()
    # With an opaque mode mypy cannot choose among tarfile's overloads.
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def ar(files: Files) -> bytes:
    parts = [b"!<arch>\n"]
    for name, data in files.items():
        parts.append(f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode() + data)
        parts.append(b"\n" * (len(data) % 2))
    return b"".join(parts)


def number(value: int) -> bytes:
    """A number as 7z writes it, in its longest form."""
    return b"\xff" + value.to_bytes(8, "little")


def seven(files: Files, method: str = "lzma2", *, packed_header: bool = True) -> bytes:
    """A solid 7z archive."""
    whole = b"".join(files.values())
    packed, coders = _packed_7z(whole, method)
    streams = _streams(0, len(packed), coders, len(whole))
    sizes = b"".join(number(len(data)) for data in list(files.values())[:-1])
    streams += b"\x08\x0d" + number(len(files)) + b"\x09" + sizes + b"\x00\x00"
    names = b"\x00" + b"".join(name.encode("utf-16-le") + b"\0\0" for name in files)
    header = b"\x01\x04" + streams + b"\x05" + number(len(files)) + b"\x11" + number(len(names)) + names + b"\x00\x00"
    body = packed
    if packed_header:
        packed_again, coders = _packed_7z(header, "lzma")
        encoded = b"\x17" + _streams(len(body), len(packed_again), coders, len(header)) + b"\x00"
        body += packed_again
        header = encoded
    start = struct.pack("<QQI", len(body), len(header), zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(start)) + start + body + header


def _streams(at: int, size: int, coders: list[bytes], unpacked: int) -> bytes:
    folder = number(len(coders)) + b"".join(coders)
    # What reads comes first, as 7-Zip has it, or last, as others do.
    first, second = (0, 1) if coders[0] == AS_X86 else (1, 0)
    folder += number(first) + number(second) if len(coders) > 1 else b""
    sizes = number(unpacked) * len(coders)
    packs = b"\x06" + number(at) + number(1) + b"\x09" + number(size) + b"\x00"
    return packs + b"\x07\x0b" + number(1) + b"\x00" + folder + b"\x0c" + sizes + b"\x00"


def _packed_7z(data: bytes, method: str) -> tuple[bytes, list[bytes]]:
    """The bytes packed, and the coders that say how."""
    if method == "copy":
        return data, [b"\x01\x00"]
    if method == "bzip2":
        return bz2.compress(data), [b"\x03\x04\x02\x02"]
    if method == "deflate":
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        return deflate.compress(data) + deflate.flush(), [b"\x03\x04\x01\x08"]
    lzma1: Filter = {"id": lzma.FILTER_LZMA1, "dict_size": 1 << 20}
    lzma2: Filter = {"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}
    x86: Filter = {"id": lzma.FILTER_X86}
    delta: Filter = {"id": lzma.FILTER_DELTA, "dist": 4}
    as_lzma1 = b"\x23\x03\x01\x01" + number(5) + b"\x5d" + (1 << 20).to_bytes(4, "little")
    as_lzma2 = b"\x21\x21" + number(1) + b"\x10"
    chains: dict[str, tuple[list[Filter], list[bytes]]] = {
        "lzma": ([lzma1], [as_lzma1]),
        "lzma2": ([lzma2], [as_lzma2]),
        "x86": ([x86, lzma2], [AS_X86, as_lzma2]),
        "x86 last": ([x86, lzma2], [as_lzma2, AS_X86]),
        "delta": ([delta, lzma2], [as_lzma2, b"\x21\x03" + number(1) + b"\x03"]),
    }
    filters, coders = chains[method]
    return lzma.compress(data, lzma.FORMAT_RAW, filters=filters), coders


def program(code: bytes, overlay: bytes = b"") -> bytes:
    """A PE file with one section, and what stands behind it."""
    head = bytearray(512)
    head[:2], head[60:64] = b"MZ", struct.pack("<I", 64)
    head[64:88] = b"PE\0\0" + struct.pack("<HHIIIHH", 0x14C, 1, 0, 0, 0, 0, 0)
    head[88:128] = b".text\0\0\0" + struct.pack("<IIII", len(code), 0x1000, len(code), 512) + bytes(16)
    return bytes(head) + code + overlay


def deb(files: Files) -> bytes:
    data = lzma.compress(tarred(files))
    control = gzip.compress(tarred({"control": b"Package: sample\n"}), mtime=0)
    return ar({"debian-binary": b"2.0\n", "control.tar.gz": control, "data.tar.xz": data})
