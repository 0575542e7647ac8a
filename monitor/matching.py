"""`match`: files against the registered works."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from domain.errors import NotFoundError
from domain.findings import Comparison, Span
from domain.works import WorkType
from matcher.engine import Engine, MatchResult
from matcher.worktypes import Content
from store.works import WorkStore

MAX_FILE_BYTES = 512 * 1024 * 1024


def files_below(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file named or inside a named folder, in name order. Raises `NotFoundError` for a path that is not there."""
    for path in paths:
        if not path.exists():
            raise NotFoundError(f"{path} does not exist.", "Name files or folders that do.")
        if path.is_dir():
            for folder, below, names in os.walk(path):
                below.sort()
                yield from (Path(folder) / name for name in sorted(names))
        else:
            yield path


def match_file(engine: Engine, path: Path, work_type: WorkType | None) -> MatchResult | str:
    """The comparison of one file, or what kept it from being read."""
    try:
        if not path.is_file():
            return "not a regular file"
        if (size := path.stat().st_size) > MAX_FILE_BYTES:
            return f"{size} bytes, above the limit of {MAX_FILE_BYTES}"
        content = Content(data=path.read_bytes(), name=str(path))
    except OSError as error:
        return error.strerror or str(error)
    return engine.match(content, work_type)


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
