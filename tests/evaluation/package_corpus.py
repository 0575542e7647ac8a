"""Real packages to measure software on: registered ones and their next versions, and innocent ones.

The registered ones are fetched by the ordinary clients, pip and apt-get, and must have the digest in packages.toml.
The innocent ones are whatever else is installed here, packed anew.
"""

import hashlib
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from tests.matcher.software.packing import Files, zipped

LIST = Path(__file__).with_name("packages.toml")
PIP = (
    *("download", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"),
    *("--python-version=3.11", "--implementation=cp", "--abi=cp311"),
    *("--platform=manylinux2014_x86_64", "--platform=manylinux_2_17_x86_64"),
)
LARGEST = 20_000_000
"""Bytes of files of an innocent package; what is larger is left out."""
DEBIAN_LISTS = Path("/var/lib/dpkg/info")
VENDORED = {name: {"requests", "rich", "pygments"} for name in ("pip", "python3-pip.deb", "python3-pip-whl.deb")}
"""Packages that hold registered ones whole: to find these in them is right."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A package as fetched by `client`; `group` says what it is to the measurement."""

    name: str
    version: str
    sha256: str
    client: str
    group: str


@dataclass(frozen=True, slots=True)
class PackageCorpus:
    """Packages by name."""

    registered: Mapping[str, bytes]
    following: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of all."""
        total = hashlib.sha256()
        for group in (self.registered, self.following):
            for name, data in sorted(group.items()):
                total.update(f"{name} {hashlib.sha256(data).hexdigest()}\n".encode())
        return total.hexdigest()


def fetch_corpus(folder: Path, say: Say) -> PackageCorpus:
    """The packages of the list, kept in `folder`; one that cannot be had is named and left out."""
    folder.mkdir(parents=True, exist_ok=True)
    groups: dict[str, dict[str, bytes]] = {"registered": {}, "following": {}}
    for wanted in _list():
        data = _kept(folder, wanted) or _fetched(folder, wanted, say)
        if data is not None:
            groups[wanted.group][wanted.name] = data
    return PackageCorpus(**groups)


def _list() -> Iterator[Wanted]:
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))
    for wheel in listed["wheels"]:
        for group in ("registered", "following"):
            yield Wanted(name=wheel["name"], client="pip", group=group, **wheel[group])
    for deb in listed["debs"]:
        yield Wanted(client="apt-get", group="registered", **deb)


def _kept(folder: Path, wanted: Wanted) -> bytes | None:
    path = folder / wanted.sha256
    return path.read_bytes() if path.is_file() else None


def _fetched(folder: Path, wanted: Wanted, say: Say) -> bytes | None:
    made = folder / "fetching"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    try:
        _run(made, wanted)
        data = next(path for path in made.iterdir() if path.suffix in {".whl", ".deb"}).read_bytes()
    except (OSError, subprocess.CalledProcessError, StopIteration) as error:
        say(f"software: {wanted.name} {wanted.version} left out: {type(error).__name__}")
        return None
    finally:
        shutil.rmtree(made, ignore_errors=True)
    if hashlib.sha256(data).hexdigest() != wanted.sha256:
        say(f"software: {wanted.name} {wanted.version} left out: it is not the one that was measured")
        return None
    (folder / wanted.sha256).write_bytes(data)
    return data


def _run(folder: Path, wanted: Wanted) -> None:
    if wanted.client == "apt-get":
        command = ["apt-get", "download", f"{wanted.name}={wanted.version}"]
    else:
        required = folder / "required.txt"
        required.write_text(f"{wanted.name}=={wanted.version} --hash=sha256:{wanted.sha256}\n")
        # The environment that `make setup` makes may lack pip.
        command = [shutil.which("pip3") or "pip", *PIP, "--requirement", str(required)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def innocents(registered: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Name and ZIP file of every other package that is installed here and not too large."""
    known = {name.lower() for name in registered}
    for each in distributions():
        name = each.metadata["Name"].lower()
        if name not in known and (files := _within_bounds(_of_distribution(each))):
            yield name, zipped(files)
    for path in sorted(DEBIAN_LISTS.glob("*.list")):
        name = path.stem.partition(":")[0]
        if name.removeprefix("python3-") not in known and (files := _within_bounds(_of_debian(path))):
            yield f"{name}.deb", zipped(files)


def _of_distribution(distribution: Distribution) -> Iterator[tuple[str, Path]]:
    return ((str(file), Path(str(file.locate()))) for file in distribution.files or () if file.suffix != ".pyc")


def _of_debian(listed: Path) -> Iterator[tuple[str, Path]]:
    return ((line.removeprefix("/"), Path(line)) for line in listed.read_text(encoding="utf-8").splitlines())


def _within_bounds(paths: Iterator[tuple[str, Path]]) -> Files:
    """The regular files, none when they are too large together."""
    files, size = {}, 0
    for name, path in paths:
        if path.is_file() and not path.is_symlink():
            size += path.stat().st_size
            if size > LARGEST:
                return {}
            files[name] = path.read_bytes()
    return files
