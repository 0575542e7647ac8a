"""Leads: what may hide a copy of a registered work. A lead accuses nobody; only a match or a person does."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.ids import CaptureId, LeadId, SweepId, WorkId
from domain.reasons import Reason


class LeadKind(StrEnum):
    """What a lead leads to."""

    NETDISK = "netdisk"
    MAGNET = "magnet"
    TORRENT = "torrent"
    ED2K = "ed2k"
    STREAM = "stream"
    """A playlist of segments: m3u8 (RFC 8216) or MPD (ISO/IEC 23009-1)."""
    MEDIA = "media"
    """One file of sound or film."""
    PLAYER = "player"
    """A page made to be shown inside others, which plays something."""
    DOWNLOAD = "download"
    """An archive, an installer or a book."""
    PAGE = "page"
    """A page outside the campaign that a search names by a registered title."""
    TITLE = "title"
    """The page itself: it offers a work in words alone."""
    SOURCES = "sources"
    """A list of places for readers or players to look at (TVBox, Legado)."""


class Disguise(StrEnum):
    """How a link was written so that programs pass over it."""

    NONE = "none"
    PLAIN_TEXT = "plain_text"
    SPLIT = "split"
    ENCODED = "encoded"
    SCRIPT = "script"
    PICTURE = "picture"


class Nearness(StrEnum):
    """Where a registered title stands: the confidence that a lead is about that work."""

    BESIDE = "beside"
    PAGE = "page"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """Something seen on a page that may hide a copy. The same on every sweep (see `domain.ids.lead_id_of`)."""

    lead_id: LeadId
    kind: LeadKind
    target: str
    """In one spelling, whatever alias or disguise the page used."""
    written: str
    """As the page has it, at most `LONGEST_WRITTEN` characters."""
    code: str = ""
    """The extraction code of a netdisk share, where the page gives one."""
    provider: str = ""
    """Which netdisk; empty for other kinds."""
    detail: str = ""
    """Names and sizes that the link itself gives."""
    disguise: Disguise = Disguise.NONE
    nearness: Nearness = Nearness.NOWHERE
    works: tuple[WorkId, ...] = ()
    """Works whose titles stand near, nearest first; none of them is licensed to the page's host."""
    reason: Reason
    page_url: str
    host: str
    site: str
    seen_at: datetime
    sweep_id: SweepId
    capture_id: CaptureId


LONGEST_WRITTEN = 500
