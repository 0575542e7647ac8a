"""Search on Elasticsearch: findings in a concrete index behind an alias, which rebuilding moves to a new one.

Only calls that versions 8 and 9 share and that every distribution has are used.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.helpers import streaming_bulk

from domain.errors import StoreError
from domain.ids import FindingId
from store.search import FACETS, Document, DocumentsRefusedError, Hit, Query, Results
from store.search_elastic_mapping import template
from store.search_elastic_query import body
from store.search_words import words

CHUNK_DOCUMENTS, CHUNK_BYTES = 500, 8 << 20
BAD_DOCUMENT = 400
"""Status of a document that is wrong in itself; all others may pass."""
LONGEST_REASON = 500
MEND = "Nothing is lost: changes wait in the outbox. See that Elasticsearch answers at search.url and takes writes."
RETRIES, FIRST_WAIT, LONGEST_WAIT = 5, 1, 30
"""Times a document that was refused for load is offered again, and the seconds waited before the first and last."""


class ElasticSearch:
    """A `SearchIndex` on a cluster. Safe to use from several threads; names of its own begin with `prefix`."""

    def __init__(self, client: Elasticsearch, prefix: str) -> None:
        self._client = client
        self._alias = f"{prefix}-findings"
        self._prepared = False

    def put(self, documents: Iterable[Document]) -> None:
        self._prepare()
        self._write(self._alias, documents)

    def remove(self, ids: Iterable[FindingId]) -> None:
        self._prepare()
        actions = ({"_op_type": "delete", "_index": self._alias, "_id": finding_id} for finding_id in ids)
        self._bulk(actions, self._alias, ignored=(404,))

    def search(self, query: Query) -> Results:
        self._prepare()
        with _explained():
            answer = self._client.search(index=self._alias, **body(query))
        hits = tuple(_hit(hit) for hit in answer["hits"]["hits"])
        facets = {
            name: tuple((b["key"], b["doc_count"]) for b in answer["aggregations"][name]["buckets"]) for name in FACETS
        }
        return Results(total=answer["hits"]["total"]["value"], hits=hits, facets=facets)

    def replace(self, documents: Iterable[Document]) -> int:
        self._prepare()
        with _explained():
            old = sorted(self._client.indices.get_alias(name=self._alias))
        fresh = self._numbered(max(int(name.rsplit("-", 1)[1]) for name in old) + 1)
        with _explained():
            # Of an attempt that was cut short.
            self._client.indices.delete(index=fresh, ignore_unavailable=True)
            self._client.indices.create(index=fresh)
        refused: DocumentsRefusedError | None = None
        count = 0
        try:
            count = self._write(fresh, documents)
        except DocumentsRefusedError as error:
            refused = error
        moves = [{"add": {"index": fresh, "alias": self._alias, "is_write_index": True}}]
        with _explained():
            self._client.indices.update_aliases(actions=[*moves, *({"remove_index": {"index": name}} for name in old)])
        if refused:
            raise refused
        return count

    def _numbered(self, number: int) -> str:
        return f"{self._alias}-{number:06}"

    def _prepare(self) -> None:
        """See that template and index are there: once, when first needed, so that a cluster may be down at start."""
        if self._prepared:
            return
        with _explained():
            self._client.indices.put_index_template(name=self._alias, **template(f"{self._alias}-*"))
            if not self._client.indices.exists_alias(name=self._alias):
                self._begin(self._numbered(1))
        self._prepared = True

    def _begin(self, name: str) -> None:
        try:
            self._client.indices.create(index=name, aliases={self._alias: {"is_write_index": True}})
        except ApiError as error:
            # Another process may have been first.
            if error.error != "resource_already_exists_exception":
                raise

    def _write(self, index: str, documents: Iterable[Document]) -> int:
        return self._bulk(({"_index": index, "_id": d.finding_id, "_source": _source(d)} for d in documents), index)

    def _bulk(self, actions: Iterable[dict[str, Any]], index: str, ignored: tuple[int, ...] = ()) -> int:
        """Carry out actions in chunks, each of which is there for searches when this returns; how many there were."""
        count = 0
        refused: dict[str, str] = {}
        with _explained():
            for fine, item in streaming_bulk(
                self._client,
                actions,
                chunk_size=CHUNK_DOCUMENTS,
                max_chunk_bytes=CHUNK_BYTES,
                max_retries=RETRIES,
                initial_backoff=FIRST_WAIT,
                max_backoff=LONGEST_WAIT,
                raise_on_error=False,
            ):
                count += 1
                if not fine and next(iter(item.values()))["status"] not in ignored:
                    refused |= _refusal(item)
            if count:
                self._client.indices.refresh(index=index)
        if refused:
            raise DocumentsRefusedError(refused)
        return count


def _refusal(item: Mapping[str, Any]) -> dict[str, str]:
    """Which document an answer of the bulk interface refuses, and why. Raises `StoreError` when it may pass later."""
    [answer] = item.values()
    error = answer.get("error", {})
    reason = f"{error.get('type', 'unknown')}: {error.get('reason', '')}"[:LONGEST_REASON]
    if answer["status"] != BAD_DOCUMENT:
        raise StoreError(f"Elasticsearch takes no documents now ({reason}).", MEND)
    return {answer["_id"]: reason}


@contextmanager
def _explained() -> Iterator[None]:
    """Errors of the client as errors that say how to mend them."""
    try:
        yield
    except NotFoundError as error:
        raise StoreError(f"Elasticsearch does not have the index ({error.error}).", "Run `search rebuild`.") from error
    except (ApiError, TransportError) as error:
        raise StoreError(f"Elasticsearch cannot be used: {str(error)[:200]}.", MEND) from error


def _source(document: Document) -> dict[str, Any]:
    texts = (document.work_title, document.owner, document.url, document.title, document.text)
    # A word between fields that nobody can type, so that no phrase runs from one into the next.
    return {
        "finding_id": document.finding_id,
        **{name: getattr(document, name) for name in FACETS},
        "similarity": document.similarity,
        "found_at": document.found_at.isoformat(),
        "text": document.text,
        "words": " \u241e ".join(" ".join(words(text)) for text in texts),
    }


def _hit(hit: Mapping[str, Any]) -> Hit:
    marked = hit.get("highlight", {}).get("text", [""])
    return Hit(finding_id=FindingId(hit["_id"]), snippet=marked[0])
