"""Leads for tests, complete but for what a test cares about."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from domain.ids import CaptureId, SweepId, WorkId, lead_id_of
from domain.leads import Disguise, Lead, LeadKind, Nearness
from domain.reasons import Reason, ReasonCode

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

LEAD = Lead(
    lead_id=lead_id_of("netdisk", "https://pan.quark.cn/s/0123456789ab", "http://bbs.example/1.html"),
    kind=LeadKind.NETDISK,
    target="https://pan.quark.cn/s/0123456789ab",
    written="pan.quark.cn/s/0123456789ab",
    code="a1b2",
    provider="quark",
    disguise=Disguise.PLAIN_TEXT,
    nearness=Nearness.BESIDE,
    works=(WorkId("w1"),),
    reason=Reason.of(
        ReasonCode.LEAD_BESIDE_TITLE,
        kind_zh="网盘分享",
        kind_en="a netdisk share",
        disguise_zh="",
        disguise_en="",
        title="海边的灯",
        spelling="海边的灯",
    ),
    page_url="http://bbs.example/1.html",
    host="bbs.example",
    site="forum",
    seen_at=NOON,
    sweep_id=SweepId("s1"),
    capture_id=CaptureId("c1"),
)


def lead(**changes: Any) -> Lead:
    """`LEAD` with some fields changed; its id follows kind, target and page."""
    changed = replace(LEAD, **changes)
    return replace(changed, lead_id=lead_id_of(changed.kind, changed.target, changed.page_url))
