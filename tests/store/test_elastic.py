"""What is particular to the engine that runs elsewhere."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from domain.errors import StoreError
from domain.ids import FindingId
from store.captures import CaptureStore
from store.database import Database
from store.findings import FindingStore, record
from store.outbox import Outbox
from store.projector import project, rebuild
from store.search import DocumentsRefusedError, Query
from store.search_elastic import ElasticSearch
from tests.contracts.test_search_index import LIGHT, POSTMAN
from tests.support.databases import sqlite_database
from tests.support.findings import FINDING, NOON
from tests.support.network import unused_port
from tests.support.searches import elastic_names

pytestmark = pytest.mark.server
NO_NUMBER = float("nan")


@pytest.fixture
def cluster() -> Iterator[tuple[Elasticsearch, str]]:
    with elastic_names() as (url, prefix), Elasticsearch(url) as client:
        yield client, prefix


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Database]:
    with sqlite_database(tmp_path) as opened:
        yield opened


def test_one_document_that_is_refused_keeps_no_other_back(cluster: tuple[Elasticsearch, str]) -> None:
    index = ElasticSearch(*cluster)
    with pytest.raises(DocumentsRefusedError, match="document_parsing_exception") as refused:
        index.put([replace(LIGHT, similarity=NO_NUMBER), POSTMAN])
    assert list(refused.value.reasons) == ["f1"]
    assert [hit.finding_id for hit in index.search(Query()).hits] == ["f2"]


def test_a_refused_finding_is_set_aside_with_its_reason_until_it_can_be_indexed(
    cluster: tuple[Elasticsearch, str], records: Database
) -> None:
    index, outbox = ElasticSearch(*cluster), Outbox(records)
    findings, captures = FindingStore(records), CaptureStore(records)
    wrong = replace(FINDING, comparison=replace(FINDING.comparison, similarity=float("inf")))
    right = replace(FINDING, finding_id=FindingId("f-right"))
    with records.write() as connection:
        record(connection, wrong)
        record(connection, right)
    assert project(outbox, findings, captures, index, 10) == 2
    [parked] = outbox.parked("search")
    assert (parked.key, "document_parsing_exception" in parked.reason) == (FINDING.finding_id, True)
    assert outbox.lag("search").count == 0
    assert rebuild(outbox, findings, captures, index, NOON) == 2
    assert [each.key for each in outbox.parked("search")] == [FINDING.finding_id]
    assert [hit.finding_id for hit in index.search(Query()).hits] == ["f-right"]


def test_a_read_only_index_is_no_fault_of_the_documents(cluster: tuple[Elasticsearch, str]) -> None:
    client, prefix = cluster
    index = ElasticSearch(client, prefix)
    index.put([LIGHT])
    for blocked in (True, False):
        client.indices.put_settings(index=f"{prefix}-findings", settings={"index.blocks.write": blocked})
        if blocked:
            with pytest.raises(StoreError, match="takes no documents now") as failed:
                index.put([POSTMAN])
            assert not isinstance(failed.value, DocumentsRefusedError)
    index.put([POSTMAN])
    assert index.search(Query()).total == 2


def test_a_rebuild_that_was_cut_short_leaves_the_old_index_and_the_next_one_its_place(
    cluster: tuple[Elasticsearch, str],
) -> None:
    index = ElasticSearch(*cluster)
    index.put([LIGHT])

    def interrupted() -> Iterator[object]:
        yield POSTMAN
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.replace(interrupted())  # type: ignore[arg-type]
    assert [hit.finding_id for hit in index.search(Query()).hits] == ["f1"]
    assert index.replace([POSTMAN]) == 1
    assert [hit.finding_id for hit in index.search(Query()).hits] == ["f2"]


def test_a_cluster_out_of_reach_says_how_to_go_on() -> None:
    with Elasticsearch(f"http://127.0.0.1:{unused_port()}", max_retries=0) as client:
        index = ElasticSearch(client, "test")
        with pytest.raises(StoreError, match="Nothing is lost"):
            index.put([LIGHT])
