"""Columns of numbers in a folder that appears whole, is never changed, and says what its files must be."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.errors import IntegrityError
from domain.ids import Digest, digest_of

FORMAT = 2
HEADER = "header.json"
MEND = "Run `piracy-monitor index build`, which makes again what is damaged."

Columns = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredColumns:
    """Columns as they lie on disk, mapped into memory."""

    columns: Columns
    facts: Mapping[str, Any]


def write_columns(folder: Path, columns: Columns, facts: Mapping[str, Any]) -> Digest:
    """Write columns as `folder`, which must not be there yet; returns the digest of its header.

    When this returns, the folder survives a loss of power.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        sums = {}
        for name, column in columns.items():
            file = made / f"{name}.npy"
            np.save(file, np.ascontiguousarray(column))
            sync(file)
            sums[name] = _checksum(file)
        header = json.dumps({"format": FORMAT, "columns": sums, "facts": dict(facts)}, sort_keys=True).encode()
        (made / HEADER).write_bytes(header)
        sync(made / HEADER)
        sync(made)
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    sync(folder.parent)
    return digest_of(header)


def read_columns(folder: Path, digest: Digest, *, verify: bool) -> StoredColumns:
    """Map what `write_columns` wrote. Raises `IntegrityError` when the header is not the one with that digest.

    With `verify` every byte is compared with its checksum; without, only that each column is there and as long.
    """
    try:
        raw = (folder / HEADER).read_bytes()
        if digest_of(raw) != digest:
            raise IntegrityError(f"The header of {folder} was changed.", MEND)
        header = json.loads(raw)
        if header["format"] != FORMAT:
            raise IntegrityError(f"{folder} has format {header['format']}, not {FORMAT}.", MEND)
        columns = {}
        for name, checksum in header["columns"].items():
            file = folder / f"{name}.npy"
            if verify and _checksum(file) != checksum:
                raise IntegrityError(f"{name} of {folder} was changed.", MEND)
            # A plain array over the mapped bytes: the subclass would be slow to slice.
            columns[name] = np.load(file, mmap_mode="r", allow_pickle=False).view(np.ndarray)
    except (OSError, ValueError, KeyError) as error:
        raise IntegrityError(f"{folder} cannot be read ({error}).", MEND) from error
    return StoredColumns(columns=columns, facts=header["facts"])


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder of columns."""
    return sum(file.stat().st_size for file in folder.iterdir())


def sync(path: Path) -> None:
    """Have the disk keep what was written to a file, or which names a folder holds."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
