"""Licences as they are written in a catalogue: `host` or `host@2026-01-01..2026-12-31`."""

import re
from datetime import date
from functools import cache, lru_cache

from ada_url import idna_to_ascii
from publicsuffixlist import PublicSuffixList

from domain.works import Licence, LicenceSource
from store.catalogue.cells import CellError, day_of

LONGEST_HOST = 253
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"({_LABEL}\.)*{_LABEL}")


def licence_of(text: str) -> Licence:
    """A licence from its written form. Raises `CellError`."""
    host, at, days = text.partition("@")
    first, dots, last = days.partition("..")
    if at and (not dots or not (first.strip() or last.strip())):
        raise CellError(f"has {days!r}, which is no span of days", "Write it as 2026-01-01..2026-12-31.")
    return licence_for(host, first, last, source=LicenceSource.CATALOGUE)


def licence_for(host: str, first: str, last: str, *, source: LicenceSource) -> Licence:
    """A licence for a host between two days, all as people write them; an empty day is open. Raises `CellError`."""
    begins, ends = _day(first), _day(last)
    if begins and ends and begins > ends:
        raise CellError("has a span that ends before it begins", "Put the earlier day first.")
    return Licence(host=licensed_host(host.strip()), valid_from=begins, valid_until=ends, source=source)


def _day(text: str) -> date | None:
    try:
        return day_of(text.strip()) if text.strip() else None
    except CellError as error:
        raise CellError(f"has {text[:100]!r}, which {error.reason}", error.mend) from error


@lru_cache(maxsize=4096)
def licensed_host(text: str) -> str:
    """A host in the spelling that captures carry, international names in ASCII. Raises `CellError`."""
    host = str(idna_to_ascii(text.lower()), "ascii", errors="replace").rstrip(".")
    if not _HOST.fullmatch(host) or len(host) > LONGEST_HOST:
        mend = "Write the bare host; subdomains are included: shop.example or shop.example@2026-01-01..2026-12-31."
        raise CellError(f"has {text[:100]!r}, which is no host", mend)
    if _suffixes().is_public(host):
        # Such a licence would hide every copy under it.
        raise CellError(f"has {text[:100]!r}, under which anyone may have a name", "Name the licensee's own host.")
    return host


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
