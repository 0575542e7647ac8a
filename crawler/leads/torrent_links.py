"""A torrent file as a lead: the magnet link of the same content, with what it calls its files."""

from crawler.leads.forms import Hidden
from crawler.leads.torrents import Torrent, read_torrent
from domain.leads import LONGEST_WRITTEN, LeadKind

MOST_NAMES = 30


def is_torrent(data: bytes) -> bool:
    """Whether bytes begin and speak as a torrent file does."""
    return data.startswith(b"d") and b"4:info" in data


def links_of(data: bytes) -> tuple[Hidden, ...]:
    """The lead that a torrent file is; nothing for anything else."""
    torrent = read_torrent(data)
    if torrent is None:
        return ()
    largest = sorted(torrent.files, key=lambda file: -file.size)[:MOST_NAMES]
    return (
        Hidden(
            kind=LeadKind.MAGNET,
            target=torrent.magnet,
            written=torrent.name[:LONGEST_WRITTEN],
            names=(torrent.name, *(file.path for file in largest)),
            detail=_detail(torrent),
        ),
    )


def _detail(torrent: Torrent) -> str:
    return f"{torrent.name[:200]} ({len(torrent.files)} files, {torrent.size} B)"
