"""Torrent files: the info hashes by which they are shared, and what they hold (BEP 3, BEP 47, BEP 52).

The info hash is that of the bytes of the info dictionary as they stand, so the reader keeps where each value lies.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MOST_DEPTH = 32
MOST_VALUES = 200_000
MOST_FILES = 5_000
LONGEST_NUMBER = 20


class BencodeError(ValueError):
    """The bytes are no bencoded value within the bounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TorrentFile:
    """One file that a torrent shares: its path, and its length in bytes."""

    path: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Torrent:
    """What a torrent file says. `v1` is the SHA-1, `v2` the SHA-256 in hexadecimal; empty for a version it is not."""

    name: str
    v1: str
    v2: str
    files: tuple[TorrentFile, ...]

    @property
    def magnet(self) -> str:
        """The magnet link of the same content."""
        hashes = [f"xt=urn:btih:{self.v1}"] if self.v1 else []
        return "magnet:?" + "&".join([*hashes, f"xt=urn:btmh:1220{self.v2}"] if self.v2 else hashes)

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)


def read_torrent(data: bytes) -> Torrent | None:
    """A torrent file; None for anything else."""
    try:
        reader = _Reader(data)
        told = reader.value(0)
    except BencodeError:
        return None
    info, where = (told.get(b"info"), reader.info) if isinstance(told, dict) else (None, None)
    if not isinstance(info, dict) or where is None:
        return None
    second = info.get(b"meta version") == 2
    first = not second or b"pieces" in info
    raw = data[where[0] : where[1]]
    name = _text(info.get(b"name.utf-8", info.get(b"name", b"")))
    files = tuple(_files(info, name))
    if not files:
        return None
    return Torrent(
        name=name,
        v1=hashlib.sha1(raw, usedforsecurity=False).hexdigest() if first else "",
        v2=hashlib.sha256(raw).hexdigest() if second else "",
        files=files,
    )


class _Reader:
    """Bencoded values. `info` is where the info dictionary of the outermost one lies."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._left = MOST_VALUES
        self.info: tuple[int, int] | None = None

    def value(self, depth: int) -> Any:
        self._left -= 1
        if depth > MOST_DEPTH or self._left < 0:
            raise BencodeError("too deep or too many values")
        mark = self._data[self._at : self._at + 1]
        if mark == b"i":
            return self._number(self._at + 1, b"e")
        if mark.isdigit():
            return self._bytes()
        if mark not in {b"l", b"d"}:
            raise BencodeError("no value")
        self._at += 1
        return self._dictionary(depth) if mark == b"d" else list(self._items(depth))

    def _dictionary(self, depth: int) -> dict[bytes, Any]:
        found: dict[bytes, Any] = {}
        while not self._over():
            key = self._bytes()
            start = self._at
            found[key] = self.value(depth + 1)
            if depth == 0 and key == b"info":
                self.info = (start, self._at)
        return found

    def _items(self, depth: int) -> Iterator[Any]:
        while not self._over():
            yield self.value(depth + 1)

    def _over(self) -> bool:
        if self._data[self._at : self._at + 1] != b"e":
            return False
        self._at += 1
        return True

    def _bytes(self) -> bytes:
        length = self._number(self._at, b":")
        end = self._at + length
        if length < 0 or end > len(self._data):
            raise BencodeError("a string breaks off")
        found = self._data[self._at : end]
        self._at = end
        return found

    def _number(self, start: int, mark: bytes) -> int:
        end = self._data.find(mark, start, start + LONGEST_NUMBER)
        digits = self._data[start:end] if end >= 0 else b""
        if not digits.removeprefix(b"-").isdigit():
            raise BencodeError("no number")
        self._at = end + 1
        return int(digits)


def _files(info: dict[bytes, Any], name: str) -> Iterator[TorrentFile]:
    listed = info.get(b"files")
    if isinstance(info.get(b"length"), int):
        yield TorrentFile(path=name, size=max(0, info[b"length"]))
    elif isinstance(listed, list):
        for each in listed[:MOST_FILES]:
            if isinstance(each, dict) and isinstance(each.get(b"length"), int):
                parts = each.get(b"path.utf-8", each.get(b"path", []))
                path = "/".join(map(_text, parts)) if isinstance(parts, list) else ""
                yield TorrentFile(path=path[:500], size=max(0, each[b"length"]))
    elif isinstance(info.get(b"file tree"), dict):
        yield from _tree(info[b"file tree"])


def _tree(tree: dict[bytes, Any]) -> Iterator[TorrentFile]:
    """The files of a tree (BEP 52): a file is a name whose only entry has an empty name."""
    waiting, given = [(tree, "")], 0
    while waiting and given < MOST_FILES:
        level, above = waiting.pop()
        for name, inner in level.items():
            if not isinstance(inner, dict):
                continue
            path = f"{above}/{_text(name)}".lstrip("/")[:500]
            length = inner[b""].get(b"length") if isinstance(inner.get(b""), dict) else None
            if isinstance(length, int):
                given += 1
                yield TorrentFile(path=path, size=max(0, length))
            elif b"" not in inner:
                waiting.append((inner, path))


def _text(value: Any) -> str:
    if not isinstance(value, bytes):
        return ""
    try:
        return value[:1000].decode("utf-8")
    except UnicodeDecodeError:
        return value[:1000].decode("gb18030", errors="replace")
