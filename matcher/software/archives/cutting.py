"""Members cut out of the stream that they were packed in together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matcher.software.archives.budget import Budget


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a member stands in a stream."""

    name: str
    begin: int
    size: int


def cut(chunks: Iterator[bytes], pieces: Iterable[Piece], budget: Budget) -> Iterator[tuple[str, bytes | str]]:
    """The members at `pieces`, which come in the order in which they begin, or what is wrong with them.

    A size that is a lie only moves the cut; what is made is counted. No bytes are read for two members.
    """
    held, at = b"", 0
    limit = budget.settings.max_member_bytes
    for piece in pieces:
        if piece.begin < at:
            yield piece.name, "its data overlap another member's"
            continue
        kept, have, more = bytearray(), 0, True
        end = piece.begin + piece.size
        while at < end and more:
            if not held:
                held = next(chunks, b"")
                budget.spend(len(held))
                more = bool(held)
            skipped = min(len(held), max(0, piece.begin - at))
            part = held[skipped : skipped + end - max(at, piece.begin)]
            held = held[skipped + len(part) :]
            at += skipped + len(part)
            have += len(part)
            if have <= limit:
                kept += part
        yield piece.name, bytes(kept) if have <= limit else f"a member of more than {limit} bytes"
