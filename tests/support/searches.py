"""Empty search indexes of each kind."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from store.search import SearchIndex
from store.search_elastic import ElasticSearch
from store.search_embedded import EmbeddedSearch

VARIABLE = "PIRACY_MONITOR_TEST_ELASTICSEARCH"


@contextmanager
def embedded(folder: Path) -> Iterator[SearchIndex]:
    """A new file in `folder`."""
    yield EmbeddedSearch(folder / "search.sqlite")


@contextmanager
def elasticsearch() -> Iterator[SearchIndex]:
    """New indices on the cluster that PIRACY_MONITOR_TEST_ELASTICSEARCH names; skips the test by name without it."""
    url = os.environ.get(VARIABLE)
    if not url:
        pytest.skip(f"needs Elasticsearch: set {VARIABLE}, e.g. http://127.0.0.1:9200")
    prefix = f"test-{secrets.token_hex(6)}"
    with Elasticsearch(url) as client:
        yield ElasticSearch(client, prefix)
        client.indices.delete(index=",".join(client.indices.get(index=f"{prefix}-*")))
        client.indices.delete_index_template(name=f"{prefix}-findings")
