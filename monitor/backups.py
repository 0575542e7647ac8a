"""Backups: the records as files, a list of what the vaults hold, and the settings.

The files of the vaults are not copied again: they never change, so any tool that copies what is new keeps a second set
of them. A backup says which those are, and can tell whether they are all there. Search and the index of works are made
anew from the records.
"""

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from domain.errors import StoreError, UsageError
from domain.ids import Digest
from evidence.vault import FolderVault
from monitor.wiring import Platform
from store import backup as records
from store.schema import revision

FORMAT = 1
MANIFEST, SETTINGS = "backup.json", "settings.toml"
RECORDS, VAULTS = "records", "vaults"
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What one backup holds. `digest` is the SHA-256 of its manifest, which names those of all its other files."""

    folder: Path
    made_at: datetime
    program: str
    schema: str
    rows: Mapping[str, int]
    vault_files: Mapping[str, int]
    digest: Digest


def create(platform: Platform, folder: Path, settings_file: Path | None) -> Backup:
    """Write a backup into the new folder `folder`, which appears when it is complete.

    Raises `UsageError` when the folder exists.
    """
    if folder.exists():
        raise UsageError(f"{folder} exists already.", "Name a folder that does not; each backup has its own.")
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    (part / RECORDS).mkdir(parents=True)
    (part / VAULTS).mkdir()
    part.chmod(0o700)
    rows = records.dump(platform.database, part / RECORDS)
    # Files are in the vault before a record names them, so a list made after the records has all that they name.
    vault_files = {name: _list(vault, _listing(part, name)) for name, vault in _vaults(platform).items()}
    if settings_file is not None:
        shutil.copyfile(settings_file, part / SETTINGS)
    manifest = {
        "format": FORMAT,
        "made_at": platform.clock().isoformat(),
        "program": version("piracy-monitor"),
        "schema": revision(platform.database),
        "rows": rows,
        "vault_files": vault_files,
        "files": {str(file.relative_to(part)): _digest_of(file) for file in _files(part)},
    }
    (part / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
    part.rename(folder)
    return opened(folder)


def opened(folder: Path) -> Backup:
    """The backup in `folder`. Raises `UsageError` when there is none that this program can read."""
    said = _manifest(folder)
    return Backup(
        folder=folder,
        made_at=datetime.fromisoformat(said["made_at"]),
        program=said["program"],
        schema=said["schema"],
        rows=said["rows"],
        vault_files=said["vault_files"],
        digest=_digest_of(folder / MANIFEST),
    )


def problems_of(platform: Platform, folder: Path) -> Iterator[str]:
    """What is wrong with a backup, or missing from the vaults that belong to it; nothing when all is well."""
    named: Mapping[str, str] = _manifest(folder)["files"]
    for name, digest in named.items():
        file = folder / name
        if not file.is_file():
            yield f"{file} is missing."
        elif _digest_of(file) != digest:
            yield f"{file} was changed since the backup was made."
    present = {str(file.relative_to(folder)) for file in _files(folder)} - {MANIFEST}
    yield from (f"{folder / name} does not belong to the backup." for name in sorted(present - named.keys()))
    for name, vault in _vaults(platform).items():
        yield from _missing(vault, _listing(folder, name))


def restore(platform: Platform, folder: Path) -> Backup:
    """Fill the empty records database from a backup, all of it or nothing.

    Raises `UsageError` when the backup was made by another schema, `StoreError` when it is damaged or the database is
    not empty.
    """
    made = opened(folder)
    if made.schema != (own := revision(platform.database)):
        raise UsageError(
            f"The backup has schema {made.schema}, and this program {own}.",
            f"Restore it with version {made.program}; a newer version brings the database up when it first opens it.",
        )
    for name, digest in _manifest(folder)["files"].items():
        if not (folder / name).is_file() or _digest_of(folder / name) != digest:
            raise StoreError(f"{folder / name} is not what was backed up.", "See `backup verify`; use another backup.")
    records.load(platform.database, folder / RECORDS)
    return made


def _vaults(platform: Platform) -> dict[str, FolderVault]:
    return {"evidence": platform.vault, "references": platform.references}


def _listing(folder: Path, vault: str) -> Path:
    return folder / VAULTS / f"{vault}.txt.gz"


def _list(vault: FolderVault, file: Path) -> int:
    count = 0
    with gzip.open(file, "wt") as out:
        for digest, size in vault.listing():
            out.write(f"{digest} {size}\n")
            count += 1
    return count


def _missing(vault: FolderVault, listing: Path) -> Iterator[str]:
    try:
        with gzip.open(listing, "rt") as lines:
            for line in lines:
                digest, size = line.split()
                path = vault.path_of(Digest(digest))
                if not path.is_file():
                    yield f"{path} is missing; copy it back from the second set of the vault's files."
                elif path.stat().st_size != int(size):
                    yield f"{path} was changed; copy it back from the second set of the vault's files."
    except (OSError, EOFError, ValueError) as error:
        yield f"{listing} cannot be read ({error})."


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{folder} holds no backup ({error}).", "Name the folder that `backup create` made."
        ) from error
    if said.get("format") != FORMAT:
        problem = f"{folder} is a backup of format {said.get('format')}, which this program does not know."
        raise UsageError(problem, "Use the version of piracy-monitor that made it.")
    return said


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _digest_of(file: Path) -> Digest:
    with file.open("rb") as data:
        return Digest(hashlib.file_digest(data, "sha256").hexdigest())
