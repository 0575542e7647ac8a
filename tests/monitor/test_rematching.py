"""New works against what was captured before they were registered."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawler.examination import Examiner
from crawler.recorder import Fetched, Recorder
from crawler.scope import PAGE, Scope
from crawler.urls import url_key
from domain.campaigns import Campaign, SiteProfile, SweepState
from domain.findings import Finding, FindingState, Verdict
from domain.ids import SubscriptionId, SweepId, WorkId
from domain.subscriptions import Channel, Subscription
from evidence.exchange import RawExchange
from monitor.health import examine
from monitor.locks import alone
from monitor.rematching import catch_up, rematch
from monitor.wiring import Platform
from store.frontier import Frontier, FrontierEntry
from store.holders import this_process
from store.tables import content_prints, rematches, sweeps
from tests.mocksite.catalogue import STORIES
from tests.support.commands import run
from tests.support.platforms import platform_in, register

pytestmark = [pytest.mark.timeout(300)]
NIGHT = datetime(2026, 11, 1, 3, tzinfo=UTC)
LATER = NIGHT + timedelta(days=20)
STORY, OTHER, THIRD = (path.read_text(encoding="utf-8") for path in sorted(STORIES.glob("zh-*.txt"))[:3])


class Clock:
    now = LATER

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return platform_in(tmp_path, Clock())


def sweep(platform: Platform, pages: dict[str, str], at: datetime = NIGHT, *, ended: bool = True) -> SweepId:
    """Record pages as a sweep does, without fetching them from anywhere."""
    site = SiteProfile(name="novels", hosts=("novels.example",), start_urls=("http://novels.example/",))
    begun = platform.sweeps.start("nightly", at)
    frontier = Frontier(platform.database, begun.sweep_id, holder=this_process(), lease_seconds=60)
    engine = platform.engine()
    recorder = Recorder(
        sweep_id=begun.sweep_id,
        campaign=Campaign(name="nightly", sites=("novels",)),
        database=platform.database,
        vault=platform.vault,
        engine=engine,
        frontier=frontier,
        scope=Scope([site], max_url_length=2000, today=at.date()),
        examiner=Examiner(engine, max_page_bytes=1 << 20, max_image_bytes=1 << 20),
        follow_links=False,
    )
    urls = [f"http://novels.example/{name}.html" for name in pages]
    with platform.database.write() as connection:
        entries = [
            FrontierEntry(url_key=url_key(url), url=url, kind=PAGE, host="novels.example", site="novels")
            for url in urls
        ]
        frontier.add(connection, entries, at)
    for entry in frontier.lease(len(urls), at):
        text = pages[entry.url.rsplit("/", 1)[1].removesuffix(".html")]
        body = "".join(f"<p>{line}</p>" for line in text.splitlines())
        exchange = RawExchange(
            url=entry.url,
            method="GET",
            request_headers=(("Host", entry.host),),
            status=200,
            status_text="OK",
            http_version="HTTP/1.1",
            response_headers=(("Content-Type", "text/html; charset=utf-8"),),
            body=f"<html><body>{body}</body></html>".encode(),
            address="203.0.113.57",
            fetched_at=at,
        )
        recorder.record([recorder.examine(Fetched(entry=entry, at=at, exchange=exchange))], at)
    if ended:
        platform.sweeps.end(begun.sweep_id, SweepState.FINISHED, at)
    return begun.sweep_id


def summary(found: Finding) -> tuple[Any, ...]:
    """What of a finding does not depend on when it was compared."""
    comparison = found.comparison
    return (found.finding_id, found.work_id, found.url, found.host, found.state, comparison.verdict, comparison.spans)


def test_a_later_work_is_found_on_what_was_captured_before(platform: Platform) -> None:
    register(platform, {"other": OTHER})
    sweep(platform, {"copy": STORY, "nothing": THIRD, "known": OTHER})
    assert [f.work_id for f in platform.findings.export()] == ["other"]
    rematch(platform)
    register(platform, {"story": STORY})
    report = rematch(platform)
    assert (report.works, report.compared, report.new, report.known) == (1, 3, 1, 0)
    assert report.candidates < 3
    found = next(f for f in platform.findings.export() if f.work_id == "story")
    assert (found.url, found.state, found.comparison.verdict) == (
        "http://novels.example/copy.html",
        FindingState.OPEN,
        Verdict.COPY,
    )
    assert found.found_at == LATER
    assert "2026-11-01" in found.comparison.reason.sentence("zh-CN")
    assert "captured on 2026-11-01" in found.comparison.reason.sentence("en")
    capture = platform.captures.get(found.capture_id)
    assert capture
    assert capture.record_digest == found.evidence
    assert rematch(platform).works == 0


def test_it_finds_what_a_sweep_over_the_whole_register_finds(tmp_path: Path) -> None:
    stories = {path.stem: path.read_text(encoding="utf-8") for path in STORIES.glob("*.txt")}
    pages = {
        f"{name}-{part}": text[at : at + 1500] for name, text in stories.items() for part, at in enumerate((0, 900))
    }
    first = platform_in(tmp_path / "first", Clock())
    register(first, stories)
    sweep(first, pages)
    later = platform_in(tmp_path / "later", Clock())
    sweep(later, pages)
    register(later, stories)
    rematch(later)
    assert {summary(f) for f in later.findings.export()} == {summary(f) for f in first.findings.export()}
    assert len(list(first.findings.export())) >= len(pages)


def test_licences_and_the_days_they_ran_are_respected(platform: Platform) -> None:
    sweep(platform, {"copy": STORY})
    register(platform, {"story": STORY}, licensed_hosts="novels.example@2026-10-01..2026-11-05")
    assert rematch(platform).licensed == 1
    assert [f.state for f in platform.findings.export()] == [FindingState.LICENSED]


def test_a_work_in_the_public_domain_accuses_nobody_from_its_day_on(platform: Platform) -> None:
    sweep(platform, {"copy": STORY, "other": OTHER})
    register(platform, {"story": STORY}, public_domain_since="2026-11-01")
    register(platform, {"other": OTHER}, public_domain_since="2026-11-02")
    assert rematch(platform).licensed == 1
    states = {f.work_id: f.state for f in platform.findings.export()}
    assert states == {"story": FindingState.LICENSED, "other": FindingState.OPEN}


def test_a_poisoned_reference_is_quarantined_before_anyone_is_told(tmp_path: Path) -> None:
    platform = platform_in(tmp_path, Clock(), flood_least=5)
    sweep(platform, {f"page{n}": STORY for n in range(8)})
    press = Subscription(
        subscription_id=SubscriptionId("s1"), name="press", channel=Channel.EMAIL, target="a@b.example"
    )
    platform.subscriptions.add(press)
    platform.dispatcher().round()
    register(platform, {"poisoned": STORY})
    assert rematch(platform).new == 8
    assert [(q.work_id, q.count) for q in platform.quarantine.held()] == [("poisoned", 8)]
    assert platform.dispatcher().round().planned == 0
    code, out, _ = run(tmp_path / "data", "works", "quarantine", "list", "--json")
    assert (code, json.loads(out)["count"]) == (0, 8)
    code, _, err = run(tmp_path / "data", "works", "quarantine", "release", "poisoned", "--dismiss", "--by", "zhou")
    assert (code, err) == (0, "8 findings of poisoned are dismissed.\n")
    code, _, err = run(tmp_path / "data", "works", "quarantine", "undo", "poisoned", "--by", "zhou")
    assert (code, "8 dismissals were taken back" in err) == (0, True)
    assert run(tmp_path / "data", "works", "quarantine", "release", "poisoned", "--by", "zhou")[0] == 0
    assert platform.dispatcher().round().planned == 1


def test_equal_content_is_kept_once_and_every_address_of_it_found(platform: Platform) -> None:
    sweep(platform, {"a": STORY, "b": STORY})
    sweep(platform, {"a": STORY}, NIGHT + timedelta(days=1))
    with platform.database.read() as connection:
        (kept,) = connection.execute(select(content_prints))
    assert kept.last_seen_at == NIGHT + timedelta(days=1)
    register(platform, {"story": STORY})
    report = rematch(platform)
    assert (report.compared, report.new) == (1, 2)
    days = {f.url[-6]: f.comparison.reason.sentence("en")[-60:] for f in platform.findings.export()}
    assert {page: "2026-11-02" in said for page, said in days.items()} == {"a": True, "b": False}


def test_alerts_are_owed_once_and_under_their_own_name(platform: Platform) -> None:
    sweep(platform, {"copy": STORY})
    press = Subscription(
        subscription_id=SubscriptionId("s1"), name="press", channel=Channel.EMAIL, target="a@b.example"
    )
    platform.subscriptions.add(press)
    platform.dispatcher().round()
    register(platform, {"story": STORY})
    rematch(platform)
    assert platform.dispatcher().round().planned == 1
    rematch(platform, [WorkId("story")])
    assert platform.dispatcher().round().planned == 0


def test_what_is_older_than_the_retention_is_dropped_and_not_compared(platform: Platform) -> None:
    sweep(platform, {"old": STORY}, LATER - timedelta(days=91))
    sweep(platform, {"new": OTHER}, LATER - timedelta(days=89))
    register(platform, {"story": STORY, "other": OTHER})
    report = rematch(platform)
    assert (report.compared, [f.work_id for f in platform.findings.export()]) == (1, ["other"])
    assert platform.content_prints.purge(LATER - timedelta(days=90), 100) == 1
    assert platform.content_prints.purge(LATER - timedelta(days=90), 0) == 1


def test_a_changed_work_is_owed_again_and_a_changed_title_is_not(platform: Platform) -> None:
    sweep(platform, {"copy": OTHER})
    register(platform, {"story": STORY})
    assert rematch(platform).new == 0
    register(platform, {"story": STORY}, title="另一个名字")
    assert platform.rematches.owed() == 0
    register(platform, {"story": OTHER})
    assert rematch(platform).new == 1


def test_a_sweep_under_way_keeps_the_works_owed(platform: Platform) -> None:
    sweep(platform, {"copy": STORY}, LATER - timedelta(hours=1), ended=False)
    register(platform, {"story": STORY})
    assert rematch(platform).new == 1
    assert platform.rematches.owed() == 1
    Clock.now = LATER + timedelta(hours=13)
    try:
        assert rematch(platform).known == 1
    finally:
        Clock.now = LATER
    assert platform.rematches.owed() == 0


def test_a_run_that_is_killed_goes_on_and_ends_like_an_undisturbed_one(tmp_path: Path) -> None:
    pages = {f"p{n:04}": f"第{n}页，记一些无关的话。" * 20 + f"编号{n * 7919}" * 12 for n in range(410)}
    pages |= {f"copy{n}": f"{n}" * 3 + STORY for n in range(20)}
    outcomes = []
    for kills in ((), (4, 12, 6)):
        folder = tmp_path / f"killed-{len(kills)}"
        platform = platform_in(folder)
        sweep(platform, pages, datetime.now(UTC) - timedelta(days=2))
        register(platform, {"story": STORY})
        reached = []
        for times in kills:
            command = [sys.executable, "-m", "tests.monitor.killed_rematch", str(folder), str(times)]
            assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
            reached.append((position(platform), len(list(platform.findings.export()))))
        assert reached == sorted(reached)
        assert len({at for at, _ in reached}) > 1 or not kills, "no kill came after a batch was recorded"
        code, out, err = run(folder / "data", "rematch", "--new", "--json")
        assert code == 0, err
        report = json.loads(out)
        outcomes.append((report, {summary(f) for f in platform.findings.export()}, len(sweeps_of(platform))))
        assert platform.rematches.owed() == 0
    assert outcomes[0] == outcomes[1]
    report = outcomes[0][0]
    assert (report["works"], report["compared"]) == (1, len(pages))
    assert report["findings"] == {"new": 20, "known": 0, "licensed": 0}


def position(platform: Platform) -> str:
    with platform.database.read() as connection:
        return str(connection.scalars(select(rematches.c.position)).one())


def sweeps_of(platform: Platform) -> list[SweepId]:
    with platform.database.read() as connection:
        return [SweepId(i) for i in connection.scalars(select(sweeps.c.sweep_id))]


def test_what_is_owed_is_said_and_done_before_a_night_by_one_process_alone(
    platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    sweep(platform, {"copy": STORY}, datetime.now(UTC) - timedelta(days=2))
    register(platform, {"story": STORY})
    data = platform.folder.root
    catalogue = data.parent / "material" / "catalogue.csv"
    code, _, err = run(data, "works", "import", str(catalogue))
    assert (code, "1 works are to be compared with what was captured before" in err) == (0, True)
    register_part = next(part for part in examine(platform) if part.name == "register")
    assert register_part.mend == "Run `piracy-monitor rematch`."
    with alone(platform.folder.locks, "rematch"):
        catch_up(platform)
    assert platform.rematches.owed() == 1
    catch_up(platform)
    assert (platform.rematches.owed(), [f.work_id for f in platform.findings.export()]) == (0, ["story"])
    assert caplog.records == []


def test_unknown_works_and_both_options_are_refused(tmp_path: Path) -> None:
    code, _, err = run(tmp_path / "data", "rematch", "--work", "nothing")
    assert (code, "There is no work nothing." in err) == (2, True)
    assert run(tmp_path / "data", "rematch", "--work", "nothing", "--new")[0] == 2
