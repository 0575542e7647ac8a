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
def elastic_names() -> Iterator[tuple[str, str]]:
    """A cluster's address and a prefix for names that are free there and are removed afterwards.

    The cluster is the one that PIRACY_MONITOR_TEST_ELASTICSEARCH names; without it the test is skipped by name.
    """
    url = os.environ.get(VARIABLE)
    if not url:
        pytest.skip(f"needs Elasticsearch: set {VARIABLE}, e.g. http://127.0.0.1:9200")
    prefix = f"test-{secrets.token_hex(6)}"
    yield url, prefix
    with Elasticsearch(url) as client:
        client.indices.delete(index=",".join(client.indices.get(index=f"{prefix}-*")))
        client.indices.delete_index_template(name=f"{prefix}-findings")


@contextmanager
def elasticsearch() -> Iterator[SearchIndex]:
    """New indices on a cluster."""
    with elastic_names() as (url, prefix), Elasticsearch(url) as client:
        yield ElasticSearch(client, prefix)
