"""Runs one crawl in a process of its own, as a reactor starts once a process: `python -m tests.crawler.crawl JOB`."""

import json
import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.loading import load_settings
from config.settings import CrawlerSettings
from crawler.readers import own_readers
from crawler.runner import CrawlJob, run_crawl
from domain.campaigns import Campaign, RobotsPolicy, SiteProfile
from domain.captures import Capture
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from domain.works import Licence, Work, WorkType
from evidence.vault import FolderVault
from matcher.engine import Engine
from matcher.segments.upkeep import open_references
from matcher.worktypes import Content, Reference, WorkTypeMatcher
from monitor.matchers import matchers_of
from store.captures import CaptureStore
from store.database import Database
from store.schema import upgrade
from store.sweeps import SweepStore
from store.works import WorkStore

ROOT = Path(__file__).parents[2]
NAMES = {
    WorkType.TEXT: "a.txt",
    WorkType.IMAGE: "a.png",
    WorkType.VIDEO: "a.mp4",
    WorkType.AUDIO: "a.wav",
    WorkType.SOFTWARE: "a.zip",
}
NIGHT = datetime(2026, 11, 22, 3, tzinfo=UTC)


def job_file(
    folder: Path,
    start_urls: list[str],
    *,
    hosts: list[str] | None = None,
    works: dict[str, str] | None = None,
    pictures: dict[str, Path] | None = None,
    films: dict[str, Path] | None = None,
    sounds: dict[str, Path] | None = None,
    packages: dict[str, Path] | None = None,
    licensed: list[str] | None = None,
    site: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
    campaign: dict[str, Any] | None = None,
    loopback_hosts: list[str] | None = None,
    database: Database | None = None,
) -> Path:
    """Write a job for `start`; values left out suit a fast crawl of a site on loopback.

    Its records go to `database`, else beside the job.
    """
    job = {
        "site": {"hosts": hosts or ["site.localhost"], "start_urls": start_urls, "delay_seconds": 0.0, "concurrency": 8}
        | (site or {}),
        "settings": {"timeout_seconds": 2.0, "attempts": 2} | (settings or {}),
        "campaign": {"allow_loopback": True} | (campaign or {}),
        "works": works or {},
        "files": {
            kind: {title: str(path) for title, path in (given or {}).items()}
            for kind, given in (("image", pictures), ("video", films), ("audio", sounds), ("software", packages))
        },
        "licensed": licensed or [],
        "loopback_hosts": loopback_hosts or [],
        "database": database.engine.url.render_as_string(hide_password=False) if database else "",
    }
    path = folder / "job.json"
    path.write_text(json.dumps(job), encoding="utf-8")
    return path


def start(job: Path, **environment: str) -> subprocess.Popen[str]:
    """Begin the job of a file; its records are beside it."""
    command = [sys.executable, "-m", "tests.crawler.crawl", str(job)]
    inherited = {"PATH": "/usr/bin:/bin", "NUMBA_NUM_THREADS": "1"}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process: subprocess.Popen[str] = subprocess.Popen(command, cwd=ROOT, env=inherited | environment, **pipes)
    return process


def run(job: Path, **environment: str) -> str:
    """Run the job of a file to its end; what it wrote to standard error."""
    process = start(job, **environment)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return errors


@contextmanager
def records(folder: Path, url: str = "") -> Iterator[Database]:
    """The records of the crawls in `folder`, or those at `url`."""
    database = Database(url or f"sqlite:///{folder / 'records.sqlite'}")
    upgrade(database)
    yield database
    database.close()


def captured(folder: Path) -> dict[str, Capture]:
    """The captures of the newest sweep in `folder`, by canonical address."""
    with records(folder) as database:
        sweep = SweepStore(database).latest("test")
        assert sweep
        return {capture.canonical_url: capture for capture in CaptureStore(database).of_sweep(sweep.sweep_id)}


def _main(path: Path) -> None:
    given = json.loads(path.read_text(encoding="utf-8"))
    settings = load_settings()
    limits = CrawlerSettings.model_validate(settings.crawler.model_dump() | given["settings"])
    profile: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in given["site"].items()}
    site = SiteProfile(name="site", **profile)
    plan = given["campaign"] | {"robots": RobotsPolicy(given["campaign"].get("robots", "obey"))}
    campaign = Campaign(name="test", sites=("site",), **plan)
    with records(path.parent, given["database"]) as database:
        works = {
            WorkType(kind): {title: Path(file).read_bytes() for title, file in files.items()}
            for kind, files in given["files"].items()
        }
        works[WorkType.TEXT] = {title: text.encode() for title, text in given["works"].items()}
        matchers = [each for each in matchers_of(settings.matcher) if works[each.type] or each.type is WorkType.TEXT]
        opened = {
            matcher.type: open_references(
                matcher,
                [_register(database, matcher, *work, given["licensed"]) for work in works[matcher.type].items()],
                path.parent / "index" / matcher.type,
            )
            for matcher in matchers
        }
        engine = Engine(matchers, opened)
        sweeps = SweepStore(database)
        sweep = sweeps.unfinished("test") or sweeps.start("test", NIGHT)
        job = CrawlJob(
            sweep=sweep,
            campaign=campaign,
            sites=[site],
            settings=limits,
            database=database,
            vault=FolderVault(path.parent / "evidence"),
            engine=engine,
            readers=own_readers(settings.matcher.image),
            loopback_hosts=given["loopback_hosts"],
            on_progress=lambda progress: print(json.dumps(asdict(progress)), flush=True),  # noqa: T201 - for the test
        )
        run_crawl(job)


def _register(database: Database, matcher: WorkTypeMatcher, title: str, data: bytes, licensed: list[str]) -> Reference:
    fingerprint = matcher.fingerprint(Content(data=data, name=NAMES[matcher.type]), registering=True)
    assert isinstance(fingerprint, Fingerprint)
    licences = tuple(Licence(host=host) for host in licensed)
    work = Work(work_id=WorkId(title), title=title, type=matcher.type, owner="林晚", licences=licences)
    WorkStore(database).put([work])
    return Reference(work_id=work.work_id, title=title, owner="林晚", digest=digest_of(data), fingerprint=fingerprint)


if __name__ == "__main__":
    logging.getLogger("crawler").addHandler(logging.StreamHandler())  # as `monitor.cli.main` does
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _main(Path(sys.argv[1]))
