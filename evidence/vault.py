"""Write-once files named by their SHA-256, and the log of who stored them.

A vault folder holds `objects/ab/<sha256>` (read-only files) and `custody.jsonl`. Files are written to `incoming/`, then
logged, then moved into place, up to GROUP of them together under one lock, so that they share the waits for the disk.
What a crash leaves in `incoming/` is moved on if it was logged, and else dropped, since its `put` never returned.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from domain.errors import IntegrityError, NotFoundError
from domain.evidence import CustodyAction
from domain.ids import Digest, digest_of
from evidence import custody

LOG = "custody.jsonl"
OBJECTS = "objects"
INCOMING = "incoming"
GROUP = 64
"""Files that are logged together, at most; a crash leaves no more than these to be moved on."""
SYNCING = 8
"""Threads that wait for the disk at once: file systems write what is waited for together in one go."""


class Vault(Protocol):
    """Keeps bytes for ever under their digest."""

    def put(self, data: bytes, *, at: datetime, by: str) -> Digest:
        """Keep `data`; safe to repeat. Once it returns, a crash can no longer lose them."""
        ...

    def put_all(self, files: Sequence[bytes], *, at: datetime, by: str) -> list[Digest]:
        """The same for several files: none of them can be lost once it returns, any of them before."""
        ...

    def read(self, digest: Digest) -> bytes:
        """The bytes of that digest. Raises `NotFoundError`, or `IntegrityError` when they were changed."""
        ...

    def has(self, digest: Digest) -> bool:
        """Whether bytes of that digest are kept."""
        ...


class FolderVault:
    """A vault in a folder; several processes may write to it at once."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path_of(self, digest: Digest) -> Path:
        """Where the file of that digest is, or would be."""
        return object_path(self.root, digest)

    def has(self, digest: Digest) -> bool:
        return self.path_of(digest).is_file()

    def put(self, data: bytes, *, at: datetime, by: str) -> Digest:
        return self.put_all([data], at=at, by=by)[0]

    def put_all(self, files: Sequence[bytes], *, at: datetime, by: str) -> list[Digest]:
        digests = [digest_of(data) for data in files]
        waiting = {digest: data for digest, data in zip(digests, files, strict=True) if not self.has(digest)}
        names = list(waiting)
        for start in range(0, len(names), GROUP):
            with self._locked_log() as log:
                group = {name: waiting[name] for name in names[start : start + GROUP] if not self.has(name)}
                if group:
                    self._store(log, group, at=at, by=by)
        return digests

    def _store(self, log: BinaryIO, group: Mapping[Digest, bytes], *, at: datetime, by: str) -> None:
        incoming = {self.root / INCOMING / digest: data for digest, data in group.items()}
        for path, data in incoming.items():
            _write(path, data)
        _sync_all(incoming)
        _sync(self.root / INCOMING)
        sizes = {digest: len(data) for digest, data in group.items()}
        custody.append(log, sizes, at=at, action=CustodyAction.STORED, by=by)
        self._move_in(incoming)

    def read(self, digest: Digest) -> bytes:
        path = self.path_of(digest)
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise NotFoundError(f"The vault has no file {path}.", "Restore it from a backup.") from error
        if digest_of(data) != digest:
            raise IntegrityError(f"The file {path} was changed.", "Restore it from a backup.")
        return data

    def listing(self) -> Iterator[tuple[Digest, int]]:
        """Every file that is kept, by digest in ascending order, with its bytes."""
        for folder in sorted((self.root / OBJECTS).glob("??")):
            for file in sorted(folder.iterdir()):
                yield Digest(file.name), file.stat().st_size

    def settle(self) -> None:
        """Finish what a crash interrupted."""
        with self._locked_log():
            pass

    @contextmanager
    def _locked_log(self) -> Iterator[BinaryIO]:
        _make_folder(self.root / INCOMING)
        is_new = not (self.root / LOG).exists()
        with (self.root / LOG).open("a+b") as log:
            if is_new:
                _sync(self.root)
            fcntl.flock(log, fcntl.LOCK_EX)
            custody.settle(log)
            if leftovers := list((self.root / INCOMING).iterdir()):
                logged = custody.recent(log, GROUP)
                for leftover in leftovers:
                    if leftover.name not in logged:
                        leftover.unlink()
                self._move_in(leftover for leftover in leftovers if leftover.name in logged)
            yield log

    def _move_in(self, incoming: Iterable[Path]) -> None:
        folders = set()
        for file in incoming:
            path = self.path_of(Digest(file.name))
            _make_folder(path.parent)
            file.rename(path)
            folders.add(path.parent)
        # While the log's last lines name these files, a crash that undoes a renaming is mended by the next writer.
        _sync_all(folders)


def object_path(root: Path, digest: Digest) -> Path:
    """Where a vault at `root` keeps the file of that digest."""
    return root / OBJECTS / digest[:2] / digest


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        os.fchmod(file.fileno(), 0o444)


def _sync_all(paths: Iterable[Path]) -> None:
    given = list(paths)
    if len(given) > 1:
        with ThreadPoolExecutor(SYNCING) as pool:
            list(pool.map(_sync, given))
    elif given:
        _sync(given[0])


def _make_folder(path: Path) -> None:
    """Make a folder and those above it, so that a crash cannot take back their names."""
    if not path.is_dir():
        _make_folder(path.parent)
        path.mkdir(exist_ok=True)
        _sync(path.parent)


def _sync(path: Path) -> None:
    """Have the disk keep what a file or a folder holds now."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
