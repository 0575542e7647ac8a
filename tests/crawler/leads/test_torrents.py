"""Torrent files: what they are called by, what they hold, and what is no torrent."""

import hashlib
from typing import Any

import pytest

from crawler.leads.torrent_links import is_torrent, links_of
from crawler.leads.torrents import read_torrent


def bencoded(value: Any) -> bytes:
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, str):
        return bencoded(value.encode())
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, list):
        return b"l" + b"".join(map(bencoded, value)) + b"e"
    pairs = sorted((key.encode() if isinstance(key, str) else key, inner) for key, inner in value.items())
    return b"d" + b"".join(bencoded(key) + bencoded(inner) for key, inner in pairs) + b"e"


ONE = {"name": "海边的灯.mkv", "length": 1_500_000_000, "piece length": 1 << 20, "pieces": b"\xff" * 40}
MANY = {
    "name": "合集",
    "files": [{"length": 5, "path": ["一", "1.mp4"]}, {"length": 7, "path": ["2.txt"]}],
    "pieces": b"",
}
SECOND = {"name": "v2", "meta version": 2, "file tree": {"a": {"b.mkv": {"": {"length": 9, "pieces root": b"x" * 32}}}}}
HYBRID = SECOND | {"pieces": b"\x01" * 20, "length": 9}


@pytest.mark.parametrize(
    ("info", "files", "versions"),
    [
        (ONE, [("海边的灯.mkv", 1_500_000_000)], (True, False)),
        (MANY, [("一/1.mp4", 5), ("2.txt", 7)], (True, False)),
        (MANY | {"name.utf-8": "合集二"}, [("一/1.mp4", 5), ("2.txt", 7)], (True, False)),
        (SECOND, [("a/b.mkv", 9)], (False, True)),
        (HYBRID, [("v2", 9)], (True, True)),
        (ONE | {"name": "海边的灯".encode("gb18030")}, [("海边的灯", 1_500_000_000)], (True, False)),
    ],
)
def test_a_torrent_is_named_by_the_hashes_of_its_info(
    info: dict[str, Any], files: list[tuple[str, int]], versions: tuple[bool, bool]
) -> None:
    torrent = read_torrent(bencoded({"announce": "http://t.example/a", "info": info}))
    assert torrent is not None
    raw = bencoded(info)
    first = hashlib.sha1(raw, usedforsecurity=False).hexdigest()
    second = hashlib.sha256(raw).hexdigest()
    assert (torrent.v1, torrent.v2) == (first if versions[0] else "", second if versions[1] else "")
    assert [(file.path, file.size) for file in torrent.files] == files
    assert all(each in torrent.magnet for each in (torrent.v1, torrent.v2))


def test_it_is_a_lead_by_its_names_and_sizes() -> None:
    data = bencoded({"info": MANY})
    assert is_torrent(data)
    (lead,) = links_of(data)
    assert lead.names == ("合集", "2.txt", "一/1.mp4")
    assert lead.detail == "合集 (2 files, 12 B)"
    assert lead.target == f"magnet:?xt=urn:btih:{hashlib.sha1(bencoded(MANY), usedforsecurity=False).hexdigest()}"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"d4:info",
        b"d4:infoi5ee",
        b"d4:info" + b"l" * 10_000,
        b"d4:infod4:name99999999999999999999:xee",
        b"d4:infod4:name-1:xee",
        b"d4:infod6:lengthi--5eee",
        bencoded({"info": {"name": "x"}}),
        bencoded({"info": {"name": "x", "files": "none"}}),
        bencoded({"info": {"name": "x", "files": [{"length": "5", "path": ["a"]}]}}),
        b"d4:info" + b"le" * 300_000 + b"e",
        b"<html>d4:info</html>",
    ],
)
def test_what_is_no_torrent_is_no_lead(data: bytes) -> None:
    assert links_of(data) == ()
