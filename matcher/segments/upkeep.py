"""Keeps an index up with the records: adds what is new, removes what is gone, merges what has become many.

Segments are merged when several of about one size have come together (as in a log-structured merge tree, O'Neil et al.
1996), so that a reference is written anew a few times in its life, and a look-up asks few segments.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from domain.ids import Digest, WorkId
from matcher.segments.index import IndexWriter, Keys, Make, RegisterIndex
from matcher.segments.snapshot import Mask, Segment
from matcher.worktypes import KEY_BYTES, Reference, References, WorkTypeMatcher

LARGEST = 512 << 20
"""Bytes of fingerprints from which a segment is made; more are shared out over several."""
SMALLEST_TIER = 1 << 20
TIER_FACTOR = 4
"""Segments of one tier are at most so many times as large as each other, and merged when there are so many."""
MOST_REMOVED = 0.25
"""Share of removed references from which a segment is written anew."""
ASKED = 10_000
"""Keys compared at once."""

File = tuple[WorkId, Digest]
Fetch = Callable[[Sequence[File]], Iterator[Reference]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What bringing an index up came to."""

    added: int
    removed: int
    damaged: int
    """Segments that were made again."""


def bring_up(
    writer: IndexWriter,
    wanted: Iterable[tuple[bytes, File]],
    fetch: Fetch,
    make: Make,
    *,
    verify: bool = False,
    step: Callable[[int], None] = lambda _: None,
) -> Changes:
    """Make the index hold exactly the references `wanted` (by key), fetching those it lacks.

    `step` is told how many were added, as they are. What was done before a kill is not done again.
    """
    damaged = writer.drop_damaged(verify=verify)
    present = writer.keys()
    seen = np.zeros(present.size, bool)
    added = 0
    pending: list[Reference] = []
    weight = 0
    for missing in _missing(wanted, present, seen):
        for reference in fetch(missing):
            if pending and weight + len(reference.fingerprint.payload) > LARGEST:
                writer.change(pending, make, present[:0])
                step(len(pending))
                pending, weight = [], 0
            pending.append(reference)
            weight += len(reference.fingerprint.payload)
            added += 1
    # In one step with the last of what is new: a work whose title changed is there once, before and after.
    writer.change(pending, make, present[~seen])
    step(len(pending))
    return Changes(added=added, removed=int(np.count_nonzero(~seen)), damaged=damaged)


def open_references(matcher: WorkTypeMatcher, references: Sequence[Reference], folder: Path) -> References:
    """Exactly these references, searchable through an index in `folder`, of which what is there already is kept."""
    by_file = {(reference.work_id, reference.digest): reference for reference in references}
    index = RegisterIndex(folder, matcher.recipe)
    with index.writing() as writer:
        wanted = ((reference.key, file) for file, reference in by_file.items())
        bring_up(writer, wanted, lambda files: (by_file[file] for file in files), matcher.segment, verify=True)
    return matcher.open(index.snapshot())


def compact(writer: IndexWriter, fetch: Fetch, make: Make, *, fully: bool = False) -> int:
    """Merge segments of one tier when they are many; with `fully`, all that fit into one. How many were merged."""
    merged = 0
    while group := _to_merge(writer.segments(), fully=fully):
        references = [reference for segment in group for reference in fetch(_files(segment))]
        writer.merge([segment.name for segment in group], references, make)
        merged += len(group)
    return merged


def _missing(wanted: Iterable[tuple[bytes, File]], present: Keys, seen: Mask) -> Iterator[list[File]]:
    """The files that are wanted and not present, some at a time; marks as seen those that are."""
    rows = iter(wanted)
    while batch := list(islice(rows, ASKED)):
        keys = np.array([key for key, _ in batch], f"S{KEY_BYTES}")
        at = np.minimum(np.searchsorted(present, keys), max(0, present.size - 1))
        there = present[at] == keys if present.size else np.zeros(len(batch), bool)
        seen[at[there]] = True
        yield [file for (_, file), known in zip(batch, there.tolist(), strict=True) if not known]


def _to_merge(segments: Sequence[Segment], *, fully: bool) -> list[Segment]:
    """The segments to be merged next, or written anew without what was removed from them; empty when all is well."""
    thin = [s for s in segments if np.count_nonzero(s.removed) > (0 if fully else MOST_REMOVED * len(s))]
    if thin:
        return thin[:1]
    if fully:
        return _fitting(sorted(segments, key=lambda s: s.weight))
    tiers: dict[int, list[Segment]] = {}
    for segment in segments:
        tiers.setdefault(_tier(segment.weight), []).append(segment)
    for _, group in sorted(tiers.items()):
        if len(group) >= TIER_FACTOR and len(fitting := _fitting(group)) > 1:
            return fitting
    return []


def _fitting(segments: Sequence[Segment]) -> list[Segment]:
    """As many of them, from the first on, as fit into one; none when that is one alone."""
    weights = np.cumsum([segment.weight for segment in segments])
    fitting = list(segments[: int(np.searchsorted(weights, LARGEST, side="right"))])
    return fitting if len(fitting) > 1 else []


def _tier(weight: int) -> int:
    tier = 0
    while weight > SMALLEST_TIER:
        weight //= TIER_FACTOR
        tier += 1
    return tier


def _files(segment: Segment) -> list[File]:
    rows = np.nonzero(~segment.removed)[0].tolist()
    return [(reference.work_id, reference.digest) for row in rows for reference in [segment.reference(row)]]
