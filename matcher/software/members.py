"""Members to rows: what is kept of each file in a package."""

import hashlib
from collections.abc import Iterable, Iterator

import numpy as np

from matcher.software.archives.walk import Member
from matcher.software.boilerplate import weights
from matcher.software.identity import application_of, product_of
from matcher.software.payload import ROW, SoftwarePrint
from matcher.software.tlsh import LENGTH, tlsh

BINARY_WITHIN = 8192
MANIFEST = "AndroidManifest.xml"
BOM = b"\xef\xbb\xbf"
NOTHING_NEAR = bytes(LENGTH)


def digest_members(members: Iterable[Member]) -> SoftwarePrint:
    """The print of a package. Contents that occur more than once are kept where they stand first."""
    seen: set[bytes] = set()
    identities: set[str] = set()
    exact, text, near, sizes, paths = [], [], [], [], []
    for member in members:
        data = member.data
        digest = _prefix(data)
        if digest in seen:
            continue
        seen.add(digest)
        exact.append(digest)
        text.append(_text_prefix(data, digest))
        near.append(tlsh(data))
        sizes.append(len(data))
        paths.append(member.path)
        identities |= set(_names(member))
    table = np.zeros(len(paths), ROW)
    table["exact"] = np.frombuffer(b"".join(exact), "<u8")
    table["text"] = np.frombuffer(b"".join(text), "<u8")
    table["size"] = sizes
    table["has_near"] = [each is not None for each in near]
    table["near"] = np.frombuffer(
        b"".join(NOTHING_NEAR if each is None else each.data for each in near), np.uint8
    ).reshape(-1, LENGTH)
    table["weight"] = list(weights(paths, sizes, exact))
    return SoftwarePrint(rows=table, paths=tuple(paths), identities=tuple(sorted(identities)), signers=())


def _names(member: Member) -> Iterator[str]:
    """What the package calls itself in this member."""
    manifest, program = member.path.endswith(MANIFEST), member.data[:2] == b"MZ"
    # Programs and manifests deeper inside are parts that come from others, more often than not.
    if not (manifest or program) or member.path.count("!/") > 1:
        return
    if manifest and (name := application_of(member.data)):
        yield f"apk:{name}"
    if program and (name := product_of(member.data)):
        yield f"pe:{name}"


def _prefix(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:8]


def _text_prefix(data: bytes, exact: bytes) -> bytes:
    """The same for a text whatever its line ends and whether it has a byte order mark; else `exact`."""
    if not (b"\r" in data or data.startswith(BOM)) or data.find(b"\0", 0, BINARY_WITHIN) >= 0:
        return exact
    return _prefix(data.removeprefix(BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
