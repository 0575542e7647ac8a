"""Where in a Windows program (PE) the part that the linker wrote ends, and with it what a packer put behind it."""

import struct

BEGINNINGS = (b"MZ",)


def is_program(data: bytes) -> bool:
    """Whether a file that begins so is a program, which may carry an archive behind itself."""
    return data.startswith(BEGINNINGS)


def overlay_of(data: memoryview) -> int | None:
    """Where the bytes after the last section begin; None when `data` is no PE file or has none."""
    if len(data) < 64 or bytes(data[:2]) != b"MZ":
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
    return end if 0 < end < len(data) else None
