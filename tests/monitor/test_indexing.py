from pathlib import Path

from config.loading import load_settings
from monitor.health import examine
from monitor.indexing import index_batch
from monitor.locks import alone
from monitor.wiring import Platform
from store.findings import record
from store.search import Query
from tests.support.findings import FINDING
from tests.support.network import unused_port
from tests.support.searches import elastic_names


def test_changes_wait_while_another_process_indexes(tmp_path: Path) -> None:
    platform = Platform(tmp_path, load_settings())
    with platform.database.write() as connection:
        record(connection, FINDING)
    with alone(platform.folder.locks, "indexing"):
        assert index_batch(platform) == 0
    assert platform.search.search(Query()).total == 0
    assert index_batch(platform) == 1
    assert platform.search.search(Query()).total == 1
    platform.database.close()


def test_findings_wait_while_elasticsearch_is_down_and_are_searchable_once_it_is_up(tmp_path: Path) -> None:
    with elastic_names() as (url, prefix):
        down, up = (
            Platform(
                tmp_path,
                load_settings(
                    None,
                    {
                        "PIRACY_MONITOR_SEARCH__ENGINE": "elasticsearch",
                        "PIRACY_MONITOR_SEARCH__URL": address,
                        "PIRACY_MONITOR_SEARCH__PREFIX": prefix,
                    },
                ),
            )
            for address in (f"http://127.0.0.1:{unused_port()}", url)
        )
        with down.database.write() as connection:
            record(connection, FINDING)
        assert index_batch(down) == 0
        state = next(part for part in examine(down) if part.name == "search")
        assert state.state == "broken"
        assert "1 changes wait to be indexed, the oldest since 2026-11-22" in state.detail
        assert "Nothing is lost" in state.mend
        assert index_batch(up) == 1
        assert up.search.search(Query()).total == 1
        assert next(part for part in examine(up) if part.name == "search").state == "ready"
        for platform in (down, up):
            platform.database.close()
