"""A night over the mock network, through the command line: the report by form, and nobody accused falsely."""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from config.loading import load_settings
from monitor.importing import import_works
from monitor.paths import DataFolder
from monitor.wiring import Platform
from store.captures import CaptureStore
from store.database import Database
from store.findings import FindingStore
from store.leads import LeadStore
from store.profiles import load_campaign, load_site
from store.sweeps import SweepStore
from tests.mocknet.profiles import CAMPAIGN, write_all
from tests.mocknet.scoring import FoundLead, Score, Scorer
from tests.mocknet.server import serve
from tests.mocknet.truth import Truth
from tests.support.commands import run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800), pytest.mark.xdist_group("network")]

COPIES = (
    *("chapter", "text_file", "forum_post", "picture", "shop", "official", "feed_only", "site_search", "search_engine"),
    *("api_film", "player_json", "framed_player", "hls", "dash", "direct_film", "direct_music", "package"),
    *("framed_text", "sitemap_only"),
)
"""Forms of copies that a sweep finds. Chapters in parts, and pages drawn by script, are only in the report as yet."""
LEAST = 0.95
"""Share of the planted copies of each form that must be found."""
LEADS = dict.fromkeys(("ed2k", "source_list", "torrent", "netdisk", "magnet", "qr"), LEAST) | {"title": 0.7}
"""Least share of the planted leads of each form that are found."""
WALLS = ("captcha", "forbidden", "rate_limited", "login", "soft_404", "parked", "dead_share", "robots")
LOOKALIKES = ("captcha", "forbidden", "rate_limited", "login", "soft_404", "parked", "share_alive", "share_code")
"""The walls that have pages beside them which only speak of such things, or are there."""

MONTHS, MIRRORED = 16, 120
"""Most pages of the calendar (two ways, eight links deep) and of the mirrored site (four times its own) fetched."""


@dataclass(frozen=True)
class Night:
    """What the command printed, and how good it was."""

    report: dict[str, Any]
    score: Score
    requests: Counter[tuple[str, str]]
    """How often each path of each host, by its label, was asked for."""


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    folder = tmp_path_factory.mktemp("network")
    data, material = folder / "data", folder / "material"
    with serve() as running:
        _registered(data, material, write_all(running.network, material))
        code, out, err = run(data, "sweep", CAMPAIGN, "--json")
        assert code == 0, err
        assert "Traceback" not in err
    return Night(json.loads(out), _scored(data, material / "truth.json"), running.requests)


def _registered(data: Path, material: Path, campaign_file: Path) -> None:
    """Register the works and the campaign as the commands do, sixty sites in one process."""
    platform = Platform(data, load_settings(None, {}))
    try:
        report = import_works(platform, material / "catalogue.csv", media=material)
        assert report.rejected == 0, report.problems
        for profile in sorted((material / "sites").glob("*.toml")):
            platform.campaigns.put_site(load_site(profile))
        platform.campaigns.put_campaign(load_campaign(campaign_file), platform.clock())
    finally:
        platform.workers.close()
        platform.database.close()


def _scored(data: Path, truth: Path) -> Score:
    database = Database(f"sqlite:///{DataFolder(data).records}")
    try:
        sweep = SweepStore(database).latest(CAMPAIGN)
        assert sweep
        outcomes = {c.canonical_url: str(c.outcome) for c in CaptureStore(database).of_sweep(sweep.sweep_id)}
        leads = [
            FoundLead(kind=lead.kind, target=lead.target, page=lead.page_url, work_ids=frozenset(lead.works))
            for lead in LeadStore(database).export()
        ]
        return Scorer(Truth.read(truth)).score(FindingStore(database).export(), leads, outcomes)
    finally:
        database.close()


def test_the_report_by_form_is_printed(night: Night, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{night.score.table()}\n")
        for each in (*night.score.wrong_leads, *night.score.missed):
            sys.stdout.write(f"{each}\n")
    assert night.report["state"] == "finished"
    # A text joined of several pages is one more capture.
    assert night.report["captures"] >= night.report["coverage"]["planned"]


def test_nobody_is_accused_falsely(night: Night) -> None:
    assert night.score.false_findings == []


@pytest.mark.parametrize("form", COPIES)
def test_the_copies_of_a_form_are_found(night: Night, form: str) -> None:
    missed = [each for each in night.score.missed if each[0] == form]
    assert night.score.copies[form].recall >= LEAST, missed


@pytest.mark.parametrize("form", LEADS)
def test_the_leads_of_a_form_are_found(night: Night, form: str) -> None:
    missed = [each for each in night.score.missed if each[0] == form]
    assert night.score.leads[form].recall >= LEADS[form], missed


def test_no_lead_names_a_work_where_there_is_none(night: Night) -> None:
    assert night.score.wrong_leads == []


def test_licensed_texts_and_pictures_are_recorded_as_licensed(night: Night) -> None:
    assert night.score.licensed.found >= 8


@pytest.mark.parametrize("form", WALLS)
def test_walls_are_told_apart(night: Night, form: str) -> None:
    row = night.score.walls[form]
    assert row.found == row.planted > 0


@pytest.mark.parametrize("form", LOOKALIKES)
def test_what_looks_like_a_wall_is_content(night: Night, form: str) -> None:
    row = night.score.walls[form]
    assert (row.decoys > 0, row.wrong) == (True, 0)


def test_nothing_is_taken_for_removed_that_is_not(night: Night) -> None:
    assert night.score.taken_for_removed == []


def test_traps_cost_little_and_robots_txt_is_followed(night: Night) -> None:
    """A calendar, a site mirrored in itself, and addresses that name visits."""
    months = [path for label, path in night.requests if label == "shequ-a" and path.startswith("/month/")]
    assert 0 < len(months) <= MONTHS
    mirrored = [path for label, path in night.requests if label == "cili-b" and path.startswith("/m/")]
    assert 0 < len(mirrored) <= MIRRORED
    threads = Counter(path.partition("?")[0] for label, path in night.requests if label == "luntan-a")
    assert max(threads.values()) == 1
    assert not [path for _, path in night.requests if path.startswith("/vip/")]
