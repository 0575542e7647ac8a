"""How pirates repack software: files by path in, a package out. The same chance gives the same package."""

import random
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from tests.matcher.software.packing import Files, program, seven, tarred, zipped

Alteration = Callable[[Files, random.Random], bytes]
DOCUMENTS = {".md", ".rst", ".txt", ".html", ".1", ".gz"}
ADVERTS = {
    "更多资源请访问.url": b"[InternetShortcut]\r\nURL=http://downloads.example/?from=zip\r\n" * 3,
    "免责声明.txt": "本资源来自网络，仅供学习交流。\r\n".encode() * 40,
    "get-more/index.html": b"<html><body>" + b"<a href='http://downloads.example'>Free downloads</a>\n" * 60,
    "get-more/banner.png": b"\x89PNG\r\n\x1a\n" + random.Random(9).randbytes(12_000),
}


def renamed(files: Files, _: random.Random) -> Files:
    """Every folder under another name, the whole in a new one."""
    return {"绿色版/" + "/".join(p[::-1] for p in PurePosixPath(n).parent.parts) + "/" + PurePosixPath(n).name: d
            for n, d in files.items()}  # fmt: skip


def without_documents(files: Files, _: random.Random) -> Files:
    return {name: data for name, data in files.items() if PurePosixPath(name).suffix not in DOCUMENTS}


def with_adverts(files: Files, _: random.Random) -> Files:
    return {**files, **ADVERTS}


def subset(files: Files, chance: random.Random) -> Files:
    kept = chance.sample(sorted(files), max(1, round(0.6 * len(files))))
    return {name: files[name] for name in files if name in kept}


def patched(files: Files, chance: random.Random) -> Files:
    """Eight bytes overwritten in every tenth file, as a crack does."""
    out = dict(files)
    for name in chance.sample(sorted(files), max(1, len(files) // 10)):
        data = bytearray(out[name])
        at = chance.randrange(max(1, len(data) - 8))
        data[at : at + 8] = b"CRACKED!"
        out[name] = bytes(data)
    return out


def other_line_ends(files: Files, _: random.Random) -> Files:
    return {n: d if b"\0" in d else d.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for n, d in files.items()}


ALTERATIONS: Mapping[str, Alteration] = {
    "zip": lambda files, _: zipped(files),
    "zip stored": lambda files, _: zipped(files, 0),
    "tar.gz": lambda files, _: tarred(files, "w:gz"),
    "tar.xz": lambda files, _: tarred(files, "w:xz"),
    "7z": lambda files, _: seven(files),
    "self-extracting": lambda files, _: program(b"\x90" * 4000, zipped(files)),
    "folders renamed": lambda files, chance: zipped(renamed(files, chance)),
    "documents left out": lambda files, chance: zipped(without_documents(files, chance)),
    "adverts added": lambda files, chance: zipped(with_adverts(files, chance)),
    "nested": lambda files, chance: zipped(with_adverts({"setup.tar.gz": tarred(files, "w:gz")}, chance)),
    "line ends": lambda files, chance: zipped(other_line_ends(files, chance)),
    "60 % of files": lambda files, chance: zipped(subset(files, chance)),
    "patched, adverts": lambda files, chance: tarred(with_adverts(patched(files, chance), chance), "w:xz"),
    "all together": lambda files, chance: tarred(
        with_adverts({"in.zip": zipped(renamed(patched(without_documents(files, chance), chance), chance))}, chance),
        "w:gz",
    ),
}
