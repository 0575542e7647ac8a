from datetime import UTC, datetime
from pathlib import Path

from config.loading import load_settings
from domain.campaigns import Campaign, SiteProfile
from domain.captures import FetchOutcome
from monitor.metrics import metrics
from monitor.wiring import Platform
from store.frontier import Frontier, FrontierEntry

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
OUTCOMES = (FetchOutcome.CONTENT, FetchOutcome.CONTENT, FetchOutcome.BLOCKED, FetchOutcome.REMOVED)


def test_the_figures_of_a_running_sweep(tmp_path: Path) -> None:
    platform = Platform(tmp_path, load_settings(), clock=lambda: NOW)
    platform.campaigns.put_site(SiteProfile(name="a", hosts=("a.example",), start_urls=("http://a.example/",)))
    platform.campaigns.put_campaign(Campaign(name='the "nightly"', sites=("a",)), NOW)
    sweep = platform.sweeps.start('the "nightly"', NOW)
    frontier = Frontier(platform.database, sweep.sweep_id, holder="elsewhere:1:1", lease_seconds=60)
    entries = [
        FrontierEntry(url_key=f"k{n}", url=f"http://a.example/{n}", kind="page", host="a.example", site="a")
        for n in range(6)
    ]
    with platform.database.write() as connection:
        frontier.add(connection, entries, NOW)
    leased = frontier.lease(4, NOW)
    with platform.database.write() as connection:
        frontier.finish(connection, {each.id: (how, "") for each, how in zip(leased, OUTCOMES, strict=True)})
    lines = metrics(platform).splitlines()
    platform.database.close()
    name = 'piracy_monitor_sweep_addresses{campaign="the \\"nightly\\"",state='
    assert [line for line in lines if line.startswith(name)] == [
        name + f'"{state}"}} {count}'
        for state, count in (("fetched", 2), ("blocked", 1), ("waiting", 2), ("skipped", 1))
    ]
    assert 'piracy_monitor_sweep_running{campaign="the \\"nightly\\""} 1' in lines
    assert f'piracy_monitor_sweep_started_seconds{{campaign="the \\"nightly\\""}} {NOW.timestamp():.0f}' in lines
    assert 'piracy_monitor_outbox_events{consumer="search"} 0' in lines
    assert all(
        line.startswith(("# HELP piracy_monitor_", "# TYPE piracy_monitor_", "piracy_monitor_")) for line in lines
    )
