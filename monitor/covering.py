"""The coverage report of a sweep: preserved, logged with the evidence, and told when canaries are missing."""

import json
from dataclasses import replace

from crawler.urls import canonical
from domain.alerts import AlertKind
from domain.campaigns import Campaign, Sweep, SweepState
from domain.coverage import Coverage
from monitor.wiring import Platform
from store.alerts import raise_alarm
from store.coverage import coverage_of


def coverage_now(platform: Platform, sweep: Sweep, campaign: Campaign) -> Coverage:
    """The coverage of a sweep so far."""
    canaries = [canonical(url) for url in campaign.canaries]
    return coverage_of(platform.database, sweep, canaries, platform.clock())


def preserve(platform: Platform, sweep: Sweep, campaign: Campaign, state: SweepState) -> Coverage:
    """Put the coverage of a sweep that ends in `state` into the vault, so that the custody log vouches for it.

    Safe to repeat: each report is kept, the newest is the sweep's. One that did not see its canaries raises an alarm,
    unless a person stopped it.
    """
    coverage = coverage_now(platform, replace(sweep, state=state), campaign)
    written = json.dumps(coverage.as_json(), ensure_ascii=False, sort_keys=True, indent=1).encode()
    report = platform.vault.put(written, at=coverage.made_at, by=f"coverage of sweep {sweep.sweep_id}")
    platform.sweeps.keep_coverage(sweep.sweep_id, report)
    if coverage.canaries_unseen and state is not SweepState.STOPPED:
        _alarm(platform, coverage)
    return coverage


def _alarm(platform: Platform, coverage: Coverage) -> None:
    facts = {
        "campaign": coverage.campaign,
        "sweep_id": coverage.sweep_id,
        "count": str(len(coverage.canaries_unseen)),
        "first": coverage.canaries_unseen[0],
    }
    to = platform.settings.general.administrators
    with platform.database.write() as connection:
        raise_alarm(
            connection,
            AlertKind.CANARIES_UNSEEN,
            coverage.sweep_id,
            facts,
            administrators=to,
            at=coverage.made_at,
        )
