"""The custody log: one JSON line for each thing done to a preserved file, chained by hashes.

The hash of a line is the SHA-256 of its other fields as canonical JSON (sorted keys, no spaces, UTF-8); one of those
fields is the hash of the line before. The first line follows 64 zeros.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from domain.errors import IntegrityError
from domain.evidence import CustodyAction, CustodyEvent
from domain.ids import Digest

BEGINNING = "0" * 64
LONGEST_LINE = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class LogTail:
    """Where the log stands: the number and hash its next line must follow."""

    sequence: int
    hash: str
    object: Digest | None


def hash_of(fields: dict[str, Any]) -> str:
    """The hash of a line's fields (without `hash` itself)."""
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def append(log: BinaryIO, *, at: datetime, action: CustodyAction, digest: Digest, size: int, by: str) -> None:
    """Add a line to `log` (open for reading and writing, locked by the caller) and flush it to the disk."""
    tail = settle(log)
    fields = {
        "sequence": tail.sequence + 1,
        "at": at.isoformat(),
        "action": action.value,
        "object": digest,
        "size": size,
        "by": by,
        "previous": tail.hash,
    }
    log.seek(0, os.SEEK_END)
    log.write(json.dumps(fields | {"hash": hash_of(fields)}, ensure_ascii=False).encode() + b"\n")
    log.flush()
    os.fsync(log.fileno())


def settle(log: BinaryIO) -> LogTail:
    """Where the log stands, after cutting off a line that a crash left half written (it was never acknowledged).

    Raises `IntegrityError` when the last whole line is no log line.
    """
    end = log.seek(0, os.SEEK_END)
    start = max(0, end - 2 * LONGEST_LINE)
    log.seek(start)
    data = log.read()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        log.truncate(start + len(whole))
    if not whole:
        return LogTail(sequence=0, hash=BEGINNING, object=None)
    last = whole[:-1].rpartition(b"\n")[2]
    try:
        fields = json.loads(last)
        return LogTail(sequence=int(fields["sequence"]), hash=str(fields["hash"]), object=Digest(fields["object"]))
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityError("The last line of the custody log is damaged.", "Restore it from a backup.") from error


def read(path: Path) -> Iterator[CustodyEvent | str]:
    """Every event of a log, in order; in place of a line that is damaged or does not follow, what is wrong with it."""
    previous, sequence = BEGINNING, 0
    with path.open("rb") as log:
        for number, line in enumerate(log, start=1):
            try:
                fields = json.loads(line)
                claimed = fields.pop("hash")
                event = _event(fields, claimed)
            except (ValueError, KeyError, TypeError, AttributeError):
                yield f"line {number} is not a log line"
                continue
            if claimed != hash_of(fields) or not line.endswith(b"\n"):
                yield f"line {number} was changed"
            elif fields["previous"] != previous or event.sequence != sequence + 1:
                yield f"line {number} does not follow the line before it"
            else:
                yield event
            previous, sequence = claimed, event.sequence


def _event(fields: dict[str, Any], claimed: str) -> CustodyEvent:
    return CustodyEvent(
        sequence=int(fields["sequence"]),
        at=datetime.fromisoformat(fields["at"]),
        action=CustodyAction(fields["action"]),
        object=Digest(str(fields["object"])),
        size=int(fields["size"]),
        by=str(fields["by"]),
        hash=str(claimed),
    )
