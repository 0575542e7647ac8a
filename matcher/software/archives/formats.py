"""Which reader opens which file."""

from collections.abc import Callable, Iterator, Mapping

from matcher.software.archives import sevenzip, tar
from matcher.software.archives import zip as zipped
from matcher.software.archives.budget import Budget
from matcher.software.archives.codecs import MAKERS, decoded, decoder_of, pieces
from matcher.software.archives.programs import BEGINNINGS, overlay_of

Found = Iterator[tuple[str, bytes | str]]
"""Name and bytes of each member, or its name and what is wrong with it."""


def _refuse_rar(_data: memoryview, _budget: Budget) -> Found:
    return iter((("", "RAR archives are not read"),))


READERS: Mapping[bytes, Callable[[memoryview, Budget], Found]] = {
    zipped.LOCAL: zipped.members,
    zipped.END: zipped.members,
    sevenzip.MAGIC: sevenzip.members,
    tar.AR_MAGIC: tar.ar_members,
    b"Rar!\x1a\x07": _refuse_rar,
}
"""Archives told by their first bytes."""
ARCHIVES = (*READERS, *MAKERS)
OPENED = (*ARCHIVES, *BEGINNINGS)


def begins_archive(data: bytes) -> bool:
    """Whether `open_archive` may find members in `data`; what says no here it need not be asked for."""
    return data.startswith(OPENED) or tar.is_tar(data)


def is_archive(data: bytes) -> bool:
    """Whether a file that begins so is of a kind that holds others, and no program."""
    return data.startswith(ARCHIVES) or tar.is_tar(data)


def open_archive(data: memoryview, name: str, budget: Budget) -> Found | None:
    """The members of an archive, or None when it is none."""
    head = bytes(data[:512])
    if tar.is_tar(head):
        return tar.tar_members(tar.ChunkStream(pieces(data), budget), budget)
    if (make := decoder_of(head)) is not None:
        return _compressed(tar.ChunkStream(decoded(data, make), budget), name, budget)
    if (end := overlay_of(data)) is not None:
        return _behind(data[end:], data, name, budget)
    return next((read(data, budget) for magic, read in READERS.items() if head.startswith(magic)), None)


def _compressed(stream: tar.ChunkStream, name: str, budget: Budget) -> Found:
    """A compressed tar file is read through; of any other compressed file the one member is what it unpacks to."""
    if tar.is_tar(stream.peek(512)):
        yield from tar.tar_members(stream, budget)
    else:
        inner = name.rsplit("/", 1)[-1].rsplit(".", 1)[0] or "data"
        yield budget.count(inner), budget.collect(stream.rest())


def _behind(overlay: memoryview, whole: memoryview, name: str, budget: Budget) -> Found | None:
    """What a self-extracting program carries behind itself."""
    if is_archive(bytes(overlay[:512])):
        return open_archive(overlay, name, budget)
    return zipped.members(whole, budget) if zipped.end_of(whole) is not None else None
