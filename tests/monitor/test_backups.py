"""A backup holds all, restores on either database, and says when something of it is gone."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config.settings import Settings
from domain.errors import StoreError, UsageError
from domain.findings import FindingState
from domain.fingerprints import Fingerprint
from domain.ids import SubscriptionId, WorkId, digest_of
from domain.subscriptions import Channel, Subscription
from domain.works import Licence, ReferenceFile, Work, WorkType
from monitor import backups
from monitor.exporting import write_json_lines
from monitor.indexing import rebuild_search
from monitor.wiring import Platform
from store.backup import kept_tables
from store.findings import record
from store.search import Query
from store.tables import decisions
from tests.support.commands import run
from tests.support.databases import postgresql_database
from tests.support.findings import FINDING, NOON, finding
from tests.support.platforms import DEFAULTS

NewPlatform = Callable[[str, str], Platform]


@pytest.fixture
def new_platform(tmp_path: Path) -> Iterator[NewPlatform]:
    """Makes an empty installation of a name on SQLite or PostgreSQL."""
    with ExitStack() as stack:

        def make(name: str, kind: str) -> Platform:
            made = DEFAULTS.model_dump()
            if kind == "postgresql":
                url = stack.enter_context(postgresql_database()).engine.url
                made["database"]["url"] = url.render_as_string(hide_password=False)
            platform = Platform(tmp_path / name / "data", Settings.model_validate(made), lambda: NOON)
            stack.callback(platform.database.close)
            return platform

        yield make


def fill(platform: Platform) -> None:
    """One of nearly everything: a work with its file and fingerprint, findings, decisions, a subscription, evidence."""
    file = ReferenceFile(name="灯.txt", digest=digest_of(b"a"), media_type="text/plain", size=1)
    licence = Licence(host="shop.example", valid_from=date(2026, 1, 1))
    work = Work(
        work_id=WorkId("w1"), title="灯", type=WorkType.TEXT, owner="林晚", licences=(licence,), references=(file,)
    )
    platform.works.put([work])
    platform.works.put_fingerprints(
        work.work_id, [(file.digest, Fingerprint(kind="text", version=1, payload=b"\0\xff"))]
    )
    platform.vault.put(b"a raw exchange", at=NOON, by="a test")
    with platform.database.write() as connection:
        for each in (
            FINDING,
            finding(url="http://b.example/", work_title="=灯 💡"),
            finding(url="http://c.example/"),
        ):
            record(connection, each)
    for state, seen in ((FindingState.DISMISSED, FindingState.OPEN), (FindingState.CONFIRMED, FindingState.DISMISSED)):
        platform.findings.decide(FINDING.finding_id, state, seen=seen, by="wang", reason="看过", at=NOON)
    platform.subscriptions.add(
        Subscription(
            subscription_id=SubscriptionId("s"),
            name="权利人",
            channel=Channel.EMAIL,
            target="a@b.example",
            language="zh-CN",
        )
    )


def export(platform: Platform) -> str:
    out = io.StringIO()
    write_json_lines(platform.findings.export(), out, "zh-CN")
    return out.getvalue()


@pytest.mark.parametrize("source", ["sqlite", "postgresql"])
@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_what_was_wiped_is_restored_on_either_database(
    new_platform: NewPlatform, tmp_path: Path, source: str, target: str
) -> None:
    before, after = new_platform("before", source), new_platform("after", target)
    fill(before)
    made = backups.create(before, tmp_path / "backup", None)
    assert backups.restore(after, tmp_path / "backup").digest == made.digest
    assert export(after) == export(before) != ""
    again = backups.create(after, tmp_path / "again", None)
    assert (again.rows, again.vault_files) == (made.rows, {"evidence": 0, "references": 0})
    for name in (f"{table.name}.jsonl.gz" for table in kept_tables()):
        assert (tmp_path / "again/records" / name).read_bytes() == (tmp_path / "backup/records" / name).read_bytes()
    assert rebuild_search(after) == 3
    assert after.search.search(Query()).total == 3


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_numbers_go_on_after_those_restored(new_platform: NewPlatform, tmp_path: Path, kind: str) -> None:
    before, after = new_platform("before", "sqlite"), new_platform("after", kind)
    fill(before)
    backups.create(before, tmp_path / "backup", None)
    backups.restore(after, tmp_path / "backup")
    at = NOON + timedelta(hours=1)
    after.findings.decide(
        FINDING.finding_id, FindingState.DISMISSED, seen=FindingState.CONFIRMED, by="li", reason="又看过", at=at
    )
    with after.database.read() as connection:
        assert connection.scalar(select(func.count(decisions.c.id.distinct()))) == 3


def test_only_an_empty_database_is_filled(new_platform: NewPlatform, tmp_path: Path) -> None:
    before, after = new_platform("before", "sqlite"), new_platform("after", "sqlite")
    fill(before)
    backups.create(before, tmp_path / "backup", None)
    with pytest.raises(StoreError, match="not empty"):
        backups.restore(before, tmp_path / "backup")
    table = tmp_path / "backup/records/findings.jsonl.gz"
    table.write_bytes(table.read_bytes()[:-9])
    with pytest.raises(StoreError, match="not what was backed up"):
        backups.restore(after, tmp_path / "backup")
    assert export(after) == ""


def test_what_is_gone_or_changed_is_named(new_platform: NewPlatform, tmp_path: Path) -> None:
    platform = new_platform("before", "sqlite")
    fill(platform)
    settings = tmp_path / "mine.toml"
    settings.write_text('[general]\nlanguage = "en"\n')
    folder = tmp_path / "backup"
    backups.create(platform, folder, settings)
    assert list(backups.problems_of(platform, folder)) == []
    ((digest, _),) = platform.vault.listing()
    lost = platform.vault.path_of(digest)
    lost.unlink()
    (folder / "settings.toml").write_text("")
    (folder / "stray").write_text("")
    assert [problem.removeprefix(str(tmp_path)) for problem in backups.problems_of(platform, folder)] == [
        "/backup/settings.toml was changed since the backup was made.",
        "/backup/stray does not belong to the backup.",
        f"{str(lost).removeprefix(str(tmp_path))} is missing; copy it back from the second set of the vault's files.",
    ]


def test_a_backup_never_replaces_another_and_none_appears_half_made(new_platform: NewPlatform, tmp_path: Path) -> None:
    platform = new_platform("before", "sqlite")
    left_by_a_crash = tmp_path / ".backup.part"
    left_by_a_crash.mkdir()
    (left_by_a_crash / "half").write_text("")
    backups.create(platform, tmp_path / "backup", None)
    assert list(backups.problems_of(platform, tmp_path / "backup")) == []
    assert not left_by_a_crash.exists()
    with pytest.raises(UsageError, match="exists already"):
        backups.create(platform, tmp_path / "backup", None)
    with pytest.raises(UsageError, match="holds no backup"):
        backups.opened(tmp_path)


def test_another_schema_is_refused_with_the_version_to_use(new_platform: NewPlatform, tmp_path: Path) -> None:
    platform = new_platform("before", "sqlite")
    backups.create(platform, tmp_path / "backup", None)
    manifest = tmp_path / "backup/backup.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"schema": "0001", "program": "0.0.9"}))
    with pytest.raises(UsageError, match=r"schema 0001.*Restore it with version 0\.0\.9"):
        backups.restore(platform, tmp_path / "backup")


def test_the_commands(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "backup"
    assert run(data, "users", "add", "wang", "--language", "en", typed="long enough a password\n")[0] == 0
    code, out, err = run(data, "backup", "create", str(folder), "--json")
    assert (code, json.loads(out)["rows"]) == (0, 1), err
    assert run(data, "backup", "verify", str(folder))[0] == 0
    assert run(tmp_path / "new", "backup", "restore", str(folder), "--json")[0] == 0
    assert "wang" in run(tmp_path / "new", "users", "list")[1]
    next((folder / "records").iterdir()).unlink()
    code, out, _ = run(data, "backup", "verify", str(folder), "--json")
    assert (code, json.loads(out)["ok"]) == (3, False)
