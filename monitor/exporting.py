"""Findings as other tools read them."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from typing import TextIO

from domain.findings import Finding

COLUMNS = (
    "finding_id",
    "work_id",
    "work_title",
    "type",
    "url",
    "host",
    "similarity",
    "method",
    "state",
    "found_at",
    "capture_id",
    "evidence",
    "verdict",
    "page_url",
    "owner",
    "reason",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def row_of(finding: Finding, language: str) -> dict[str, str | float]:
    """One finding by the columns of the export."""
    return {
        "finding_id": finding.finding_id,
        "work_id": finding.work_id,
        "work_title": finding.work_title,
        "type": finding.type,
        "url": finding.url,
        "host": finding.host,
        "similarity": round(finding.comparison.similarity, 4),
        "method": finding.comparison.method,
        "state": finding.state,
        "found_at": finding.found_at.isoformat(),
        "capture_id": finding.capture_id,
        "evidence": finding.evidence,
        "verdict": finding.comparison.verdict,
        "page_url": finding.page_url,
        "owner": finding.owner,
        "reason": finding.comparison.reason.sentence(language),
    }


def write_json_lines(findings: Iterable[Finding], out: TextIO, language: str) -> None:
    """One JSON object a line, UTF-8."""
    for finding in findings:
        out.write(json.dumps(row_of(finding, language), ensure_ascii=False) + "\n")


def write_csv(findings: Iterable[Finding], out: TextIO, language: str) -> None:
    """CSV with a header row. Cells that a spreadsheet would run as a formula get a leading apostrophe."""
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(disarmed(row_of(finding, language)) for finding in findings)


def disarmed(row: Mapping[str, str | float]) -> dict[str, str | float]:
    """A row of which a spreadsheet runs no cell as a formula."""
    return {k: f"'{v}" if isinstance(v, str) and v.startswith(FORMULA_STARTS) else v for k, v in row.items()}


WRITERS: Mapping[str, Callable[[Iterable[Finding], TextIO, str], None]] = {"jsonl": write_json_lines, "csv": write_csv}
