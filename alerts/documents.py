"""Alerts as data: the JSON that docs/schemas/alert-1.json describes, and that every other form is made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import quote

from alerts.wording import FINDINGS_SUMMARY, NOTICES, OCCASIONS, spoken, why
from domain.alerts import Alert
from domain.campaigns import Sweep
from domain.findings import Finding
from domain.subscriptions import Subscription

SCHEMA = "piracy-monitor/alert-1"
MOST_LISTED = 2000
"""Findings in one message. The others stay owed and come with the next sweep's."""


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of the console, as subscribers reach it."""

    base: str

    def finding(self, finding: Finding) -> str:
        return f"{self.base.rstrip('/')}/findings/{finding.finding_id}"

    def mute(self, token: str) -> str:
        return f"{self.base.rstrip('/')}/mute/{quote(token)}"


def findings_document(
    alert: Alert, subscription: Subscription, sweep: Sweep, found: Sequence[Finding], *, links: Links, mute_token: str
) -> dict[str, Any]:
    """A subscriber's alert: findings grouped by site, each with its reason and link."""
    language = subscription.language
    listed = sorted(found[:MOST_LISTED], key=lambda f: (f.host, f.found_at, f.finding_id))
    sites = [
        {"host": host, "findings": [_finding(f, language, links) for f in group]}
        for host, group in groupby(listed, key=lambda f: f.host)
    ]
    campaign = spoken(OCCASIONS[sweep.campaign], language) if sweep.campaign in OCCASIONS else sweep.campaign
    summary = spoken(FINDINGS_SUMMARY, language, campaign=campaign, sites=len(sites), total=len(found))
    return _head(alert, language, summary) | {
        "why": why(subscription, language),
        "mute": links.mute(mute_token),
        "subscription": {"subscription_id": subscription.subscription_id, "name": subscription.name},
        "sweep": {
            "sweep_id": sweep.sweep_id,
            "campaign": sweep.campaign,
            "state": sweep.state.value,
            "started_at": sweep.started_at.isoformat(),
            "ended_at": sweep.ended_at.isoformat() if sweep.ended_at else None,
            "planned_for": sweep.planned_for.isoformat() if sweep.planned_for else None,
        },
        "total": len(found),
        "listed": len(listed),
        "sites": sites,
    }


def notice_document(alert: Alert, language: str) -> dict[str, Any]:
    """An administrator's alert: what went wrong and what to do."""
    title, mend = NOTICES[alert.kind]
    return _head(alert, language, spoken(title, language, **alert.facts)) | {
        "mend": spoken(mend, language, **alert.facts),
        "facts": dict(alert.facts),
    }


def _head(alert: Alert, language: str, summary: str) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "alert_id": alert.alert_id,
        "kind": alert.kind.value,
        "created_at": alert.created_at.isoformat(),
        "language": language,
        "summary": summary,
    }


def _finding(finding: Finding, language: str, links: Links) -> dict[str, Any]:
    comparison = finding.comparison
    return {
        "finding_id": finding.finding_id,
        "link": links.finding(finding),
        "work_id": finding.work_id,
        "work_title": finding.work_title,
        "owner": finding.owner,
        "type": finding.type.value,
        "url": finding.url,
        "page_url": finding.page_url,
        "similarity": round(comparison.similarity, 4),
        "verdict": comparison.verdict.value,
        "method": comparison.method,
        "reason": {"code": comparison.reason.code.value, "sentence": comparison.reason.sentence(language)},
        "state": finding.state.value,
        "found_at": finding.found_at.isoformat(),
        "capture_id": finding.capture_id,
        "evidence": finding.evidence,
    }
