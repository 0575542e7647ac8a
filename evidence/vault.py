"""Write-once files named by their SHA-256, and the log of who stored them.

A vault folder holds `objects/ab/<sha256>` (read-only files) and `custody.jsonl`. A file is written to `incoming/`, then
logged, then moved into place, all under one lock; what a crash leaves in `incoming/` is moved on if it was logged and
dropped if it was not, since its `put` never returned.
"""

import fcntl
import os
from collections.abc import Iterator
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


class Vault(Protocol):
    """Keeps bytes for ever under their digest."""

    def put(self, data: bytes, *, at: datetime, by: str) -> Digest:
        """Keep `data`; safe to repeat. Once it returns, a crash can no longer lose them."""
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
        digest = digest_of(data)
        if self.has(digest):
            return digest
        with self._locked_log() as log:
            if not self.has(digest):
                incoming = self.root / INCOMING / digest
                _write(incoming, data)
                custody.append(log, at=at, action=CustodyAction.STORED, digest=digest, size=len(data), by=by)
                self._move_in(incoming)
        return digest

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
                _sync_folder(self.root)
            fcntl.flock(log, fcntl.LOCK_EX)
            logged = custody.settle(log).object
            for leftover in (self.root / INCOMING).iterdir():
                if leftover.name == logged:
                    self._move_in(leftover)
                else:
                    leftover.unlink()
            yield log

    def _move_in(self, incoming: Path) -> None:
        path = self.path_of(Digest(incoming.name))
        _make_folder(path.parent)
        incoming.rename(path)
        # While the log's last line names this file, a crash that undoes the renaming is mended by the next writer.
        _sync_folder(path.parent)


def object_path(root: Path, digest: Digest) -> Path:
    """Where a vault at `root` keeps the file of that digest."""
    return root / OBJECTS / digest[:2] / digest


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fchmod(file.fileno(), 0o444)
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _make_folder(path: Path) -> None:
    """Make a folder and those above it, so that a crash cannot take back their names."""
    if not path.is_dir():
        _make_folder(path.parent)
        path.mkdir(exist_ok=True)
        _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
