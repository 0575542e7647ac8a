"""Fetches what a playlist leads to: its cheapest variant, and segments enough to know what plays."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from crawler.leads.playlists import Segment, is_playlist
from crawler.readers import Readers
from domain.errors import IntegrityError
from evidence.exchange import RawExchange, decoded_body

logger = logging.getLogger(__name__)

MOST_STEPS = 3
"""Playlists that may lead to one another before segments come."""
LARGEST_PLAYLIST = 4_000_000

Fetch = Callable[[str, int, int], Awaitable[RawExchange | None]]
"""Address, start and length in bytes (0 is all of it) to the exchange; None when there was no content."""


async def parts_of(first: RawExchange, readers: Readers, fetch: Fetch, *, segments: int) -> tuple[RawExchange, ...]:
    """What was fetched because of the playlist in `first`, in order; nothing when it is none or is encrypted."""
    parts: list[RawExchange] = []
    exchange: RawExchange | None = first
    for _ in range(MOST_STEPS):
        body = _body(exchange) if exchange else b""
        if exchange is None or not is_playlist(body):
            break
        playlist = await asyncio.to_thread(readers.playlist, exchange.url, body, segments)
        if playlist is None or playlist.encrypted:
            break
        if not playlist.variant:
            return (*parts, *await _fetched(playlist.segments, fetch))
        exchange = await fetch(playlist.variant, 0, 0)
        parts += [exchange] if exchange else []
    return tuple(parts)


def media_in(parts: tuple[RawExchange, ...], limit: int) -> bytes:
    """The segments among `parts`, joined; at most `limit` bytes."""
    joined = bytearray()
    for part in parts:
        body = _body(part)
        if not is_playlist(body) and len(joined) + len(body) <= limit:
            joined += body
    return bytes(joined)


async def _fetched(segments: tuple[Segment, ...], fetch: Fetch) -> list[RawExchange]:
    found = []
    for segment in segments:  # one after another: the host is asked at its pace
        exchange = await fetch(segment.url, segment.start, segment.length)
        found += [exchange] if exchange else []
    return found


def _body(exchange: RawExchange) -> bytes:
    try:
        return decoded_body(exchange, LARGEST_PLAYLIST * 16)
    except IntegrityError as error:
        logger.info("A part of a stream at %s is left out: %s", exchange.url, error)
        return b""
