"""`match`: files against the registered works."""

import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from domain.errors import NotFoundError
from domain.findings import Comparison, Span
from domain.reasons import Reason, ReasonCode
from domain.works import WorkType
from matcher.engine import Engine, MatchResult, Outcome
from matcher.worktypes import Content
from store.works import WorkStore

MAX_FILE_BYTES = 512 * 1024 * 1024
AHEAD = 2
"""Files under way or waiting to be told, for each one that is worked on."""

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileInput:
    """One file to compare. `refusal` is what keeps it from being read; a link is followed only if it was `named`."""

    path: Path
    named: bool = False
    refusal: Reason | None = None


def files_below(paths: Iterable[Path]) -> Iterator[FileInput]:
    """Everything named or inside a named folder, in name order; links inside are told and not followed.

    Raises `NotFoundError` for a path that is not there.
    """
    for path in paths:
        if not os.access(path, os.F_OK):
            raise NotFoundError(f"{path} does not exist.", "Name files or folders that do.")
        yield from _below(path) if path.is_dir() else [FileInput(path=path, named=True)]


def _below(folder: Path) -> Iterator[FileInput]:
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        try:
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode) or path is folder:
                waiting.extend(sorted(path.iterdir(), reverse=True))
                continue
        except OSError as error:
            yield FileInput(path=path, refusal=_unreadable(error))
            continue
        yield FileInput(path=path, refusal=_refusal(mode))


def _refusal(mode: int) -> Reason | None:
    if stat.S_ISLNK(mode):
        return Reason.of(ReasonCode.LINK_NOT_FOLLOWED)
    return None if stat.S_ISREG(mode) else Reason.of(ReasonCode.NOT_A_FILE)


def match_file(engine: Engine, file: FileInput, work_type: WorkType | None) -> MatchResult:
    """The comparison of one file, or what kept it from being read."""
    read = file.refusal or _read(file)
    if isinstance(read, Reason):
        return MatchResult(outcome=Outcome.FAILED, reason=read)
    if not read:
        return MatchResult(outcome=Outcome.ABSTAINED, reason=Reason.of(ReasonCode.FILE_EMPTY))
    return engine.match(Content(data=read, name=str(file.path)), work_type)


def _read(file: FileInput) -> bytes | Reason:
    """Its bytes. What was a file a moment ago may be a pipe now, so the open file is asked, and opening never waits."""
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if file.named else os.O_NOFOLLOW)
    try:
        with open(os.open(file.path, flags), "rb") as opened:  # noqa: PTH123 - a descriptor, no path
            status = os.fstat(opened.fileno())
            if not stat.S_ISREG(status.st_mode):
                return Reason.of(ReasonCode.NOT_A_FILE)
            data = b"" if status.st_size > MAX_FILE_BYTES else opened.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        return _unreadable(error)
    if (size := max(status.st_size, len(data))) > MAX_FILE_BYTES:
        return Reason.of(ReasonCode.FILE_TOO_LARGE, size=size, limit=MAX_FILE_BYTES)
    return data


def _unreadable(error: OSError) -> Reason:
    return Reason.of(ReasonCode.UNREADABLE, problem=error.strerror or str(error))


def in_order(work: Callable[[Item], Result], items: Iterable[Item], *, threads: int) -> Iterator[tuple[Item, Result]]:
    """Each item with its result, in the order of the items, though several are worked on at once.

    Few are held at a time. Left early, what has not begun is not begun, and what has is not waited for.
    """
    waiting: deque[tuple[Item, Future[Result]]] = deque()
    pool = ThreadPoolExecutor(threads)
    try:
        for item in items:
            waiting.append((item, pool.submit(work, item)))
            if len(waiting) >= AHEAD * threads:
                done, result = waiting.popleft()
                yield done, result.result()
        while waiting:
            done, result = waiting.popleft()
            yield done, result.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def report(name: str, result: MatchResult | str, works: WorkStore, language: str) -> dict[str, Any]:
    """One input as the contract of `match --json` has it."""
    if isinstance(result, str):
        return {"input": name, "type": None, "outcome": "failed", "reason": result, "matches": []}
    return {
        "input": name,
        "type": result.type,
        "outcome": result.outcome,
        "reason": result.reason.sentence(language),
        "matches": [_match(comparison, works, language) for comparison in result.comparisons],
    }


def _match(comparison: Comparison, works: WorkStore, language: str) -> dict[str, Any]:
    work = works.get(comparison.work_id)
    return {
        "work_id": comparison.work_id,
        "title": work.title if work else "",
        "verdict": comparison.verdict,
        "similarity": round(comparison.similarity, 4),
        "method": comparison.method,
        "reference": comparison.reference,
        "spans": [_span(span) for span in comparison.spans],
        "explanation": comparison.reason.sentence(language),
        "public_domain_since": work.public_domain_since.isoformat() if work and work.public_domain_since else None,
    }


def _span(span: Span) -> dict[str, Any]:
    return {"query": list(span.query), "work": list(span.work), "unit": span.unit}
