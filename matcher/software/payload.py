"""The form of a software fingerprint: a head, one row a member, then paths and identities as JSON. Little-endian."""

import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.fingerprints import Fingerprint
from matcher.software.tlsh import LENGTH

KIND = "software"
VERSION = 1
PARTS = ("paths", "identities", "signers")

ROW = np.dtype(
    [
        ("exact", "<u8"),
        ("text", "<u8"),
        ("size", "<u8"),
        ("weight", "<f4"),
        ("has_near", "u1"),
        ("near", "u1", LENGTH),
    ]
)


@dataclass(frozen=True, slots=True)
class SoftwarePrint:
    """What identifies a package: its members, each distinct content once, in the order in which they stand."""

    rows: NDArray[np.void]
    """Of type ROW. `exact` begins the SHA-256 of the bytes, `text` that of the lines; `weight` is 0 for boilerplate."""
    paths: tuple[str, ...]
    identities: tuple[str, ...]
    """Names that a package gives itself, such as "apk:com.example.app"."""
    signers: tuple[str, ...]
    """SHA-256 of the certificates that signed it."""

    def __len__(self) -> int:
        return len(self.paths)


def pack(package: SoftwarePrint) -> Fingerprint:
    """The fingerprint of a package."""
    head = len(package).to_bytes(8, "little")
    return Fingerprint(kind=KIND, version=VERSION, payload=head + package.rows.tobytes() + names_of(package))


def unpack(fingerprint: Fingerprint) -> SoftwarePrint:
    """The package a fingerprint identifies. Raises ValueError when it is of another kind or version, or damaged."""
    if (fingerprint.kind, fingerprint.version) != (KIND, VERSION):
        msg = f"{fingerprint.kind}@{fingerprint.version} is not {KIND}@{VERSION}"
        raise ValueError(msg)
    count = int.from_bytes(fingerprint.payload[:8], "little")
    if 8 + count * ROW.itemsize > len(fingerprint.payload):
        msg = f"a package of {count} members in {len(fingerprint.payload)} bytes"
        raise ValueError(msg)
    rows = np.frombuffer(fingerprint.payload, ROW, count=count, offset=8)
    return with_names(rows, fingerprint.payload[8 + count * ROW.itemsize :])


def names_of(package: SoftwarePrint) -> bytes:
    """All of a package but its rows."""
    names = {"paths": package.paths, "identities": package.identities, "signers": package.signers}
    return json.dumps(names).encode()


def with_names(rows: NDArray[np.void], names: bytes) -> SoftwarePrint:
    """The package of these rows and what `names_of` made of the rest."""
    read = json.loads(names)
    if not isinstance(read, dict) or any(not isinstance(read.get(part), list) for part in PARTS):
        msg = "a package without its names"
        raise ValueError(msg)
    return SoftwarePrint(
        rows=rows,
        paths=tuple(read["paths"]),
        identities=tuple(read["identities"]),
        signers=tuple(read["signers"]),
    )
