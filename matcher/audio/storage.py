"""Registered sounds as columns of a segment: all peaks one after another, and an index of their pairs."""

from collections.abc import Sequence

import numpy as np

from matcher.audio.pairs import pairs_of
from matcher.audio.payload import PITCH_UNITS, unpack
from matcher.audio.peaks import Peaks
from matcher.segments.columns import Columns
from matcher.segments.snapshot import Snapshot
from matcher.terms import LocalTermIndex
from matcher.worktypes import Reference

LAYOUT = 1
"""Grows when the columns or what is in them change."""
PEAKS, PAIRS = "peaks", "pairs"


def columns_of(references: Sequence[Reference]) -> Columns:
    """The columns of a segment of these sounds."""
    each = [unpack(reference.fingerprint)[1] for reference in references]
    pairs = [pairs_of(peaks) for peaks in each]
    index = LocalTermIndex.build(
        np.concatenate([one.terms for one in pairs]),
        np.repeat(np.arange(len(pairs), dtype=np.uint32), [len(one) for one in pairs]),
        np.concatenate([one.places() for one in pairs]),
    )
    pitches = np.concatenate([peaks.pitches for peaks in each])
    return {
        f"{PEAKS}.bounds": np.cumsum([0, *(len(peaks) for peaks in each)], dtype=np.uint64),
        f"{PEAKS}.frames": np.concatenate([peaks.frames for peaks in each]),
        f"{PEAKS}.pitches": np.round(pitches * PITCH_UNITS).astype(np.uint16),
        **index.columns(PAIRS),
    }


class StoredPeaks:
    """The peaks of each registered sound, by its number in a snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def __getitem__(self, number: int) -> Peaks:
        segment, row = self._snapshot.place(number)
        first, last = (int(bound) for bound in segment.columns[f"{PEAKS}.bounds"][row : row + 2])
        pitches = segment.columns[f"{PEAKS}.pitches"][first:last]
        return Peaks(
            frames=segment.columns[f"{PEAKS}.frames"][first:last],
            pitches=(pitches / PITCH_UNITS).astype(np.float32),
        )
