"""One sweep from end to end: crawl, match, record, report, index."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crawler.runner import CrawlJob, Progress, run_crawl
from domain.campaigns import Campaign, Sweep, SweepState
from domain.coverage import Coverage
from domain.errors import UsageError
from domain.ids import SweepId
from monitor.covering import preserve
from monitor.crews import Crewing, crew_sweep
from monitor.indexing import index_batch
from monitor.joining import join_pages
from monitor.locks import alone
from monitor.rematching import catch_up
from monitor.wiring import Platform
from store.holders import this_process
from store.profiles import check_campaign
from store.sweeps import SweepCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepReport:
    """How a sweep ended."""

    sweep_id: SweepId
    state: SweepState
    counts: SweepCounts
    coverage: Coverage

    def as_json(self) -> dict[str, Any]:
        """The report as the contract of `sweep --json` has it."""
        counts = self.counts
        return {
            "sweep_id": self.sweep_id,
            "state": self.state,
            "captures": counts.captures,
            "findings": {"new": counts.new, "known": counts.known, "licensed": counts.licensed},
            "leads": counts.leads,
            "blocked": counts.blocked,
            "coverage": {
                "planned": counts.planned,
                "fetched": counts.fetched,
                "skipped": counts.skipped,
                "waiting": self.coverage.total("waiting"),
                "workers_lost": list(self.coverage.workers_lost),
                "canaries_unseen": list(self.coverage.canaries_unseen),
            },
        }


def run_sweep(
    platform: Platform,
    campaign_name: str,
    *,
    planned_for: datetime | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    crewing: Crewing | None = None,
) -> SweepReport:
    """Sweep a campaign, going on with an unfinished sweep if there is one; by several workers if `crewing` says so.

    Raises `NotFoundError` for an unknown campaign or site, `UsageError` when the campaign is being swept already or
    the night is done.
    """
    campaign = platform.campaigns.campaign(campaign_name)
    check_campaign(campaign, [platform.campaigns.site(name) for name in campaign.sites])
    if planned_for is not None:
        catch_up(platform)
    with alone(platform.folder.locks, f"sweep of {campaign.name}"):
        if planned_for is not None:
            platform.nights.hold(campaign.name, planned_for, this_process())
        sweep = platform.sweeps.unfinished(campaign.name) or _start(platform, campaign.name, planned_for)
        if crewing is None:
            _crawl(platform, sweep, campaign, on_progress)
        else:
            crew_sweep(platform, sweep.sweep_id, crewing, on_progress)
        state = _state_of(platform, sweep.sweep_id)
        platform.quarantine.watch(sweep.sweep_id, platform.clock())
        coverage = preserve(platform, sweep, campaign, state)
        platform.sweeps.end(sweep.sweep_id, state, platform.clock())
    quality = platform.settings.quality
    oldest = platform.clock() - timedelta(days=quality.retention_days)
    platform.content_prints.purge(oldest, quality.retained_fingerprints)
    while index_batch(platform):
        pass
    counts = platform.sweeps.counts(sweep.sweep_id)
    return SweepReport(sweep_id=sweep.sweep_id, state=state, counts=counts, coverage=coverage)


def join_sweep(platform: Platform, sweep_id: SweepId) -> None:
    """Take part in a sweep that runs, until nothing is left of it. Raises `NotFoundError`, `UsageError`."""
    sweep = platform.sweeps.get(sweep_id)
    if sweep.state is not SweepState.RUNNING:
        raise UsageError(f"Sweep {sweep_id} is {sweep.state}.", "Only a running one can be joined: see `sweeps list`.")
    _crawl(platform, sweep, platform.campaigns.campaign(sweep.campaign), None)


def _start(platform: Platform, campaign: str, planned_for: datetime | None) -> Sweep:
    if planned_for is not None and platform.sweeps.of_night(campaign, planned_for) is not None:
        raise UsageError(
            f"{campaign} was swept for the night of {planned_for.isoformat()} already.",
            "Leave --planned-for away to sweep it once more.",
        )
    return platform.sweeps.start(campaign, platform.clock(), planned_for)


def _crawl(
    platform: Platform,
    sweep: Sweep,
    campaign: Campaign,
    on_progress: Callable[[Progress], None] | None,
) -> None:
    engine = platform.engine()
    run_crawl(
        CrawlJob(
            sweep=sweep,
            campaign=campaign,
            sites=[platform.campaigns.site(name) for name in campaign.sites],
            settings=platform.settings.crawler,
            database=platform.database,
            vault=platform.vault,
            engine=engine,
            read_page=platform.read_page,
            readers=platform.readers,
            on_progress=on_progress,
        )
    )
    if not platform.sweeps.stop_requested(sweep.sweep_id):
        join_pages(platform, engine, sweep, campaign)


def _state_of(platform: Platform, sweep_id: SweepId) -> SweepState:
    if platform.sweeps.stop_requested(sweep_id):
        return SweepState.STOPPED
    return SweepState.FINISHED if platform.sweeps.counts(sweep_id).fetched else SweepState.FAILED
