"""How findings lie in Elasticsearch. Every field is named: an unknown one is refused."""

from typing import Any

from store.search import FACETS

VERSION = 1
KEYWORD = {"type": "keyword", "ignore_above": 2048}


def template(pattern: str) -> dict[str, Any]:
    """The index template for indices whose names match `pattern`."""
    properties = {
        "finding_id": KEYWORD,
        **dict.fromkeys(FACETS, KEYWORD),
        "similarity": {"type": "float"},
        "found_at": {"type": "date"},
        # As it stands on the page: what snippets are cut from. The standard analyzer splits Chinese into characters.
        "text": {"type": "text", "analyzer": "standard", "index_options": "offsets"},
        # Of all that is searched, the words as the platform sees them, so that every engine finds the same.
        "words": {"type": "text", "analyzer": "whitespace"},
    }
    return {
        "index_patterns": [pattern],
        "version": VERSION,
        "template": {
            "settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1", "refresh_interval": "5s"},
            "mappings": {"dynamic": "strict", "_source": {"excludes": ["words"]}, "properties": properties},
        },
    }
