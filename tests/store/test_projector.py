from dataclasses import replace
from pathlib import Path

from domain.captures import Capture, FetchOutcome
from domain.findings import FindingState
from store.captures import CaptureStore, add
from store.database import Database
from store.findings import FindingStore, record
from store.outbox import Outbox
from store.projector import project, rebuild, refresh
from store.search import Query
from store.search_embedded import EmbeddedSearch
from store.sweeps import SweepStore
from tests.support.findings import FINDING, NOON, URL


def test_changes_reach_the_index_and_a_rebuild_agrees(database: Database, tmp_path: Path) -> None:
    index = EmbeddedSearch(tmp_path / "search.sqlite")
    outbox, findings, captures = Outbox(database), FindingStore(database), CaptureStore(database)
    sweep = SweepStore(database).start("night", NOON)
    capture = Capture(
        capture_id=FINDING.capture_id,
        sweep_id=sweep.sweep_id,
        url=URL,
        canonical_url=URL,
        host="novels.example",
        fetched_at=NOON,
        outcome=FetchOutcome.CONTENT,
        title="第一章",
        text="守灯人把灯芯又剪了一次",
    )
    with database.write() as connection:
        add(connection, [capture])
        record(connection, replace(FINDING, sweep_id=sweep.sweep_id))
    assert captures.get(FINDING.capture_id) == capture
    assert list(captures.of_sweep(sweep.sweep_id)) == [capture]

    assert project(outbox, findings, captures, index, 10) == 1
    assert project(outbox, findings, captures, index, 10) == 0
    assert [hit.finding_id for hit in index.search(Query(text="灯芯")).hits] == [FINDING.finding_id]

    findings.decide(
        FINDING.finding_id, FindingState.CONFIRMED, seen=FindingState.OPEN, by="wang", reason="相同", at=NOON
    )
    refresh(FINDING.finding_id, findings, captures, index)
    assert index.search(Query()).facets["state"] == (("confirmed", 1),)
    assert project(outbox, findings, captures, index, 10) == 1
    projected = index.search(Query(text="守灯人"))
    assert projected.facets["state"] == (("confirmed", 1),)

    assert rebuild(outbox, findings, captures, index, NOON) == 1
    assert index.search(Query(text="守灯人")) == projected
