from pathlib import Path

from config.loading import load_settings
from monitor.indexing import index_batch
from monitor.locks import alone
from monitor.wiring import Platform
from store.findings import record
from store.search import Query
from tests.support.findings import FINDING


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
