"""A query of ours as Elasticsearch has it."""

from typing import Any

from domain.errors import UsageError
from store.search import FACETS, Query, Sort
from store.search_words import phrases, words

MOST_VALUES = 50
"""Values counted of one facet."""
SNIPPET = 160
ORDERS = {
    Sort.NEWEST: [{"found_at": "desc"}, {"finding_id": "asc"}],
    Sort.OLDEST: [{"found_at": "asc"}, {"finding_id": "asc"}],
    Sort.SIMILARITY: [{"similarity": "desc"}, {"finding_id": "asc"}],
}


def body(query: Query) -> dict[str, Any]:
    """The arguments of a search. Raises `UsageError` for an unknown filter name."""
    wanted = phrases(query.text)
    must = [
        {"match_phrase": {"words": {"query": " ".join(words(phrase)), "analyzer": "whitespace"}}} for phrase in wanted
    ]
    shown = [{"match_phrase": {"text": phrase}} for phrase in wanted]
    return {
        "query": {"bool": {"filter": [*_filters(query), *must]}},
        "sort": ORDERS[query.sort],
        "from_": query.offset,
        "size": query.limit,
        "track_total_hits": True,
        "source": False,
        "aggs": {
            name: {"terms": {"field": name, "size": MOST_VALUES, "order": [{"_count": "desc"}, {"_key": "asc"}]}}
            for name in FACETS
        },
        **({"highlight": _highlight(shown)} if shown else {}),
    }


def _highlight(shown: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "pre_tags": ["\u0002"],
        "post_tags": ["\u0003"],
        "fields": {
            "text": {
                "highlight_query": {"bool": {"should": shown}},
                "number_of_fragments": 1,
                "fragment_size": SNIPPET,
                "no_match_size": SNIPPET,
            }
        },
    }


def _filters(query: Query) -> list[dict[str, Any]]:
    filters: list[dict[str, Any]] = []
    for name, values in query.filters.items():
        if name not in FACETS:
            raise UsageError(f"There is no filter {name!r}.", f"Filters are: {', '.join(FACETS)}.")
        if values:
            filters.append({"terms": {name: list(values)}})
    if query.min_similarity:
        filters.append({"range": {"similarity": {"gte": query.min_similarity}}})
    span = {}
    if query.found_from:
        span["gte"] = query.found_from.isoformat()
    if query.found_to:
        span["lt"] = query.found_to.isoformat()
    if span:
        filters.append({"range": {"found_at": span}})
    return filters
