"""Keeps the index of registered works up with the records."""

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from domain.fingerprints import Fingerprint
from domain.ids import WorkId
from evidence.vault import FolderVault
from matcher.segments.index import RegisterIndex
from matcher.segments.snapshot import Snapshot
from matcher.segments.upkeep import Changes, File, bring_up, compact, open_references
from matcher.worktypes import Content, Reference, References, WorkTypeMatcher, reference_key
from store.works import WorkStore


class RegisterKeeper:
    """Brings indexes up with the register: those of all work types, each in a folder of its own."""

    def __init__(self, works: WorkStore, files: FolderVault, folder: Path) -> None:
        self._works = works
        self._files = files
        self._folder = folder

    def index(self, matcher: WorkTypeMatcher) -> RegisterIndex:
        """The index of a work type, as it is."""
        return RegisterIndex(self._folder / matcher.type, matcher.recipe)

    def current(self, matcher: WorkTypeMatcher) -> Snapshot:
        """The index of a work type, brought up with the register."""
        self.bring_up(matcher)
        return self.index(matcher).snapshot()

    def some(self, matcher: WorkTypeMatcher, ids: Collection[WorkId], folder: Path) -> References:
        """The files of some works alone, searchable through an index in `folder`."""
        rows = self._works.registered_files(matcher.kind, matcher.version, ids)
        files = [(row.work_id, row.reference) for row in rows]
        return open_references(matcher, list(self._fetch(matcher)(files)), folder)

    def bring_up(self, matcher: WorkTypeMatcher, step: Callable[[int], None] = lambda _: None) -> Changes:
        """Fingerprint and index what the register has and the index lacks, and take out what is no longer there."""
        self._renew(matcher)
        with self.index(matcher).writing() as writer:
            wanted = (
                (reference_key(row.work_id, row.title, row.owner, row.reference), (row.work_id, row.reference))
                for row in self._works.registered_files(matcher.kind, matcher.version)
            )
            changes = bring_up(writer, wanted, self._fetch(matcher), matcher.segment, verify=True, step=step)
            compact(writer, self._fetch(matcher), matcher.segment)
        return changes

    def compact(self, matcher: WorkTypeMatcher) -> int:
        """Merge the segments of an index as far as they fit together; how many were merged."""
        with self.index(matcher).writing() as writer:
            return compact(writer, self._fetch(matcher), matcher.segment, fully=True)

    def _fetch(self, matcher: WorkTypeMatcher) -> Callable[[Sequence[File]], Iterator[Reference]]:
        def fetch(files: Sequence[File]) -> Iterator[Reference]:
            for stored in self._works.fingerprints_of(files, matcher.kind, matcher.version):
                yield Reference(
                    work_id=stored.work_id,
                    title=stored.title,
                    owner=stored.owner,
                    digest=stored.reference,
                    fingerprint=stored.fingerprint,
                )

        return fetch

    def _renew(self, matcher: WorkTypeMatcher) -> None:
        """Fingerprint anew what another version of this program registered: versions do not compare with each other."""
        for work_id, digest in self._works.outdated(matcher.kind, matcher.version):
            work = self._works.get(work_id)
            file = next((file for file in work.references if file.digest == digest), None) if work else None
            data = self._files.read(digest)
            content = Content(data=data, name=file.name if file else digest, media_type=file.media_type if file else "")
            made = matcher.fingerprint(content, registering=True)
            kept = made if isinstance(made, Fingerprint) else None
            self._works.renew_fingerprint(work_id, digest, matcher.kind, kept)
