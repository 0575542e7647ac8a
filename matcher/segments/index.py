"""The index of one work type in a folder: read by many processes, changed by one at a time.

A change writes new files beside the old ones and then puts a new manifest in the old one's place, so that a reader, and
whoever comes after a kill or a loss of power, sees the state before it or after it.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.errors import IntegrityError
from domain.ids import digest_of
from matcher.segments.columns import MEND, Columns, read_columns, size_of, sync, write_columns
from matcher.segments.manifest import NAME, Manifest, Part
from matcher.segments.snapshot import Mask, Segment, Snapshot
from matcher.segments.strings import ByteStrings
from matcher.worktypes import KEY_BYTES, Reference

TRIES = 20
"""Times a reader looks again when a writer removed a segment under its eyes."""

Keys = NDArray[np.bytes_]
Make = Callable[[Sequence[Reference]], Columns]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStats:
    """What an index holds and takes."""

    segments: int
    references: int
    removed: int
    bytes: int
    generation: int


class RegisterIndex:
    """The index in `folder`, of segments made by `recipe`; what another recipe made counts as not there."""

    def __init__(self, folder: Path, recipe: str) -> None:
        self.folder = folder
        self.recipe = recipe

    def manifest(self) -> Manifest:
        """The state as it is now. Raises `IntegrityError` when it is damaged."""
        found = Manifest.load(self.folder)
        return found if found and found.recipe == self.recipe else Manifest(recipe=self.recipe)

    def snapshot(self, *, verify: bool = False) -> Snapshot:
        """What the last finished change left; with `verify`, every byte is compared with its checksum first.

        Raises `IntegrityError` when files are damaged or missing.
        """
        for left in reversed(range(TRIES)):
            manifest = self.manifest()
            try:
                return self._open(manifest, verify=verify)
            except IntegrityError:
                if not left or self.manifest() == manifest:
                    raise
        raise AssertionError("unreachable")

    def stats(self) -> IndexStats:
        """Sizes of the index as it is now."""
        manifest, snapshot = self.manifest(), self.snapshot()
        return IndexStats(
            segments=len(snapshot.segments),
            references=len(snapshot),
            removed=snapshot.size - len(snapshot),
            bytes=sum(size_of(self.folder / part.name) for part in manifest.parts),
            generation=manifest.generation,
        )

    @contextmanager
    def writing(self) -> Iterator["IndexWriter"]:
        """The one writer there is, once no other process writes; the system ends its turn however the process ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "writer.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield IndexWriter(self)

    def is_sound(self, part: Part, *, verify: bool) -> bool:
        """Whether a segment can be opened and, with `verify`, is byte for byte what was written."""
        try:
            self._segment(part, 0, verify=verify)
        except IntegrityError:
            return False
        return True

    def _open(self, manifest: Manifest, *, verify: bool) -> Snapshot:
        segments: list[Segment] = []
        base = 0
        for part in manifest.parts:
            segments.append(self._segment(part, base, verify=verify))
            base += len(segments[-1])
        return Snapshot(segments)

    def _segment(self, part: Part, base: int, *, verify: bool) -> Segment:
        stored = read_columns(self.folder / part.name, part.header, verify=verify)
        keys = stored.columns["reference.keys"]
        return Segment(
            name=part.name,
            base=base,
            columns=stored.columns,
            keys=keys,
            removed=self._removed(part, len(keys)),
            weight=int(stored.facts["weight"]),
        )

    def _removed(self, part: Part, count: int) -> Mask:
        if not part.removed:
            return np.zeros(count, bool)
        file = self.folder / part.removed
        try:
            data = file.read_bytes()
        except OSError as error:
            raise IntegrityError(f"{file} cannot be read ({error}).", MEND) from error
        if digest_of(data) != part.removed_digest:
            raise IntegrityError(f"{file} was changed.", MEND)
        return np.unpackbits(np.frombuffer(data, np.uint8), count=count).astype(bool)


class IndexWriter:
    """Changes an index. When a method returns, its change is on the disk and every reader to come sees it."""

    def __init__(self, index: RegisterIndex) -> None:
        self._index = index
        self._folder = index.folder
        try:
            self._manifest = index.manifest()
        except IntegrityError:
            # Derived data: an index whose manifest is damaged is made again from the records.
            self._manifest = Manifest(recipe=index.recipe)
            self._manifest.save(self._folder)
        self._tidy()

    def segments(self) -> tuple[Segment, ...]:
        """The segments as they are now."""
        return self._index.snapshot().segments

    def keys(self) -> Keys:
        """The keys of all references that are there, sorted."""
        segments = self.segments()
        each = [np.ascontiguousarray(s.keys[~s.removed]).view(f"S{KEY_BYTES}").ravel() for s in segments]
        return np.sort(np.concatenate(each)) if each else np.empty(0, f"S{KEY_BYTES}")

    def change(self, references: Sequence[Reference], make: Make, removed: Keys) -> None:
        """In one step, add references as a new segment made by `make`, and remove those with the (sorted) keys.

        Keys that are not there are passed over.
        """
        parts = self._without(removed) if removed.size else list(self._manifest.parts)
        if references:
            parts.append(self._written(references, make))
        if parts != list(self._manifest.parts):
            self._switch(tuple(parts))

    def merge(self, names: Sequence[str], references: Sequence[Reference], make: Make) -> None:
        """Put one segment of `references` in the place of the segments named, which held the same."""
        kept = tuple(part for part in self._manifest.parts if part.name not in names)
        self._switch((*kept, self._written(references, make)) if references else kept)

    def drop_damaged(self, *, verify: bool) -> int:
        """Take out the segments that cannot be read, or with `verify` have a changed byte; how many those were."""
        sound = tuple(part for part in self._manifest.parts if self._index.is_sound(part, verify=verify))
        damaged = len(self._manifest.parts) - len(sound)
        if damaged:
            self._switch(sound)
        return damaged

    def _written(self, references: Sequence[Reference], make: Make) -> Part:
        texts = [text for r in references for text in (r.work_id, r.title, r.owner, r.digest)]
        keys = np.frombuffer(b"".join(r.key for r in references), np.uint8).reshape(-1, KEY_BYTES)
        columns = {
            **make(references),
            **ByteStrings.build(text.encode(errors="replace") for text in texts).columns("reference"),
            "reference.keys": keys,
        }
        name = f"segment-{self._manifest.generation + 1:08}"
        weight = sum(len(r.fingerprint.payload) for r in references)
        return Part(name=name, header=write_columns(self._folder / name, columns, {"weight": weight}))

    def _without(self, keys: Keys) -> list[Part]:
        """The parts as they are without the references with these keys; a part of which nothing is left is gone."""
        parts = []
        for part, segment in zip(self._manifest.parts, self.segments(), strict=True):
            gone = segment.removed | _among(np.ascontiguousarray(segment.keys).view(keys.dtype).ravel(), keys)
            if not gone.all():
                parts.append(part if np.array_equal(gone, segment.removed) else self._marked(part, gone))
        return parts

    def _marked(self, part: Part, gone: Mask) -> Part:
        """The part with those rows removed."""
        name = f"removed-{self._manifest.generation + 1:08}-{part.name}"
        data = np.packbits(gone).tobytes()
        (self._folder / name).write_bytes(data)
        sync(self._folder / name)
        return replace(part, removed=name, removed_digest=digest_of(data))

    def _switch(self, parts: tuple[Part, ...]) -> None:
        changed = replace(self._manifest, generation=self._manifest.generation + 1, parts=parts)
        changed.save(self._folder)
        self._manifest = changed
        self._tidy()

    def _tidy(self) -> None:
        """Remove what no manifest names: of changes that were cut short, and of segments merged since."""
        named = {part.name for part in self._manifest.parts} | {part.removed for part in self._manifest.parts}
        for path in self._folder.iterdir():
            if path.name in named or path.name in {NAME, "writer.lock"}:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def _among(keys: Keys, wanted: Keys) -> Mask:
    """Which of `keys` are among the sorted `wanted`."""
    at = np.minimum(np.searchsorted(wanted, keys), wanted.size - 1)
    return np.asarray(wanted[at] == keys)
