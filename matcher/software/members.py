"""Members to rows: what is kept of each file in a package."""

import hashlib
from collections.abc import Iterable, Iterator

import numpy as np

from matcher.software.archives.walk import Member
from matcher.software.boilerplate import weights
from matcher.software.identity import application_of, product_of
from matcher.software.payload import ROW, SoftwarePrint
from matcher.software.tlsh import tlsh

BINARY_WITHIN = 8192
MANIFEST = "AndroidManifest.xml"
BOM = b"\xef\xbb\xbf"


def digest_members(members: Iterable[Member]) -> SoftwarePrint:
    """The print of a package. Contents that occur more than once are kept where they stand first."""
    seen: set[int] = set()
    identities: set[str] = set()
    rows, paths = [], []
    for member in members:
        exact = _prefix(member.data)
        if exact in seen:
            continue
        seen.add(exact)
        row = np.zeros((), ROW)
        row["exact"], row["text"], row["size"] = exact, _text_prefix(member.data, exact), len(member.data)
        if (near := tlsh(member.data)) is not None:
            row["has_near"], row["near"] = 1, near
        identities |= set(_names(member))
        rows.append(row)
        paths.append(member.path)
    table = np.array(rows, ROW) if rows else np.zeros(0, ROW)
    table["weight"] = list(weights(paths, [int(s) for s in table["size"]], [int(e) for e in table["exact"]]))
    return SoftwarePrint(rows=table, paths=tuple(paths), identities=tuple(sorted(identities)), signers=())


def _names(member: Member) -> Iterator[str]:
    """What the package calls itself in this member."""
    # Programs and manifests deeper inside are parts that come from others, more often than not.
    if member.path.count("!/") > 1:
        return
    if member.path.endswith(MANIFEST) and (name := application_of(member.data)):
        yield f"apk:{name}"
    if member.data[:2] == b"MZ" and (name := product_of(member.data)):
        yield f"pe:{name}"


def _prefix(data: bytes) -> int:
    return int.from_bytes(hashlib.sha256(data).digest()[:8], "little")


def _text_prefix(data: bytes, exact: int) -> int:
    """The same for a text whatever its line ends and whether it has a byte order mark; else `exact`."""
    if b"\0" in data[:BINARY_WITHIN] or not (b"\r" in data or data.startswith(BOM)):
        return exact
    return _prefix(data.removeprefix(BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
