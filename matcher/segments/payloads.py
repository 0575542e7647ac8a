"""Whole fingerprints kept in segments, for work types that verify against them."""

from collections.abc import Sequence

from domain.fingerprints import Fingerprint
from matcher.segments.columns import Columns
from matcher.segments.snapshot import Snapshot
from matcher.segments.strings import ByteStrings
from matcher.worktypes import Reference


def payload_columns(references: Sequence[Reference]) -> Columns:
    """The payloads of the references."""
    return ByteStrings.build(reference.fingerprint.payload for reference in references).columns("payload")


class Payloads:
    """The payloads that `payload_columns` put into the segments of a snapshot, by number."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._each = {segment.name: ByteStrings.of(segment.columns, "payload") for segment in snapshot.segments}

    def __getitem__(self, number: int) -> bytes:
        segment, row = self._snapshot.place(number)
        return self._each[segment.name][row]


def references_of(snapshot: Snapshot, kind: str, version: int) -> list[Reference]:
    """All references that are there, with their fingerprints, in memory: for work types that are few."""
    payloads = Payloads(snapshot)
    return [
        Reference(
            work_id=indexed.work_id,
            title=indexed.title,
            owner=indexed.owner,
            digest=indexed.digest,
            fingerprint=Fingerprint(kind=kind, version=version, payload=payloads[number]),
        )
        for number in range(snapshot.size)
        if not snapshot.removed[number]
        for indexed in [snapshot.reference(number)]
    ]
