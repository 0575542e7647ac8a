"""Campaigns (what to watch, where, on which nights), site profiles and the sweeps they start."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.ids import SweepId

REMATCH = "(rematch)"
"""The campaign of sweeps that compare earlier captures with new works; the name of a real one has no brackets."""
RELEASED = "(released)"
"""The same for those that bring back what a quarantine held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteProfile:
    """How one site is crawled.

    `hosts` bounds it (subdomains included); only the pictures that its pages show may lie elsewhere.
    """

    name: str
    hosts: tuple[str, ...]
    start_urls: tuple[str, ...]
    sitemaps: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    """RSS or Atom."""
    apis: tuple[str, ...] = ()
    """MacCMS interfaces, as in `https://films.example/api.php/provide/vod/`."""
    api_hours: int = 0
    """Asks those for what changed within so many hours; 0 for everything."""
    lists: tuple[str, ...] = ()
    """Lists of sources for players (TVBox) or readers (Legado); each becomes a lead, and nothing there is fetched."""
    numbered: tuple[str, ...] = ()
    """Addresses with `{page}`: each page that lists something new leads to the next number."""
    searches: tuple[str, ...] = ()
    """Addresses with `{title}`, asked for each title and alias of the works that are watched most closely first."""
    search_charset: str = "utf-8"
    """In which titles are written into those addresses."""
    opensearch: tuple[str, ...] = ()
    """OpenSearch descriptions, which name such addresses."""
    results: str = ""
    """CSS selector of the results on a page that answers a search; those of other sites become leads."""
    max_searches: int = 200
    """Searches asked in one sweep."""
    allow: tuple[str, ...] = ()
    """Regular expressions over the canonical URL; empty allows everything on the hosts."""
    deny: tuple[str, ...] = ()
    max_depth: int = 8
    max_pages: int = 10_000
    """Budget of fetches per host and sweep."""
    delay_seconds: float = 1.0
    concurrency: int = 1


class RobotsPolicy(StrEnum):
    """Whether a campaign follows robots.txt; ignoring it needs a recorded legal ground."""

    OBEY = "obey"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """What to watch and when."""

    name: str
    sites: tuple[str, ...]
    schedule: str = ""
    """Cron line of five fields; empty means only by hand."""
    time_zone: str = "Asia/Shanghai"
    robots: RobotsPolicy = RobotsPolicy.OBEY
    robots_ground: str = ""
    allow_loopback: bool = False
    """For demonstrations and tests only: lets the guard pass loopback addresses."""
    max_fetches: int = 100_000
    """Budget of fetches per sweep, all hosts together."""
    canaries: tuple[str, ...] = ()
    """Pages that are known to be there: a sweep that does not see one of them raises an alarm."""


class SweepState(StrEnum):
    """How far a sweep got. *Failed* ended without fetching any content."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """One run over the sites of a campaign."""

    sweep_id: SweepId
    campaign: str
    state: SweepState
    started_at: datetime
    ended_at: datetime | None = None
    planned_for: datetime | None = None
    """The night it was scheduled for; None when started by hand."""


class NightState(StrEnum):
    """What became of a night. *Missed*: nothing was started in time."""

    STARTED = "started"
    FINISHED = "finished"
    FAILED = "failed"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One time at which a campaign was to be swept."""

    campaign: str
    planned_for: datetime
    state: NightState
    detail: str
    """Why it failed or was missed."""
    at: datetime
    """When it was last begun, or settled."""
    attempts: int
    holder: str
    """The process that works on it (see `store.holders`)."""
