"""What is ready on this machine, what is missing, and how to mend it."""

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from crawler.rendering.deciding import INSTALL, browser_program
from domain.alerts import AlertState
from domain.campaigns import NightState
from domain.errors import PiracyMonitorError, StoreError
from matcher.software.archives import foreign
from monitor.scheduler import ROLE
from monitor.wiring import Platform
from store.leaders import leader_until
from store.search import Query

NIGHTS_LOOKED_AT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of an installation. *Missing* parts are optional: the rest works without them."""

    name: str
    state: Literal["ready", "missing", "broken"]
    detail: str
    mend: str = ""


def examine(platform: Platform) -> list[Part]:
    """Look at every part. Never raises: a part that fails is reported as broken."""
    checks: tuple[Callable[[Platform], Part], ...] = (
        _records,
        _search,
        _evidence,
        _register,
        _quarantine,
        _schedule,
        _alerts,
        _browser,
        _archives,
    )
    return [_safely(check, platform) for check in checks]


def _safely(check: Callable[[Platform], Part], platform: Platform) -> Part:
    name = check.__name__.removeprefix("_")
    try:
        return check(platform)
    except PiracyMonitorError as error:
        return Part(name=name, state="broken", detail=error.problem, mend=error.mend)
    except (OSError, SQLAlchemyError, sqlite3.Error) as error:
        first_line = str(error).splitlines()[0]
        mend = "Check that the data folder can be written and that the database answers."
        return Part(name=name, state="broken", detail=first_line, mend=mend)


def _records(platform: Platform) -> Part:
    with platform.database.read() as connection:
        connection.execute(text("SELECT 1"))
    return Part(name="records", state="ready", detail=platform.database.engine.dialect.name)


def _search(platform: Platform) -> Part:
    lag = platform.outbox.lag("search")
    since = f", the oldest since {lag.oldest_at.isoformat()}" if lag.oldest_at else ""
    waiting = f"{lag.count} changes wait to be indexed{since}"
    try:
        platform.search.search(Query(limit=0))
    except StoreError as error:
        return Part(name="search", state="broken", detail=f"{error.problem} {waiting}", mend=error.mend)
    if parked := platform.outbox.parked("search"):
        first = f"{parked[0].key}: {parked[0].reason}"
        detail = f"{len(parked)} findings were refused by the engine, the first {first}; {waiting}"
        return Part(name="search", state="broken", detail=detail, mend="Mend the cause, then run `search rebuild`.")
    if lag.oldest_at is None:
        return Part(name="search", state="ready", detail=waiting)
    return Part(name="search", state="ready", detail=waiting, mend="Run `piracy-monitor projector`.")


def _evidence(platform: Platform) -> Part:
    platform.folder.root.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(platform.folder.root).free
    detail = f"{platform.folder.evidence}, {free // 2**30} GiB free"
    if free < 2**30:
        return Part(
            name="evidence", state="broken", detail=detail, mend="Free some disk space: sweeps keep what they see."
        )
    return Part(name="evidence", state="ready", detail=detail)


def _register(platform: Platform) -> Part:
    count = platform.works.count()
    if not count:
        return Part(
            name="register",
            state="missing",
            detail="no registered works",
            mend="Import a catalogue: `piracy-monitor works import FILE`.",
        )
    owed = platform.rematches.owed() if platform.content_prints.any() else 0
    if owed:
        detail = f"{count} registered works, {owed} of them not yet compared with what was captured before"
        return Part(name="register", state="ready", detail=detail, mend="Run `piracy-monitor rematch`.")
    return Part(name="register", state="ready", detail=f"{count} registered works")


def _quarantine(platform: Platform) -> Part:
    held = platform.quarantine.held()
    if not held:
        return Part(name="quarantine", state="ready", detail="no work is held back")
    detail = ", ".join(f"{q.work_id} ({q.count} findings since {q.since.isoformat(timespec='minutes')})" for q in held)
    mend = "Look at some of them, then run `piracy-monitor works quarantine release WORK_ID`."
    return Part(name="quarantine", state="ready", detail=f"held back: {detail}", mend=mend)


def _schedule(platform: Platform) -> Part:
    name = "schedule"
    planned = [campaign.name for campaign in platform.campaigns.campaigns() if campaign.schedule]
    if not planned:
        mend = "Give a campaign a schedule: `campaigns add FILE`."
        return Part(name=name, state="missing", detail="no campaign has a schedule", mend=mend)
    until = leader_until(platform.database, ROLE)
    if until is None or until < platform.clock():
        since = f" since {until.isoformat()}" if until else ""
        mend = "Run `piracy-monitor up`, or `piracy-monitor scheduler`."
        return Part(name=name, state="broken", detail=f"no scheduler runs{since}", mend=mend)
    newest = {night.campaign: night for night in reversed(platform.nights.recent(NIGHTS_LOOKED_AT))}
    bad = [f"{n.campaign}: {n.detail}" for n in newest.values() if n.state in {NightState.MISSED, NightState.FAILED}]
    if bad:
        mend = "Make up for it: `piracy-monitor schedule run CAMPAIGN`."
        return Part(name=name, state="broken", detail="; ".join(bad), mend=mend)
    return Part(name=name, state="ready", detail=f"{len(planned)} campaigns have a schedule")


def _alerts(platform: Platform) -> Part:
    counts, settings = platform.alerts.counts(), platform.settings
    detail = ", ".join(f"{counts.get(state, 0)} {state.replace('_', ' ')}" for state in AlertState)
    if not settings.general.administrators:
        mend = "Name who is told when a sweep does not run: general.administrators in the settings."
        return Part(name="alerts", state="missing", detail=f"no administrators; {detail}", mend=mend)
    if not settings.alerts.smtp_host:
        mend = "Set alerts.smtp_host and the keys below it."
        return Part(name="alerts", state="broken", detail=f"no SMTP server; {detail}", mend=mend)
    return Part(name="alerts", state="ready", detail=detail)


def _browser(platform: Platform) -> Part:
    settings = platform.settings.crawler.rendering
    found = browser_program(settings.program)
    if found is None:
        return Part(
            name="browser",
            state="missing",
            detail="no Chromium found; pages that only a script can show are not read",
            mend=f"Install it: {INSTALL}",
        )
    return Part(name="browser", state="ready", detail=found)


def _archives(_platform: Platform) -> Part:
    found = foreign.program()
    if found is None:
        return Part(
            name="archives",
            state="missing",
            detail=f"no {foreign.PROGRAM} found; RAR, disc images and a few cabinets and 7z files are not opened",
            mend=f"Install it: apt-get install {foreign.PACKAGE}",
        )
    return Part(name="archives", state="ready", detail=found)
