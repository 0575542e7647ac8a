"""Findings as rows, and back."""

from typing import Any

from sqlalchemy import Row

from domain.findings import Comparison, Finding, FindingState, Span, SpanUnit, Verdict
from domain.ids import CaptureId, Digest, FindingId, SweepId, WorkId
from domain.reasons import Reason, ReasonCode
from domain.works import WorkType


def finding_to_row(finding: Finding) -> dict[str, Any]:
    """The columns of `store.tables.findings`."""
    comparison = finding.comparison
    return {
        "finding_id": finding.finding_id,
        "work_id": finding.work_id,
        "work_title": finding.work_title,
        "owner": finding.owner,
        "type": finding.type.value,
        "url": finding.url,
        "page_url": finding.page_url,
        "host": finding.host,
        "similarity": comparison.similarity,
        "verdict": comparison.verdict.value,
        "method": comparison.method,
        "comparison": _comparison_to_json(comparison),
        "thresholds": dict(finding.thresholds),
        "state": finding.state.value,
        "found_at": finding.found_at,
        "last_seen_at": finding.found_at,
        "sweep_id": finding.sweep_id,
        "capture_id": finding.capture_id,
        "evidence": finding.evidence,
    }


def finding_from_row(row: Row[Any]) -> Finding:
    """The finding a row of `store.tables.findings` holds."""
    return Finding(
        finding_id=FindingId(row.finding_id),
        work_id=WorkId(row.work_id),
        work_title=row.work_title,
        owner=row.owner,
        type=WorkType(row.type),
        url=row.url,
        page_url=row.page_url,
        host=row.host,
        comparison=_comparison_from_row(row),
        thresholds=tuple(row.thresholds.items()),
        state=FindingState(row.state),
        found_at=row.found_at,
        sweep_id=SweepId(row.sweep_id),
        capture_id=CaptureId(row.capture_id),
        evidence=Digest(row.evidence),
    )


def _comparison_to_json(comparison: Comparison) -> dict[str, Any]:
    return {
        "reference": comparison.reference,
        "reason": {"code": comparison.reason.code.value, "values": dict(comparison.reason.values)},
        "spans": [[span.unit.value, list(span.query), list(span.work)] for span in comparison.spans],
    }


def _comparison_from_row(row: Row[Any]) -> Comparison:
    stored = row.comparison
    reason = stored["reason"]
    return Comparison(
        work_id=WorkId(row.work_id),
        reference=Digest(stored["reference"]),
        similarity=row.similarity,
        verdict=Verdict(row.verdict),
        method=row.method,
        reason=Reason.of(ReasonCode(reason["code"]), **reason["values"]),
        spans=tuple(
            Span(unit=SpanUnit(unit), query=tuple(query), work=tuple(work)) for unit, query, work in stored["spans"]
        ),
    )
