"""Lists of places that players (TVBox) and readers (Legado) look at: leads to whole sites, and never more."""

from collections.abc import Iterator
from typing import Any

from crawler.discovery.documents import json_in
from crawler.leads.forms import Hidden
from crawler.urls import resolve
from domain.leads import LONGEST_WRITTEN, LeadKind

MOST = 1_000


def sources_in(text: str) -> tuple[Hidden, ...]:
    """The places that a list names; none in any other document."""
    told = json_in(text)
    found: dict[str, Hidden] = {}
    for address, name in _named(told):
        target = resolve(address, "")
        if target and len(found) < MOST:
            found[target] = Hidden(
                kind=LeadKind.SOURCES, target=target, written=address[:LONGEST_WRITTEN], detail=name[:300]
            )
    return tuple(found.values())


def _named(told: Any) -> Iterator[tuple[str, str]]:
    if isinstance(told, dict) and isinstance(told.get("sites"), list):
        # TVBox: what has no address of its own is a program, not a place.
        for each in told["sites"]:
            if isinstance(each, dict) and isinstance(each.get("api"), str):
                yield each["api"], str(each.get("name") or each.get("key") or "")
    for each in told if isinstance(told, list) else [told]:
        if isinstance(each, dict) and isinstance(each.get("bookSourceUrl"), str):
            # Legado parts remarks from the address by a mark of its own.
            yield each["bookSourceUrl"].partition("#")[0], str(each.get("bookSourceName") or "")
