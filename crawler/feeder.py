"""Feeds a crawl from the frontier, and gives every leased address back: recorded, postponed or released."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.settings import CrawlerSettings
from crawler.outcomes import Judgement
from crawler.recorder import Examined, Fetched, Receipt, Recorder
from crawler.scope import Scope
from crawler.writer import GroupWriter
from domain.campaigns import Campaign, Sweep
from domain.captures import FetchOutcome
from domain.coverage import BLOCKED
from store.crews import Crew
from store.database import Database
from store.findings import FindingStore
from store.frontier import Frontier, LeasedEntry
from store.sweeps import SweepStore

logger = logging.getLogger(__name__)

BATCH = 32
# Addresses of one site held ready, for each fetch it allows at once.
READY = 4
# Addresses leased at most, those fetched and not yet recorded included.
HELD = 512
# Pages on which closely watched works were found before, fetched first.
MOST_HOT = 10_000
# Fetches recorded in one transaction at most.
TOGETHER = 64
TICK_SECONDS = 0.1
CHECK_SECONDS = 1.0
FIRST_RETRY_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a crawl got; `rate` is addresses a second since it began."""

    fetched: int
    queue: int
    findings: int
    blocked: int
    rate: float


class Feeder:
    """One worker's share of a sweep. Lives on the event loop; what touches the database runs in threads."""

    def __init__(
        self,
        *,
        sweep: Sweep,
        campaign: Campaign,
        settings: CrawlerSettings,
        database: Database,
        frontier: Frontier,
        scope: Scope,
        crew: Crew,
        recorder: Recorder,
        clock: Callable[[], datetime],
        on_progress: Callable[[Progress], None] | None,
    ) -> None:
        self._sweep = sweep
        self._campaign = campaign
        self._settings = settings
        self._sweeps = SweepStore(database)
        self._database = database
        self._frontier = frontier
        self._crew = crew
        self._sites: frozenset[str] = frozenset()
        self._scope = scope
        self._recorder = recorder
        self.clock = clock
        self._on_progress = on_progress
        self._writer: GroupWriter[Examined, Receipt | None] = GroupWriter(
            lambda examined: recorder.record(examined, clock()), TOGETHER
        )
        self._held: dict[int, LeasedEntry] = {}
        self._unfetched: dict[int, str] = {}
        self._count_from = 0.0
        self._queue = 0
        self._tried: Counter[tuple[str, str]] = Counter()
        self._totals: Counter[str] = Counter()
        self._stopping = asyncio.Event()
        self._settled = asyncio.Event()
        self._began = time.monotonic()

    @property
    def stopping(self) -> bool:
        """Whether the crawl is to end before the frontier is empty."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """End soon. May be called from a signal handler on the event loop."""
        self._stopping.set()
        self._settled.set()

    async def leases(self) -> AsyncIterator[LeasedEntry]:
        """Addresses to fetch, until the frontier is empty, a stop is asked for or the budget is spent."""
        await asyncio.to_thread(self._begin)
        while not self.stopping:
            self._settled.clear()
            taken = await self._lease()
            for entry in taken:
                yield entry
            if not taken and not self._held and await self._is_over():
                break
            if not taken:
                await self._wait()
        await self._check()
        if self.stopping:
            # A signal, too, leaves word in the records that the sweep was stopped and did not finish.
            await asyncio.to_thread(self._sweeps.request_stop, self._sweep.sweep_id)

    async def watch(self, abandon: Callable[[], None]) -> None:
        """Look after the crawl once a second, however busy it is, and `abandon` it when a stop is asked for."""
        while True:
            try:
                await asyncio.wait_for(self._stopping.wait(), CHECK_SECONDS)
            except TimeoutError:
                try:
                    await self._check()
                except Exception:
                    # The records may be out of reach for a moment; leases last longer than that.
                    logger.exception("Could not look after the crawl; it is tried again")
            else:
                abandon()
                return

    async def record(self, fetched: Fetched) -> bool:
        """Record a finished fetch; a failure to do so counts as a failed try of its address.

        Returns whether nothing was recorded because the page must be drawn by a browser first.
        """
        self._unfetched.pop(fetched.entry.id, None)
        try:
            examined = await asyncio.to_thread(self._recorder.examine, fetched)
            if examined.needs_browser:
                return True
            receipt = await self._writer.write(examined)
        except Exception as error:
            # One page that breaks a parser must not end the sweep: it is tried again, then recorded as an error.
            logger.exception("Could not record %s", fetched.entry.url)
            if fetched.judgement is not None:
                raise
            reason = f"could not be examined: {type(error).__name__}"
            await self.fail(fetched.entry, Judgement(outcome=FetchOutcome.ERROR, reason=reason))
        else:
            self._count(fetched.entry, receipt)
        self._settle(fetched.entry)
        return False

    async def fail(self, entry: LeasedEntry, judgement: Judgement, *, after: float | None = None) -> None:
        """A try came to nothing: another later, or `judgement` for good once the tries are used up.

        `after` is the wait in seconds that the server asked for; one beyond the limit ends the tries.
        """
        wait = FIRST_RETRY_SECONDS * 2**entry.attempts if after is None else after
        if entry.attempts + 1 >= self._settings.attempts or wait > self._settings.max_retry_after_seconds:
            await self.record(Fetched(entry=entry, at=self.clock(), judgement=judgement))
            return
        due = self.clock() + timedelta(seconds=wait)
        await asyncio.to_thread(self._frontier.retry, entry.id, due, judgement.reason)
        self._settle(entry)

    def may_retry(self, entry: LeasedEntry, after: float | None) -> bool:
        """Whether `fail` would try an address again."""
        wait = after or 0.0
        return entry.attempts + 1 < self._settings.attempts and wait <= self._settings.max_retry_after_seconds

    async def release_all(self) -> None:
        """Give back what was leased and not finished, and leave the crew."""
        await asyncio.to_thread(self._frontier.release, list(self._held))
        await asyncio.to_thread(self._crew.leave, self.clock(), self._totals["fetched"])
        self._held.clear()

    def _begin(self) -> None:
        now = self.clock()
        self._crew.join(now)
        self._crew.beat(now, 0)
        self._frontier.reclaim(now)
        hot = FindingStore(self._database).pages_of_hot_works(self._sweep.started_at.date(), MOST_HOT)
        with self._database.write() as connection:
            self._frontier.add(connection, [*self._scope.seeds(), *self._scope.raised(hot)], now)
        self._claim()

    def _claim(self) -> None:
        """Take up this worker's share of the sites, with what was spent of the budgets of their hosts."""
        busy = {entry.site for entry in list(self._held.values())}
        sites = self._crew.claim(self.clock(), busy)
        for site in sites - self._sites - busy:
            spent = self._frontier.tried_by_host(site)
            self._tried.update({(site, host): count - self._tried[site, host] for host, count in spent.items()})
        self._sites = sites

    async def _lease(self) -> list[LeasedEntry]:
        if len(self._held) >= HELD or len(self._unfetched) > READY * self._settings.concurrency:
            return []
        ready = Counter(self._unfetched.values())
        # Asked for when half is gone, so that a look at the database brings more than one address.
        full = {site for site, held in ready.items() if held > self._ready(site) // 2}
        sites = sorted(self._sites - full)
        budget = self._campaign.max_fetches
        leased = await asyncio.to_thread(self._frontier.lease, BATCH, self.clock(), sites=sites, budget=budget)
        self._held |= {entry.id: entry for entry in leased}
        self._unfetched |= {entry.id: entry.site for entry in leased}
        objections = [(entry, self._objection(entry)) for entry in leased]
        refused = [(entry, objection) for entry, objection in objections if objection is not None]
        if refused:
            await asyncio.to_thread(self._recorder.record_unfetched, refused, self.clock())
            await asyncio.to_thread(self._frontier.refund, sum(entry.attempts == 0 for entry, _ in refused))
            for entry, _ in refused:
                self._settle(entry)
        return [entry for entry, objection in objections if objection is None]

    def _objection(self, entry: LeasedEntry) -> Judgement | None:
        # What was tried before has its share of the host's budget already.
        tried = self._tried[entry.site, entry.payer] if entry.attempts == 0 else 0
        objection = self._scope.objection(entry, tried)
        if objection is None and entry.attempts == 0:
            self._tried[entry.site, entry.payer] += 1
        return objection

    def _ready(self, site: str) -> int:
        profile = self._scope.site(site)
        return max(READY, READY * profile.concurrency) if profile else BATCH

    async def _is_over(self) -> bool:
        left = await asyncio.to_thread(self._frontier.budget_left, self._campaign.max_fetches)
        if left <= 0 or await asyncio.to_thread(self._frontier.is_empty):
            return True
        await asyncio.to_thread(self._claim)
        return False

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._settled.wait(), TICK_SECONDS)
        except TimeoutError:
            return

    async def _check(self) -> None:
        """Is a stop asked for, are leases and sites still ours, who died, how far did we get."""
        if await asyncio.to_thread(self._sweeps.stop_requested, self._sweep.sweep_id):
            self.stop()
        await asyncio.to_thread(self._look_after, self.clock())
        if self._on_progress is not None:
            await self._count_queue()
            self._on_progress(
                Progress(
                    fetched=self._totals["fetched"],
                    queue=self._queue,
                    findings=self._totals["findings"],
                    blocked=self._totals["blocked"],
                    rate=self._totals["fetched"] / max(time.monotonic() - self._began, 0.001),
                )
            )

    def _look_after(self, now: datetime) -> None:
        self._crew.beat(now, self._totals["fetched"])
        self._frontier.renew(list(self._held), now)
        self._frontier.reclaim(now)
        self._claim()

    async def _count_queue(self) -> None:
        """Counting takes longer the more there is: no more than a tenth of the time goes to it."""
        began = time.monotonic()
        if began >= self._count_from or not self._held:
            self._queue = await asyncio.to_thread(self._frontier.open_count)
            self._count_from = began + 10 * (time.monotonic() - began)

    def _count(self, entry: LeasedEntry, receipt: Receipt | None) -> None:
        if receipt is None:
            logger.warning("Another worker took over %s: this one's lease had run out.", entry.url)
            return
        self._totals["fetched"] += 1
        self._totals["findings"] += receipt.new_findings
        self._totals["blocked"] += receipt.outcome in BLOCKED

    def _settle(self, entry: LeasedEntry) -> None:
        self._held.pop(entry.id, None)
        self._unfetched.pop(entry.id, None)
        self._settled.set()
