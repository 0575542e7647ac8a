"""Software made of seeds, packed in the ways pirates pack it."""

import gzip
import random
import zipfile
from collections.abc import Callable, Mapping

from tests.matcher.software.packing import Files, program, seven, tarred, zipped
from tests.support.software_alterations import patched, renamed, with_adverts

MEMBERS = 10
LICENCE = (
    b"Permission is given to anyone who obtains this program to use, change and pass it on, free of charge,\n"
    b"as long as this notice stays with it. It comes without any warranty.\n"
)


def files_of(seed: int) -> Files:
    """The files of a program: code, data and a few texts."""
    chance = random.Random(seed)
    files = {f"app/lib/module{n}.bin": chance.randbytes(chance.randrange(2_000, 8_000)) for n in range(MEMBERS)}
    words = [f"{chance.choice('abcdefgh')}{chance.randrange(16**5):05x}" for _ in range(400)]
    files["app/strings.txt"] = "\n".join(" ".join(words[n : n + 5]) for n in range(0, 400, 5)).encode()
    return files


def open_source(seed: int) -> bytes:
    """A program that anyone may pass on."""
    return _tar_gz(files_of(seed) | {"LICENSE": LICENCE})


def registered(seed: int) -> bytes:
    return zipped(files_of(seed))


def _apk(files: Files, chance: random.Random) -> bytes:
    """An Android package: a zip with its own files beside those of the program."""
    own = {"AndroidManifest.xml": chance.randbytes(600), "META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\r\n"}
    return zipped(own | {f"assets/{name}": data for name, data in files.items()})


def _tar_gz(files: Files) -> bytes:
    """The same at any time, unlike what `tarfile` writes."""
    return gzip.compress(tarred(files), mtime=0)


PACKED: Mapping[str, Callable[[Files, random.Random], bytes]] = {
    ".apk": _apk,
    ".exe": lambda files, _: program(b"\x90" * 4_000, zipped(files)),
    ".zip": lambda files, chance: zipped(with_adverts(renamed(files, chance), chance)),
    ".tar.gz": lambda files, chance: _tar_gz(patched(files, chance)),
    ".7z": lambda files, _: seven(files),
    ".stored.zip": lambda files, _: zipped(files, zipfile.ZIP_STORED),
}
MEDIA_TYPES = {
    ".apk": "application/vnd.android.package-archive",
    ".exe": "application/x-msdownload",
    ".zip": "application/zip",
    ".tar.gz": "application/gzip",
    ".7z": "application/x-7z-compressed",
    ".stored.zip": "application/octet-stream",
}


def packed(seed: int, ending: str) -> bytes:
    """A pirate's package of the program of a seed."""
    return PACKED[ending](files_of(seed), random.Random(seed))
