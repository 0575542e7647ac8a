"""Whether an evidence folder is still what it was."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from domain.evidence import EvidenceProblem, EvidenceReport, EvidenceVerdict
from domain.ids import Digest
from evidence import custody
from evidence.vault import INCOMING, LOG, object_path

CHUNK = 1 << 20


def verify(path: Path) -> EvidenceReport:
    """Check every file of the evidence folder `path` against its name and the custody log.

    Reads each file once, in pieces. An intact folder is *untimed* as long as no trusted timestamps are kept in it.
    """
    logged: dict[Digest, int] = {}
    problems = list(_check_log(path / LOG, logged))
    checked = 0
    for file in sorted(p for p in path.rglob("*") if not p.is_dir() and p != path / LOG):
        checked += 1
        if (problem := _check_file(path, file, logged)) is not None:
            problems.append(EvidenceProblem(item=str(file.relative_to(path)), problem=problem))
    for digest in logged:
        missing = object_path(path, digest)
        if not missing.exists() and not (path / INCOMING / digest).exists():
            problems.append(EvidenceProblem(item=str(missing.relative_to(path)), problem="is in the log but missing"))
    verdict = EvidenceVerdict.INVALID if problems else EvidenceVerdict.UNTIMED
    return EvidenceReport(verdict=verdict, checked=checked, problems=tuple(problems))


def _check_log(log: Path, logged: dict[Digest, int]) -> Iterator[EvidenceProblem]:
    if not log.is_file():
        yield EvidenceProblem(item=LOG, problem="is missing: this is no evidence folder, or its log was removed")
        return
    for event in custody.read(log):
        if isinstance(event, str):
            yield EvidenceProblem(item=LOG, problem=event)
        else:
            logged[event.object] = event.size


def _check_file(root: Path, file: Path, logged: dict[Digest, int]) -> str | None:
    """What is wrong with one file, or None."""
    name = Digest(file.name)
    if file.is_symlink() or file not in {object_path(root, name), root / INCOMING / name}:
        return "does not belong here"
    if file.parent.name == INCOMING and name not in logged:
        # Left by a crash before it was logged; the vault drops it when it is next written to.
        return None
    if _digest_of_file(file) != name:
        return "was changed: its bytes do not have the digest it is named by"
    if name not in logged:
        return f"is not in {LOG}"
    if file.stat().st_size != logged[name]:
        return f"has another size than {LOG} says"
    return None


def _digest_of_file(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as data:
        while chunk := data.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
