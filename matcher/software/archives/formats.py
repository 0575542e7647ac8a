"""Which reader opens which file."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from matcher.software.archives import cab, foreign, ole, sevenzip, squashfs, tar
from matcher.software.archives import zip as zipped
from matcher.software.archives.budget import Budget
from matcher.software.archives.codecs import MAKERS, decoded, decoder_of, pieces
from matcher.software.archives.programs import BEGINNINGS, WINDOWS, carried, is_program, overlay_of

Found = Iterator[tuple[str, bytes | str]]
"""Name and bytes of each member, or its name and what is wrong with it."""


READERS: Mapping[bytes, Callable[[memoryview, Budget], Found]] = {
    zipped.LOCAL: zipped.members,
    zipped.END: zipped.members,
    sevenzip.MAGIC: sevenzip.members,
    tar.AR_MAGIC: tar.ar_members,
    cab.MAGIC: cab.members,
    squashfs.MAGIC: squashfs.members,
    ole.MAGIC: ole.members,
    foreign.RAR: foreign.members,
}
"""Archives told by their first bytes."""
ARCHIVES = (*READERS, *MAKERS)
OPENED = (*ARCHIVES, *BEGINNINGS)


def begins_archive(data: bytes) -> bool:
    """Whether `open_archive` may find members in `data`; what says no here it need not be asked for."""
    return data.startswith(OPENED) or tar.is_tar(data) or foreign.is_disc(data)


def is_archive(data: bytes) -> bool:
    """Whether a file is of a kind that holds others, and no program."""
    if data.startswith(ole.MAGIC):
        return ole.is_installer(data)
    return data.startswith(ARCHIVES) or tar.is_tar(data) or foreign.is_disc(data)


def open_archive(data: memoryview, name: str, budget: Budget) -> Found | None:
    """The members of an archive or of what a program carries; None when there are none."""
    head = bytes(data[:512])
    if is_program(head):
        return _carried(data, name, budget)
    if tar.is_tar(head):
        return tar.tar_members(tar.ChunkStream(pieces(data), budget), budget)
    if (make := decoder_of(head)) is not None:
        return _compressed(tar.ChunkStream(decoded(data, make), budget), name, budget)
    if head.startswith(ole.MAGIC) and not ole.is_installer(data):
        return None
    if foreign.is_disc(data):
        return foreign.disc_members(data, budget)
    return next((read(data, budget) for magic, read in READERS.items() if head.startswith(magic)), None)


def _compressed(stream: tar.ChunkStream, name: str, budget: Budget) -> Found:
    """A compressed tar file is read through; of any other compressed file the one member is what it unpacks to."""
    if tar.is_tar(stream.peek(512)):
        yield from tar.tar_members(stream, budget)
    else:
        inner = name.rsplit("/", 1)[-1].rsplit(".", 1)[0] or "data"
        yield budget.count(inner), budget.collect(stream.rest())


def _carried(program: memoryview, name: str, budget: Budget) -> Found | None:
    """What a program carries behind itself, as a ZIP file whose end is its end, or somewhere inside."""
    end = overlay_of(program)
    if end is not None and (bytes(program[end : end + 8]).startswith(ARCHIVES) or tar.is_tar(program[end:])):
        return open_archive(program[end:], name, budget)
    if zipped.end_of(program) is not None:
        return zipped.members(program, budget)
    if bytes(program[:2]) != WINDOWS:
        return None
    found = [member for archive in carried(program) if (member := open_archive(archive, name, budget)) is not None]
    return chain.from_iterable(found) if found else None
