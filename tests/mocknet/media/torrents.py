"""Torrent files (BEP 3, BEP 52) and magnet links, with the hashes they are known by."""

import hashlib
import random
from dataclasses import dataclass
from urllib.parse import quote

PIECE = 16_384
Value = int | bytes | list["Value"] | dict[bytes, "Value"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Torrent:
    """A torrent file and its info-hashes in hexadecimal; `v2` is empty for one of version 1."""

    data: bytes
    v1: str
    v2: str
    name: str


def bencoded(value: Value) -> bytes:
    """The one spelling of a value: keys in order of their bytes."""
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, list):
        return b"l" + b"".join(map(bencoded, value)) + b"e"
    return b"d" + b"".join(bencoded(key) + bencoded(value[key]) for key in sorted(value)) + b"e"


def torrent(name: str, files: dict[str, int], *, hybrid: bool, tracker: str) -> Torrent:
    """A torrent of files by size; what is in them is made up from the name."""
    contents = {path: random.Random(f"{name}/{path}").randbytes(size) for path, size in files.items()}
    info: dict[bytes, Value] = {b"name": name.encode(), b"piece length": PIECE}
    whole = b"".join(contents.values())
    info[b"pieces"] = b"".join(hashlib.sha1(p).digest() for p in _blocks(whole))  # noqa: S324 - BEP 3 has it so
    info[b"files"] = [{b"length": len(data), b"path": [path.encode()]} for path, data in contents.items()]
    layers: dict[bytes, Value] = {}
    if hybrid:
        info[b"meta version"] = 2
        tree: dict[bytes, Value] = {}
        for path, data in contents.items():
            root, layer = _merkle(data)
            tree[path.encode()] = {b"": {b"length": len(data), b"pieces root": root}}
            if len(data) > PIECE:
                layers[root] = b"".join(layer)
        info[b"file tree"] = tree
    told: dict[bytes, Value] = {b"announce": tracker.encode(), b"info": info}
    if hybrid:
        told[b"piece layers"] = layers
    spelt = bencoded(info)
    return Torrent(
        data=bencoded(told),
        v1=hashlib.sha1(spelt).hexdigest(),  # noqa: S324 - BEP 3 has it so
        v2=hashlib.sha256(spelt).hexdigest() if hybrid else "",
        name=name,
    )


def magnet(made: Torrent, *, tracker: str) -> str:
    """A magnet link (BEP 9) by every hash that the torrent has."""
    topics = [f"xt=urn:btih:{made.v1}", *([f"xt=urn:btmh:1220{made.v2}"] if made.v2 else [])]
    return f"magnet:?{'&'.join(topics)}&dn={quote(made.name)}&tr={quote(tracker, safe='')}"


def _merkle(data: bytes) -> tuple[bytes, list[bytes]]:
    """The root over the SHA-256 of blocks, filled up with zeros to a power of two, and the blocks' hashes."""
    layer = [hashlib.sha256(block).digest() for block in _blocks(data)]
    level = layer + [bytes(32)] * ((1 << (len(layer) - 1).bit_length()) - len(layer))
    while len(level) > 1:
        level = [hashlib.sha256(level[n] + level[n + 1]).digest() for n in range(0, len(level), 2)]
    return level[0], layer


def _blocks(data: bytes) -> list[bytes]:
    return [data[n : n + PIECE] for n in range(0, len(data), PIECE)]
