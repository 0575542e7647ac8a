"""What a package says of itself: an Android application's name and signer, a Windows program's product.

Anybody can write these, so they accuse nobody; they tell a person where to look.
"""

import hashlib
import re
import struct

LARGEST_MANIFEST = 4 * 1024 * 1024
POOL, ELEMENT, UTF8_POOL, NOTHING = 0x0001, 0x0102, 0x100, 0xFFFFFFFF
BLOCK_MAGIC = b"APK Sig Block 42"
SIGNATURES = (0x7109871A, 0xF05368C0)
"""The signature schemes 2 and 3, which hold the certificate in the same place."""
PACKAGE = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+")
PRODUCT, COMPANY = "ProductName".encode("utf-16-le"), "CompanyName".encode("utf-16-le")
FIXED_INFO, APPLICATION = struct.pack("<I", 0xFEEF04BD), 1
LONGEST_VALUE = 256


def application_of(manifest: bytes) -> str | None:
    """The package name in a compiled AndroidManifest.xml; None when there is none to be read."""
    if len(manifest) > LARGEST_MANIFEST or manifest[:4] != b"\x03\x00\x08\x00":
        return None
    pool: bytes = b""
    at = 8
    try:
        while at + 8 <= len(manifest):
            kind, size = struct.unpack_from("<H2xI", manifest, at)
            if kind == POOL:
                pool = manifest[at : at + size]
            elif kind == ELEMENT:
                return _package(manifest[at : at + size], pool)
            at += max(8, size)
    except (struct.error, IndexError):
        # A broken manifest names nothing.
        return None
    return None


def _package(element: bytes, pool: bytes) -> str | None:
    """The attribute "package" of the first element, whose strings stand in `pool`."""
    start, _, count = struct.unpack_from("<HHH", element, 24)
    for number in range(count):
        name, value = struct.unpack_from("<II", element, 16 + start + 20 * number + 4)
        if value != NOTHING and _string(pool, name) == "package":
            found = _string(pool, value)
            return found if PACKAGE.fullmatch(found) else None
    return None


def _string(pool: bytes, index: int) -> str:
    _, _, flags, begin = struct.unpack_from("<IIII", pool, 8)
    (offset,) = struct.unpack_from("<I", pool, 28 + 4 * index)
    at = begin + offset
    if flags & UTF8_POOL:
        # Its length in characters, then in bytes; each takes a second byte when it is 128 or more.
        at += 1 + (pool[at] >> 7)
        size = pool[at] & 0x7F
        if pool[at] & 0x80:
            size, at = size << 8 | pool[at + 1], at + 1
        return pool[at + 1 : at + 1 + size].decode(errors="replace")
    (size,) = struct.unpack_from("<H", pool, at)
    return pool[at + 2 : at + 2 + 2 * size].decode("utf-16-le", errors="replace")


def signers_of(data: bytes, directory: int) -> list[str]:
    """SHA-256 of the certificates in the signing block before an APK's `directory` (the place of its first entry)."""
    if data[directory - 16 : directory] != BLOCK_MAGIC:
        return []
    try:
        (size,) = struct.unpack_from("<Q", data, directory - 24)
        at, end = directory - size, directory - 24
        found = []
        while 8 <= at < end:
            length, kind = struct.unpack_from("<QI", data, at)
            if kind in SIGNATURES:
                found.append(_certificate(data[at + 12 : at + 8 + length]))
            at += 8 + length
    except struct.error:
        return []
    return sorted({hashlib.sha256(each).hexdigest() for each in found if each})


def _certificate(block: bytes) -> bytes:
    """The first certificate of the first signer: signers, signer, signed data, then the second part, its first item."""
    signed = _part(_part(_part(block)))
    (digests,) = struct.unpack_from("<I", signed)
    return _part(_part(signed[4 + digests :]))


def _part(data: bytes) -> bytes:
    (size,) = struct.unpack_from("<I", data)
    return data[4 : 4 + size]


def product_of(program: bytes) -> str | None:
    """Company and product in the version data of a Windows application; None for libraries, and when one is missing."""
    info = program.find(FIXED_INFO)
    if info < 0 or program[info + 36 : info + 40] != struct.pack("<I", APPLICATION):
        return None
    company, product = (_value(program, key) for key in (COMPANY, PRODUCT))
    return f"{company}/{product}".casefold() if company and product else None


def _value(program: bytes, key: bytes) -> str:
    at = program.find(key + b"\0\0")
    # Before the key stand the lengths of the entry and of its value, and its kind.
    if at < 6 or program[at - 4 : at - 2] == b"\0\0":
        return ""
    begin = at + len(key) + 2
    text = program[begin : begin + 2 * LONGEST_VALUE].decode("utf-16-le", errors="ignore").lstrip("\0")
    return text.partition("\0")[0].strip()
