"""Findings for tests, complete but for what a test cares about."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from domain.findings import Comparison, Finding, FindingState, Span, SpanUnit, Verdict
from domain.ids import CaptureId, Digest, SweepId, WorkId, finding_id_of
from domain.reasons import Reason, ReasonCode
from domain.works import WorkType

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WORK = WorkId("w1")
URL = "http://novels.example/1.html"

FINDING = Finding(
    finding_id=finding_id_of(WORK, URL, "text"),
    work_id=WORK,
    work_title="海边的灯",
    owner="林晚",
    type=WorkType.TEXT,
    url=URL,
    page_url=URL,
    host="novels.example",
    comparison=Comparison(
        work_id=WORK,
        reference=Digest("0" * 64),
        similarity=0.93,
        verdict=Verdict.COPY,
        method="text",
        reason=Reason.of(ReasonCode.TEXT_COPY, coverage=0.93, matched=812, longest=400),
        spans=(Span(unit=SpanUnit.CHARACTER, query=(0, 812), work=(10, 822)),),
    ),
    thresholds=(("copy_coverage", 0.8),),
    state=FindingState.OPEN,
    found_at=NOON,
    sweep_id=SweepId("s1"),
    capture_id=CaptureId("c1"),
    evidence=Digest("1" * 64),
)


def finding(**changes: Any) -> Finding:
    """`FINDING` with some fields changed; its id follows the work, address and type."""
    changed = replace(FINDING, **changes)
    if "finding_id" in changes:
        return changed
    return replace(changed, finding_id=finding_id_of(changed.work_id, changed.url, changed.type))
