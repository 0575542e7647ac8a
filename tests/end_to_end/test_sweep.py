"""The whole flow on the bundled site, through the command line, as it is used."""

import csv
import io
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from standardwebhooks import Webhook

from domain.captures import FetchOutcome
from evidence.vault import LOG
from monitor.paths import DataFolder
from monitor.scoring import Truth, score
from store.captures import CaptureStore
from store.database import Database
from store.findings import FindingStore
from store.sweeps import SweepStore
from store.tables import captures, sightings
from tests.alerts.receivers import smtp_server, webhook_server
from tests.end_to_end.conftest import Prepared
from tests.mocksite.maze import MAZE
from tests.mocksite.profiles import CAMPAIGN
from tests.support.commands import run, start

GZIP = b"\x1f\x8b"
"""What a WARC file begins with."""
ALERTS = """
[alerts]
smtp_host = "127.0.0.1"
smtp_port = {port}
smtp_starttls = false
allow_private_targets = true
backoff_seconds = 0.1
"""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800), pytest.mark.xdist_group("end_to_end")]


@pytest.fixture(scope="module")
def swept(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """An undisturbed sweep: its data folder and what the command printed."""
    data = prepared.copy(tmp_path_factory.mktemp("swept"))
    code, out, err = run(data, "sweep", CAMPAIGN, "--json")
    assert code == 0, err
    return data, json.loads(out)


def outcome_of(data: Path) -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
    """What a sweep left: its captures and its findings, without times and ids that differ from run to run."""
    database = Database(f"sqlite:///{DataFolder(data).records}")
    try:
        with database.read() as connection:
            columns = (captures.c.canonical_url, captures.c.outcome, captures.c.payload_digest, captures.c.text)
            captured = [tuple(row) for row in connection.execute(select(*columns))]
        found = {
            (f.finding_id, f.state, f.comparison.verdict, f.comparison.method, f.comparison.similarity)
            for f in FindingStore(database).export()
        }
    finally:
        database.close()
    assert len(captured) == len(set(captured)), "an address was captured twice"
    return set(captured), found


def test_every_copy_is_found_and_nobody_is_accused_falsely(
    prepared: Prepared, swept: tuple[Path, dict[str, Any]]
) -> None:
    database = Database(f"sqlite:///{DataFolder(swept[0]).records}")
    result = score(FindingStore(database).export(), Truth.read(prepared.material / "truth.json"))
    database.close()
    assert result.wrong == ()
    assert result.recall >= 0.95, result.missed


def test_the_report_keeps_to_its_contract(swept: tuple[Path, dict[str, Any]]) -> None:
    report = swept[1]
    assert report["state"] == "finished"
    assert report["findings"]["known"] == 0
    assert report["findings"]["new"] >= 70
    assert report["findings"]["licensed"] >= 2
    assert report["captures"] == report["coverage"]["planned"]
    assert report["coverage"]["fetched"] + sum(report["coverage"]["skipped"].values()) == report["coverage"]["planned"]


def test_each_misbehaviour_ends_in_the_outcome_it_should(
    prepared: Prepared, swept: tuple[Path, dict[str, Any]]
) -> None:
    database = Database(f"sqlite:///{DataFolder(swept[0]).records}")
    sweep = SweepStore(database).latest(CAMPAIGN)
    assert sweep
    seen = {c.canonical_url: c.outcome for c in CaptureStore(database).of_sweep(sweep.sweep_id)}
    database.close()
    base = prepared.site.base("maze")
    wrong = {path: seen.get(base + path) for path, (_, right) in MAZE.items() if seen.get(base + path) not in right}
    assert wrong == {}


def test_licensed_copies_are_recorded_and_not_accused(prepared: Prepared, swept: tuple[Path, dict[str, Any]]) -> None:
    licensed = set(json.loads((prepared.material / "truth.json").read_text())["licensed"])
    code, out, _ = run(swept[0], "findings", "list", "--json", "--limit", "1000")
    assert code == 0
    states = {row["url"]: row["state"] for row in map(json.loads, out.splitlines())}
    assert {states[url] for url in licensed} == {"licensed"}


def test_the_evidence_is_whole_and_opens_elsewhere(swept: tuple[Path, dict[str, Any]]) -> None:
    evidence = DataFolder(swept[0]).evidence
    code, out, err = run(swept[0], "evidence", "verify", str(evidence), "--json")
    assert (code, json.loads(out)["verdict"], json.loads(out)["problems"]) == (3, "untimed", []), err
    files = sorted((evidence / "objects").rglob("*"))
    kept = [path for path in files if path.is_file()]
    warcs = [str(path) for path in kept if path.read_bytes()[:2] == GZIP]
    assert len(warcs) > 150
    assert len(kept) - len(warcs) == 1  # the coverage report
    check = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", *warcs], capture_output=True, text=True, check=False
    )
    assert check.returncode == 0, check.stdout + check.stderr


def test_one_changed_byte_is_named(swept: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    evidence = DataFolder(swept[0]).evidence
    victim = random.Random(7).choice(sorted(p for p in (evidence / "objects").rglob("*") if p.is_file()))
    original = victim.read_bytes()
    victim.chmod(0o644)
    victim.write_bytes(original[:-20] + bytes([original[-20] ^ 4]) + original[-19:])
    code, out, _ = run(tmp_path / "data", "evidence", "verify", str(evidence), "--json")
    victim.write_bytes(original)
    assert code == 3
    assert [p["item"] for p in json.loads(out)["problems"]] == [str(victim.relative_to(evidence))]
    assert (evidence / LOG).is_file()


def test_exports_hold_every_finding(swept: tuple[Path, dict[str, Any]]) -> None:
    _, lines, _ = run(swept[0], "findings", "export", "--format", "jsonl")
    _, table, _ = run(swept[0], "findings", "export", "--format", "csv")
    rows = [json.loads(line) for line in lines.splitlines()]
    assert [row["finding_id"] for row in rows] == [row["finding_id"] for row in csv.DictReader(io.StringIO(table))]
    assert len(rows) == sum(swept[1]["findings"].values())


def test_the_next_sweep_finds_the_same_and_tells_nobody_again(
    prepared: Prepared, swept: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    data, first = swept[0], swept[1]["findings"]
    with smtp_server("451 later") as mailbox, webhook_server(503) as hook:
        (tmp_path / "settings.toml").write_text(ALERTS.format(port=mailbox.port))

        def command(*arguments: str) -> tuple[int, str, str]:
            return run(data, "--settings", str(tmp_path / "settings.toml"), *arguments)

        assert command("subscriptions", "add", "press", "--email", "rights@press.example")[0] == 0
        _, out, _ = command("subscriptions", "add", "platform", "--webhook", hook.url, "--language", "en", "--json")
        secret = json.loads(out)["secret"]
        _, _, err = command("dispatcher", "--once")
        assert err == "2 alerts planned, 0 delivered, 2 attempts failed.\n"
        time.sleep(0.2)  # longer than the wait between attempts that the settings ask for
        code, _, err = command("dispatcher", "--once")
        assert (code, err) == (0, "0 alerts planned, 2 delivered, 0 attempts failed.\n")

        code, out, err = command("sweep", CAMPAIGN, "--json")
        assert code == 0, err
        assert json.loads(out)["findings"] == {"new": 0, "known": first["new"], "licensed": first["licensed"]}
        _, _, err = command("dispatcher", "--once")
        assert err == "0 alerts planned, 0 delivered, 0 attempts failed.\n"
    assert (len(mailbox.mails), len(hook.taken)) == (1, 1)
    document = Webhook(secret).verify(hook.taken[0].body, hook.taken[0].headers)
    _, exported, _ = run(data, "findings", "export")
    rows = [json.loads(line) for line in exported.splitlines()]
    copies = {row["finding_id"] for row in rows if (row["verdict"], row["state"]) == ("copy", "open")}
    assert {finding["finding_id"] for site in document["sites"] for finding in site["findings"]} == copies
    text = mailbox.mails[0].get_body(("plain",))
    assert text is not None
    assert all(f"/findings/{finding_id}\n" in text.get_content() for finding_id in copies)


def test_a_sweep_killed_twenty_times_ends_like_an_undisturbed_one(prepared: Prepared, tmp_path: Path) -> None:
    undisturbed = prepared.copy(tmp_path / "undisturbed")
    assert run(undisturbed, "sweep", CAMPAIGN, "--json")[0] == 0
    data, chance, kills = prepared.copy(tmp_path / "killed"), random.Random(20), 0
    while kills < 20:
        before = sighted(data)
        process = start(data, "sweep", CAMPAIGN, "--json")
        wanted = before + chance.randint(1, 8)
        while process.poll() is None and sighted(data) < wanted:
            pass
        assert process.poll() is None, "the sweep ended before it could be killed twenty times"
        process.kill()
        process.communicate()
        kills += 1
    code, out, err = run(data, "sweep", CAMPAIGN, "--json")
    assert code == 0, err
    assert json.loads(out)["state"] == "finished"
    assert outcome_of(data) == outcome_of(undisturbed)
    code, out, _ = run(data, "evidence", "verify", str(DataFolder(data).evidence), "--json")
    assert json.loads(out)["verdict"] == "untimed"


def sighted(data: Path) -> int:
    """Captures so far."""
    database = Database(f"sqlite:///{DataFolder(data).records}")
    try:
        with database.read() as connection:
            return len(connection.execute(select(captures.c.capture_id)).all())
    finally:
        database.close()


def test_an_unknown_campaign_is_refused_in_one_line(prepared: Prepared) -> None:
    code, out, err = run(prepared.data, "sweep", "nothing")
    assert (code, out) == (2, "")
    assert err.strip() == (
        "piracy-monitor: There is no campaign 'nothing'. Add it with `piracy-monitor campaigns add FILE`."
    )


def test_blocked_is_never_taken_for_removed() -> None:
    assert not any({FetchOutcome.BLOCKED, FetchOutcome.REMOVED} <= right for _, right in MAZE.values())


def test_sightings_are_one_a_sweep(swept: tuple[Path, dict[str, Any]]) -> None:
    database = Database(f"sqlite:///{DataFolder(swept[0]).records}")
    with database.read() as connection:
        rows = connection.execute(select(sightings.c.finding_id, sightings.c.sweep_id)).all()
    database.close()
    assert len(rows) == len(set(rows))
