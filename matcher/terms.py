"""The inverted index: 64-bit term → where it stands (owner, position).

Terms are mixed to be evenly spread, sorted, and found through a table over their leading bits, so a look-up costs two
or three memory reads whatever the size. On disk it is a folder of plain arrays, mapped into memory, with a header that
holds their checksums; the folder appears by one rename, so readers see all of it or nothing.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.errors import IntegrityError
from matcher.compiled import compiled

FORMAT = 1
ARRAYS = ("table", "terms", "offsets", "owners", "positions")

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Hits:
    """Parallel arrays, one row a hit: index of the term asked for, and where it stands."""

    query: U32
    owner: U32
    position: U32


@dataclass(frozen=True, slots=True)
class LocalTermIndex:
    """The index on one machine. Compiled loops may read its arrays directly, through `find`."""

    table: U32
    """Row of `terms` at which each leading-bits bucket begins; one more entry at the end."""
    terms: U64
    """Sorted, distinct, mixed."""
    offsets: U32
    """Row of `owners` at which each term's postings begin; one more entry at the end."""
    owners: U32
    positions: U32

    @classmethod
    def build(cls, terms: U64, owners: U32, positions: U32) -> "LocalTermIndex":
        """An index of the postings given as parallel arrays, in any order."""
        mixed = mix(terms)
        order = np.lexsort((positions, owners, mixed))
        distinct, first = np.unique(mixed[order], return_index=True)
        bits = max(1, int(distinct.size).bit_length() - 1)
        buckets = np.arange((1 << bits) + 1, dtype=np.uint64)
        starts = np.searchsorted((distinct >> np.uint64(64 - bits)), buckets)
        return cls(
            table=starts.astype(np.uint32),
            terms=distinct,
            offsets=np.append(first, mixed.size).astype(np.uint32),
            owners=owners[order].astype(np.uint32),
            positions=positions[order].astype(np.uint32),
        )

    def __len__(self) -> int:
        return int(self.owners.size)

    def lookup(self, terms: U64, limit: int) -> Hits:
        """Every place of the `terms`, but for terms that stand in more than `limit` places."""
        first, last = locate(self.table, self.terms, self.offsets, mix(terms), limit)
        counts = last - first
        total = int(counts.sum())
        query = np.repeat(np.arange(terms.size, dtype=np.uint32), counts)
        within = np.arange(total, dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
        rows = np.repeat(first, counts) + within
        return Hits(query=query, owner=self.owners[rows], position=self.positions[rows])

    def save(self, folder: Path) -> None:
        """Write the index as `folder`, which appears whole. If another process was first, its folder is kept."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as made:
            fresh = Path(made) / "index"
            fresh.mkdir()
            sums = {}
            for name in ARRAYS:
                np.save(fresh / f"{name}.npy", getattr(self, name))
                sums[name] = _checksum(fresh / f"{name}.npy")
            (fresh / "header.json").write_text(json.dumps({"format": FORMAT, "sha256": sums}))
            _sync(fresh)
            if not folder.exists():
                fresh.rename(folder)

    @classmethod
    def load(cls, folder: Path) -> "LocalTermIndex":
        """Map an index that `save` wrote. Raises `IntegrityError` when its files are not what they were."""
        mend = f"Remove {folder}; it is made again when next needed."
        try:
            header = json.loads((folder / "header.json").read_text())
            if header["format"] != FORMAT:
                raise IntegrityError(f"The index {folder} has format {header['format']}, not {FORMAT}.", mend)
            for name in ARRAYS:
                if _checksum(folder / f"{name}.npy") != header["sha256"][name]:
                    raise IntegrityError(f"{name} of the index {folder} was changed.", mend)
            arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in ARRAYS}
        except (OSError, ValueError, KeyError) as error:
            raise IntegrityError(f"The index {folder} cannot be read ({error}).", mend) from error
        return cls(**arrays)


def open_or_build(folder: Path, make: Callable[[], LocalTermIndex]) -> LocalTermIndex:
    """The index saved in `folder`; `make` is only called if it is not there, or damaged."""
    if folder.exists():
        try:
            return LocalTermIndex.load(folder)
        except IntegrityError:
            # Derived data: what is damaged is made again from the fingerprints.
            shutil.rmtree(folder, ignore_errors=True)
    make().save(folder)
    return LocalTermIndex.load(folder)


@compiled
def mix(terms: U64) -> U64:
    """Spread `terms` evenly over 64 bits, one to one (the finaliser of SplitMix64, Steele et al. 2014)."""
    out = np.empty_like(terms)
    for i in range(terms.size):
        x = terms[i]
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        out[i] = x ^ (x >> np.uint64(31))
    return out


@compiled
def locate(
    table: U32, terms: U64, offsets: U32, wanted: U64, limit: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last-but-one row of each wanted (mixed) term's postings; an empty range if absent or too frequent."""
    first = np.zeros(wanted.size, np.int64)
    last = np.zeros(wanted.size, np.int64)
    shift = np.uint64(64)
    buckets = table.size - 1
    while buckets > 1:
        buckets >>= 1
        shift -= np.uint64(1)
    for i in range(wanted.size):
        bucket = wanted[i] >> shift
        row, end = np.int64(table[bucket]), np.int64(table[bucket + np.uint64(1)])
        while row < end and terms[row] < wanted[i]:
            row += 1
        if row < end and terms[row] == wanted[i] and offsets[row + 1] - offsets[row] <= limit:
            first[i], last[i] = offsets[row], offsets[row + 1]
    return first, last


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
