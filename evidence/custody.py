"""The custody log: one JSON line for each thing done to a preserved file, chained by hashes.

The hash of a line is the SHA-256 of its other fields as canonical JSON (sorted keys, no spaces, UTF-8); one of those
fields is the hash of the line before. The first line follows 64 zeros.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from domain.errors import IntegrityError
from domain.evidence import CustodyAction, CustodyEvent
from domain.ids import Digest

BEGINNING = "0" * 64
LONGEST_LINE = 4096
DIGEST = re.compile(r"[0-9a-f]{64}")
MALFORMED = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
"""What reading a line raises that is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogTail:
    """Where the log stands: the number and hash its next line must follow."""

    sequence: int
    hash: str


def hash_of(fields: dict[str, Any]) -> str:
    """The hash of a line's fields (without `hash` itself)."""
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def append(log: BinaryIO, sizes: Mapping[Digest, int], *, at: datetime, action: CustodyAction, by: str) -> None:
    """Add a line for each object to `log` (open for reading and writing, locked by the caller).

    They are flushed to the disk together; a crash leaves the first few of them or all. `sizes` are in bytes.
    """
    tail = settle(log)
    sequence, previous, lines = tail.sequence, tail.hash, b""
    for digest, size in sizes.items():
        sequence += 1
        fields = {
            "sequence": sequence,
            "at": at.isoformat(),
            "action": action.value,
            "object": digest,
            "size": size,
            "by": by,
            "previous": previous,
        }
        previous = hash_of(fields)
        line = _line(fields | {"hash": previous})
        if len(line) > LONGEST_LINE:
            raise ValueError(f"a line of the custody log has at most {LONGEST_LINE} bytes")
        lines += line
    log.seek(0, os.SEEK_END)
    log.write(lines)
    log.flush()
    os.fsync(log.fileno())


def recent(log: BinaryIO, count: int) -> frozenset[Digest]:
    """The objects of the last `count` lines of a settled log. Raises `IntegrityError` when one is damaged."""
    end = log.seek(0, os.SEEK_END)
    start = max(0, end - count * LONGEST_LINE)
    log.seek(start)
    lines = log.read().splitlines(keepends=True)[-count:]
    try:
        return frozenset(_parsed(line)[1].object for line in lines)
    except MALFORMED as error:
        raise _damaged(log) from error


def settle(log: BinaryIO) -> LogTail:
    """Where the log stands, after cutting off a line that a crash left half written (it was never acknowledged).

    Raises `IntegrityError` when what it ends in is neither a sound line nor the beginning of one.
    """
    end = log.seek(0, os.SEEK_END)
    start = max(0, end - 2 * LONGEST_LINE)
    log.seek(start)
    data = log.read()
    whole = data[: data.rfind(b"\n") + 1]
    if len(data) - len(whole) > LONGEST_LINE:
        raise _damaged(log)
    last = whole[:-1].rpartition(b"\n")[2] + b"\n"
    try:
        event = _parsed(last)[1] if whole else None
    except MALFORMED as error:
        raise _damaged(log) from error
    if len(whole) < len(data):
        log.truncate(start + len(whole))
    if event is None:
        return LogTail(sequence=0, hash=BEGINNING)
    return LogTail(sequence=event.sequence, hash=event.hash)


def read(path: Path) -> Iterator[CustodyEvent | str]:
    """Every event of a log, in order; in place of a line that is damaged or does not follow, what is wrong with it."""
    previous, sequence, number = BEGINNING, 0, 0
    with path.open("rb") as log:
        while line := log.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                yield f"line {number} is longer than a line of the log can be"
                while line and not line.endswith(b"\n"):
                    line = log.readline(LONGEST_LINE)
                continue
            try:
                fields, event = _parsed(line)
            except MALFORMED:
                yield f"line {number} is not a sound log line"
                continue
            if fields["previous"] != previous or event.sequence != sequence + 1:
                yield f"line {number} does not follow the line before it"
            else:
                yield event
            previous, sequence = event.hash, event.sequence


def _damaged(log: BinaryIO) -> IntegrityError:
    problem = f"The end of the custody log {log.name} is damaged."
    return IntegrityError(problem, "Restore it from a backup; `piracy-monitor evidence verify` names the lines.")


def _line(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def _parsed(line: bytes) -> tuple[dict[str, Any], CustodyEvent]:
    """The fields of a line without its hash, and its event. Raises one of `MALFORMED` when it is not as written."""
    fields = json.loads(line)
    if _line(fields) != line:
        raise ValueError("not the form in which lines are written")
    claimed = fields.pop("hash")
    if claimed != hash_of(fields) or not DIGEST.fullmatch(fields["object"]):
        raise ValueError("not what was hashed, or no object named")
    return fields, _event(fields, claimed)


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
