"""The maze alone, and the traps that have no end: what is recorded of each, how often it was asked for, and memory."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from domain.captures import Capture, FetchOutcome
from monitor.paths import DataFolder
from store.captures import CaptureStore
from store.database import Database
from store.sweeps import SweepStore
from tests.end_to_end.conftest import Prepared
from tests.mocksite.maze import MAZE
from tests.mocksite.profiles import write_profiles
from tests.mocksite.traps import DOORS, NEVER, ROOMS, TRAPS
from tests.support.commands import run, start

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("end_to_end")]

CAMPAIGN = "maze"
BUDGET = 60
"""Fetches of each host."""
SETTINGS = "[crawler]\ntimeout_seconds = 3.0\nattempts = 2\n"
MOST_MEMORY = 600_000_000
"""Bytes. The bomb alone holds 200 million, the large picture 100 million pixels."""
MONTHS = 16
"""The door of the calendar, its first month, and seven steps back and forth: a start page may lead eight links deep."""

Lost = tuple[dict[str, Capture], dict[str, Any], int]


@pytest.fixture(scope="module")
def lost(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Lost:
    """The captures of a sweep of the maze by address, its report, and the most memory the process held."""
    folder = tmp_path_factory.mktemp("maze")
    data = prepared.copy(folder)
    campaign = write_profiles(folder, prepared.site.port, ["maze", *TRAPS], campaign=CAMPAIGN, max_pages=BUDGET)
    for file in sorted((folder / "sites").glob("*.toml")):
        assert run(data, "sites", "add", str(file))[0] == 0
    assert run(data, "campaigns", "add", str(campaign))[0] == 0
    settings = folder / "settings.toml"
    settings.write_text(SETTINGS, encoding="utf-8")
    prepared.site.requests.clear()
    process = start(data, "sweep", CAMPAIGN, "--json", "--settings", str(settings))
    peak = 0
    while process.poll() is None:
        peak = max(peak, _peak(process.pid))
        time.sleep(0.05)
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert "Traceback" not in err
    return _captures(data), json.loads(out), peak


def _peak(pid: int) -> int:
    """The most memory a process has held so far, in bytes, as Linux counts it; 0 when it has just ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def _captures(data: Path) -> dict[str, Capture]:
    database = Database(f"sqlite:///{DataFolder(data).records}")
    sweep = SweepStore(database).latest(CAMPAIGN)
    assert sweep
    found = {capture.canonical_url: capture for capture in CaptureStore(database).of_sweep(sweep.sweep_id)}
    database.close()
    return found


@pytest.mark.parametrize("path", MAZE)
def test_each_misbehaviour_ends_in_a_typed_outcome(prepared: Prepared, lost: Lost, path: str) -> None:
    capture = lost[0][prepared.site.base("maze") + path]
    assert capture.outcome in MAZE[path][1], capture.reason
    assert capture.reason or capture.outcome is FetchOutcome.CONTENT


def test_a_picture_too_large_to_unpack_is_kept_and_said_not_to_be_compared(prepared: Prepared, lost: Lost) -> None:
    capture = lost[0][prepared.site.base("maze") + "/large.png"]
    assert (capture.reason, capture.payload_digest is None) == ("not compared: image_too_large", False)


def test_a_slow_drip_is_given_up(prepared: Prepared, lost: Lost) -> None:
    assert lost[0][prepared.site.base("slow") + "/drip"].outcome is FetchOutcome.TOO_SLOW
    assert prepared.site.requests["slow", "/drip"] == 2  # once for each of the attempts


def test_a_calendar_ends_at_the_depth_limit_and_is_not_asked_for_the_far_future(prepared: Prepared, lost: Lost) -> None:
    assert lost[0][prepared.site.base("calendar") + NEVER].outcome is FetchOutcome.TRAP
    assert prepared.site.requests["calendar", NEVER] == 0
    assert 2 < fetches(prepared, "calendar") <= MONTHS


def test_session_ids_in_queries_make_no_new_pages(prepared: Prepared, lost: Lost) -> None:
    captured = [url for url in lost[0] if url.startswith(prepared.site.base("sessions") + "/room")]
    assert len(captured) == ROOMS
    assert fetches(prepared, "sessions") == ROOMS + 1


def test_session_ids_in_paths_end_with_the_budget(prepared: Prepared, lost: Lost) -> None:
    halls = [capture for url, capture in lost[0].items() if url.startswith(prepared.site.base("halls"))]
    assert fetches(prepared, "halls") <= BUDGET
    refused = [capture for capture in halls if capture.outcome is FetchOutcome.TRAP]
    assert len(refused) >= DOORS
    assert {capture.reason for capture in refused} == {f"the budget of {BUDGET} fetches is spent"}


def test_nobody_went_where_redirects_led_out_of_bounds(prepared: Prepared, lost: Lost) -> None:
    asked = {label for label, _ in prepared.site.requests}
    assert asked == {"maze", *TRAPS}


def test_the_sweep_ended_by_itself_within_its_memory(lost: Lost, capsys: pytest.CaptureFixture[str]) -> None:
    captured, report, peak = lost
    with capsys.disabled():
        sys.stdout.write(f"\npeak memory of the sweep of the maze: {peak / 1e6:.0f} MB of {MOST_MEMORY / 1e6:.0f} MB\n")
    assert report["state"] == "finished"
    assert report["captures"] == report["coverage"]["planned"] == len(captured)
    assert 0 < peak < MOST_MEMORY


def fetches(prepared: Prepared, label: str) -> int:
    """How often pages of a host were asked for; menus that lead nowhere and robots.txt are not counted."""
    beside = {"/robots.txt", "/list.html", "/top.html", "/help.html"}
    return sum(n for (host, path), n in prepared.site.requests.items() if host == label and path not in beside)
