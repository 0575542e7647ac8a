"""Pairs that show what is a copy of a program and what is not, packed when asked for."""

import io
import lzma
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from matcher.worktypes import Content, Example

Files = Mapping[str, bytes]


@lru_cache(maxsize=1)
def examples() -> Sequence[Example]:
    """A made-up program registered, and copies and others asked for."""
    program = _program(1)
    library = {f"lib/{name}": data for name, data in _program(2).items()}
    renamed = {f"cracked/{name}": data for name, data in program.items()}
    edited = {name: data.replace(b"state", b"status") for name, data in program.items()}
    registered = _content("program.zip", _zip(program))
    queries: tuple[tuple[str, bytes, str], ...] = (
        ("same.zip", _zip(program), "copy"),
        ("repacked.tar.xz", lzma.compress(_tar(renamed | {"get-more-here.url": b"[InternetShortcut]\n" * 4})), "copy"),
        ("inside.zip", _zip({"readme.txt": b"unpack me", "program.zip": _zip(program)}), "copy"),
        ("next-version.zip", _zip(edited), "copy"),
        ("one-file.zip", _zip(dict(list(program.items())[:3]) | library), "partial"),
        ("other.zip", _zip(library), "no_match"),
        ("empty.zip", _zip({"LICENSE": b"Do as you like.\n" * 50}), "abstained"),
    )
    return tuple(
        Example(registered=registered, query=_content(name, data), verdict=verdict) for name, data, verdict in queries
    )


def _content(name: str, data: bytes) -> Content:
    return Content(data=data, name=name)


def _program(seed: int) -> Files:
    """Source files of made-up statements, the same for the same seed."""
    chance = np.random.default_rng(seed)
    words = ["".join(chr(97 + c) for c in chance.integers(0, 26, chance.integers(3, 9))) for _ in range(300)]
    words[7] = "state"

    def line() -> str:
        left, right, call = (words[i] for i in chance.integers(0, len(words), 3))
        return f"    {left} = {call}({right}, {int(chance.integers(0, 1000))})\n"

    return {f"src/{words[n]}.py": f"def {words[n]}():\n{''.join(line() for _ in range(90))}".encode() for n in range(9)}


def _zip(files: Files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def _tar(files: Files) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()
