"""Compares works that were registered or changed with what was captured before, as far as it is still kept.

An index of these works alone is the filter: only content that it finds anything in is compared with the whole register,
where the works of others and the negative bank have their say. Each batch is one transaction of findings and progress,
so a run that is killed goes on where it was.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crawler.accusing import Accuser
from domain.captures import Capture
from domain.errors import NotFoundError
from domain.findings import Finding
from domain.fingerprints import Fingerprint
from domain.ids import SweepId, WorkId
from domain.works import WorkType
from matcher.engine import Engine, MatchResult
from matcher.worktypes import JUDGED_TOGETHER, References
from monitor.indexing import index_batch
from monitor.locks import BusyError, alone
from monitor.wiring import Platform
from store import findings
from store.content_prints import Window
from store.rematches import Rematch

LOG = logging.getLogger(__name__)
BATCH = 200
USUAL_ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True, kw_only=True)
class RematchReport:
    """What was compared, and what it came to. *Candidates* passed the filter."""

    works: int
    compared: int
    candidates: int
    new: int
    known: int
    licensed: int

    def as_json(self) -> dict[str, Any]:
        """The report as `rematch --json` prints it."""
        found = {"new": self.new, "known": self.known, "licensed": self.licensed}
        return {"works": self.works, "compared": self.compared, "candidates": self.candidates, "findings": found}


Filters = Mapping[WorkType, Sequence[References]]
Progress = Callable[[int, int], None]
"""Told how many fingerprints are dealt with, and of how many."""


def rematch(
    platform: Platform, works: Sequence[WorkId] | None = None, *, on_progress: Progress = lambda _done, _total: None
) -> RematchReport:
    """Compare the works that are owed it, or these `works`, with what is kept; what was interrupted is finished first.

    Raises `NotFoundError` for a work that is not registered, `UsageError` when another process is at it.
    """
    with alone(platform.folder.locks, "rematch"):
        for work_id in works or ():
            if platform.works.get(work_id) is None:
                raise NotFoundError(f"There is no work {work_id}.", "See `piracy-monitor works list`.")
        if works:
            platform.rematches.owe(works)
        done: list[Rematch] = []
        began = platform.clock()
        while run := platform.rematches.take_up(platform.clock(), since=began, only=works):
            done.append(_Run(platform, run, on_progress).finish())
    while index_batch(platform):
        pass
    counts = [platform.sweeps.counts(run.sweep_id) for run in done]
    return RematchReport(
        works=sum(len(run.works) for run in done),
        compared=sum(run.compared for run in done),
        candidates=sum(run.candidates for run in done),
        new=sum(c.new for c in counts),
        known=sum(c.known for c in counts),
        licensed=sum(c.licensed for c in counts),
    )


def catch_up(platform: Platform) -> None:
    """Compare what is owed before a night begins, unless another process is at it."""
    try:
        rematch(platform)
    except BusyError:
        return
    except Exception:
        # It stays owed, and `doctor` says so; the night itself must not be lost for it.
        LOG.exception("works could not be compared with earlier captures")


class _Run:
    """One run over a snapshot of the register."""

    def __init__(self, platform: Platform, run: Rematch, on_progress: Progress) -> None:
        self._platform = platform
        self._run = run
        self._on_progress = on_progress
        self._zones: dict[SweepId, ZoneInfo] = {}
        versions = {matcher.kind: matcher.version for matcher in platform.matchers}
        days = timedelta(days=platform.settings.quality.retention_days)
        self._window = Window(versions=versions, since=run.started_at - days)

    def finish(self) -> Rematch:
        """Go on to the end."""
        platform, prints = self._platform, self._platform.content_prints
        engine = platform.engine()
        filters = platform.opener.some(self._run.works)
        total = self._run.compared + prints.count(self._window, self._run.position)
        while batch := prints.after(self._run.position, self._window, BATCH):
            self._step(batch, filters, engine)
            self._on_progress(self._run.compared, total)
        longest = timedelta(hours=platform.settings.scheduler.max_sweep_hours)
        now = platform.clock()
        platform.quarantine.watch(self._run.sweep_id, now)
        platform.rematches.end(self._run, now, older_than=now - longest)
        return self._run

    def _step(self, batch: Sequence[Fingerprint], filters: Filters, engine: Engine) -> None:
        kinds = {matcher.kind: matcher.type for matcher in self._platform.matchers}
        accuser = Accuser(engine, self._platform.works)
        candidates, found = 0, []
        for fingerprint in batch:
            work_type = kinds[fingerprint.kind]
            works = filters[work_type]
            if (works and work_type in JUDGED_TOGETHER) or any(some.compare(fingerprint) for some in works):
                candidates += 1
                found += self._findings(fingerprint.digest, engine.compare(work_type, fingerprint), accuser)
        self._run = replace(
            self._run,
            position=batch[-1].digest,
            compared=self._run.compared + len(batch),
            candidates=self._run.candidates + candidates,
        )
        with self._platform.database.write() as connection:
            for finding in sorted(found, key=lambda f: f.finding_id):
                findings.record(connection, finding)
            self._platform.rematches.advance(connection, self._run)

    def _findings(self, digest: str, match: MatchResult, accuser: Accuser) -> list[Finding]:
        """The findings of every capture of some content, as of now."""
        if all(comparison.work_id not in self._run.works for comparison in match.accusing):
            return []
        now = self._platform.clock()
        return [
            self._as_of(now, capture, finding)
            for capture in self._platform.captures.holding(digest, self._window.since)
            for finding in accuser.findings(capture, match, self._zone(capture.sweep_id), only=self._run.works)
        ]

    def _as_of(self, now: datetime, capture: Capture, finding: Finding) -> Finding:
        day = capture.fetched_at.astimezone(self._zone(capture.sweep_id)).date()
        comparison = replace(finding.comparison, reason=finding.comparison.reason.afterwards(day))
        return replace(finding, comparison=comparison, found_at=now, sweep_id=self._run.sweep_id)

    def _zone(self, sweep_id: SweepId) -> ZoneInfo:
        """The time zone of the campaign of a sweep; the usual one when that campaign is gone."""
        if sweep_id not in self._zones:
            campaign = self._platform.sweeps.get(sweep_id).campaign
            planned = {c.name: c.time_zone for c in self._platform.campaigns.campaigns()}
            self._zones[sweep_id] = ZoneInfo(planned.get(campaign, USUAL_ZONE))
        return self._zones[sweep_id]
