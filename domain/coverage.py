"""What a sweep reached of what it meant to, and why not the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.captures import FetchOutcome
from domain.ids import SweepId

BLOCKED = frozenset({FetchOutcome.BLOCKED, FetchOutcome.GEO_BLOCKED, FetchOutcome.LOGIN, FetchOutcome.RATE_LIMITED})
"""Outcomes that say nothing about the page: a gap in the coverage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostCoverage:
    """The same for one host. `planned` = `fetched` + `blocked` + the sum of `skipped` + `waiting`."""

    host: str
    planned: int
    fetched: int
    blocked: int
    skipped: Mapping[str, int]
    """Addresses that gave no content for another reason, by outcome."""
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The coverage report of one sweep, made at a time."""

    sweep_id: SweepId
    campaign: str
    state: str
    made_at: datetime
    hosts: tuple[HostCoverage, ...]
    workers: int
    workers_lost: tuple[str, ...]
    """Those that died or fell silent, as `host:pid:start`."""
    oldest_unvisited: str
    """The address that waits longest; empty when none does."""
    queue_seconds: float
    """For how long it has waited."""
    canaries_seen: tuple[str, ...] = ()
    canaries_unseen: tuple[str, ...] = ()
    reasons: Mapping[str, int] = field(default_factory=dict)
    """The most frequent reasons in words, with how often each was given."""

    def total(self, what: str) -> int:
        """The sum over all hosts of `planned`, `fetched`, `blocked` or `waiting`."""
        return sum(getattr(host, what) for host in self.hosts)

    def as_json(self) -> dict[str, Any]:
        """The report as it is preserved and printed."""
        return {
            "sweep_id": self.sweep_id,
            "campaign": self.campaign,
            "state": self.state,
            "made_at": self.made_at.isoformat(),
            **{what: self.total(what) for what in ("planned", "fetched", "blocked", "waiting")},
            "hosts": [
                {
                    "host": each.host,
                    "planned": each.planned,
                    "fetched": each.fetched,
                    "blocked": each.blocked,
                    "skipped": dict(each.skipped),
                    "waiting": each.waiting,
                }
                for each in self.hosts
            ],
            "reasons": dict(self.reasons),
            "workers": self.workers,
            "workers_lost": list(self.workers_lost),
            "oldest_unvisited": self.oldest_unvisited,
            "queue_seconds": round(self.queue_seconds, 1),
            "canaries_seen": list(self.canaries_seen),
            "canaries_unseen": list(self.canaries_unseen),
        }
