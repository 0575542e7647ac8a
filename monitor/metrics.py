"""Figures for Prometheus in its text format, for the textfile collector of a node exporter or any scraper of files."""

from collections.abc import Iterable, Iterator

from domain.campaigns import Sweep, SweepState
from monitor.covering import coverage_now
from monitor.wiring import Platform
from store.crews import WorkerState, crew_of

PREFIX = "piracy_monitor_"
CONSUMERS = ("search", "alerts")
Sample = tuple[dict[str, str], float]


def metrics(platform: Platform) -> str:
    """The newest sweep of each campaign, and how far search and alerts are behind."""
    newest = [sweep for c in platform.campaigns.campaigns() if (sweep := platform.sweeps.latest(c.name))]
    lags = [(consumer, platform.outbox.lag(consumer)) for consumer in CONSUMERS]
    now = platform.clock()
    families = [
        _family("sweep_running", "1 while the newest sweep of a campaign runs.", _running(newest)),
        _family("sweep_started_seconds", "When it began, in seconds since 1970.", _started(newest)),
        _family("sweep_addresses", "Its addresses by what became of them.", _addresses(platform, newest)),
        _family("sweep_findings", "What it found.", _found(platform, newest)),
        _family("sweep_workers", "Its workers by state.", _workers(platform, newest)),
        _family(
            "outbox_events", "Changes that a consumer must still hear of.", [(_of(c), lag.count) for c, lag in lags]
        ),
        _family(
            "outbox_age_seconds",
            "How long the oldest of them waits.",
            [(_of(c), (now - lag.oldest_at).total_seconds() if lag.oldest_at else 0.0) for c, lag in lags],
        ),
    ]
    return "".join(line + "\n" for family in families for line in family)


def _running(newest: Iterable[Sweep]) -> list[Sample]:
    return [({"campaign": each.campaign}, float(each.state is SweepState.RUNNING)) for each in newest]


def _started(newest: Iterable[Sweep]) -> list[Sample]:
    return [({"campaign": each.campaign}, each.started_at.timestamp()) for each in newest]


def _addresses(platform: Platform, newest: Iterable[Sweep]) -> Iterator[Sample]:
    for each in newest:
        coverage = coverage_now(platform, each, platform.campaigns.campaign(each.campaign))
        tallies = {what: coverage.total(what) for what in ("fetched", "blocked", "waiting")}
        tallies["skipped"] = coverage.total("planned") - sum(tallies.values())
        yield from (({"campaign": each.campaign, "state": state}, count) for state, count in tallies.items())


def _found(platform: Platform, newest: Iterable[Sweep]) -> Iterator[Sample]:
    for each in newest:
        counts = platform.sweeps.counts(each.sweep_id)
        for kind in ("new", "known", "licensed"):
            yield {"campaign": each.campaign, "kind": kind}, getattr(counts, kind)


def _workers(platform: Platform, newest: Iterable[Sweep]) -> Iterator[Sample]:
    for each in newest:
        states = [worker.state for worker in crew_of(platform.database, each.sweep_id)]
        yield from (({"campaign": each.campaign, "state": state}, states.count(state)) for state in WorkerState)


def _of(consumer: str) -> dict[str, str]:
    return {"consumer": consumer}


def _family(name: str, said: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {PREFIX}{name} {said}"
    yield f"# TYPE {PREFIX}{name} gauge"
    for labels, value in samples:
        written = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        yield f"{PREFIX}{name}{{{written}}} {value:g}" if value < 1e5 else f"{PREFIX}{name}{{{written}}} {value:.0f}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
