"""The register: works, their licences, reference files and fingerprints."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, func, insert, select, tuple_

from domain.errors import NotFoundError
from domain.fingerprints import Fingerprint
from domain.ids import Digest, WorkId
from domain.works import Licence, LicenceSource, ReferenceFile, Work, WorkType
from store.database import Database
from store.rematches import owe
from store.tables import fingerprints, licences, reference_files, works
from store.upserts import insert_missing

BATCH = 500
PAGE = 10_000
PLAIN = (
    "title",
    "title_en",
    "owner",
    "registration_number",
    "isbn",
    "issn",
    "isrc",
    "hot_from",
    "hot_until",
    "negative",
    "public_domain_since",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PutCounts:
    """How many works were new or changed, and how many were there already."""

    imported: int
    unchanged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredFile:
    """A reference file that has a fingerprint, with what an index names it by."""

    work_id: WorkId
    reference: Digest
    title: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFingerprint:
    """A fingerprint of one reference file, with what the matcher needs of its work."""

    work_id: WorkId
    title: str
    owner: str
    reference: Digest
    fingerprint: Fingerprint


class WorkStore:
    """The registered works, and the items of the negative bank, which are kept like works."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, given: Iterable[Work]) -> PutCounts:
        """Add works as a catalogue has them, or replace those whose content differs. Streams; safe to repeat.

        Licences that a person added are neither compared nor touched.
        """
        imported = unchanged = 0
        for batch in _batches(given):
            with self._database.write() as connection:
                stored = _read(connection, [w.work_id for w in batch])
                present = {work.work_id: _as_catalogued(work) for work in stored}
                changed = [work for work in map(_as_catalogued, batch) if present.get(work.work_id) != work]
                _replace(connection, changed, {w.work_id for w in changed} & present.keys())
            imported += len(changed)
            unchanged += len(batch) - len(changed)
        return PutCounts(imported=imported, unchanged=unchanged)

    def get(self, work_id: WorkId) -> Work | None:
        with self._database.read() as connection:
            return next(_read(connection, [work_id]), None)

    def titles(self, ids: Collection[WorkId]) -> dict[WorkId, str]:
        """The titles of those works of `ids` that there are."""
        with self._database.read() as connection:
            rows = connection.execute(select(works.c.work_id, works.c.title).where(works.c.work_id.in_(ids))).all()
        return {WorkId(work_id): title for work_id, title in rows}

    def all(self) -> Iterator[Work]:
        """Every work, by id; read in pages, so that memory stays small and writers are not held up."""
        return self._all(negative=False)

    def negatives(self) -> Iterator[Work]:
        """Every item of the negative bank, by id."""
        return self._all(negative=True)

    def _all(self, *, negative: bool) -> Iterator[Work]:
        chosen = select(works.c.work_id).where(works.c.negative == negative).order_by(works.c.work_id).limit(BATCH)
        last = ""
        while True:
            with self._database.read() as connection:
                ids = connection.scalars(chosen.where(works.c.work_id > last)).all()
                page = list(_read(connection, [WorkId(i) for i in ids]))
            if not page:
                return
            yield from page
            last = page[-1].work_id

    def count(self) -> int:
        """How many works are registered."""
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).where(works.c.negative.is_(False))) or 0

    def remove(self, work_id: WorkId) -> bool:
        """Remove a work with its licences and fingerprints; its findings stay. False if it was not there."""
        with self._database.write() as connection:
            return connection.execute(delete(works).where(works.c.work_id == work_id)).rowcount > 0

    def add_licence(self, work_id: WorkId, licence: Licence) -> None:
        """Add a licence, or replace the one of the same source for that host. Raises `NotFoundError`."""
        with self._database.write() as connection:
            if not list(_read(connection, [work_id])):
                raise NotFoundError(f"There is no work {work_id}.", "See `piracy-monitor works list`.")
            same = (licences.c.work_id == work_id) & (licences.c.host == licence.host)
            connection.execute(delete(licences).where(same, licences.c.source == licence.source))
            connection.execute(insert(licences), [{"work_id": work_id, **asdict(licence)}])

    def put_fingerprints(self, work_id: WorkId, items: Sequence[tuple[Digest, Fingerprint]]) -> None:
        """Replace every fingerprint of a work, which is then owed a comparison with what was captured before."""
        rows = [
            {"work_id": work_id, "reference": d, "kind": f.kind, "version": f.version, "payload": f.payload}
            for d, f in items
        ]
        of_work = fingerprints.c.work_id == work_id
        known = select(fingerprints.c.reference, fingerprints.c.kind, fingerprints.c.version).where(of_work)
        given = {(row["reference"], row["kind"], row["version"]) for row in rows}
        with self._database.write() as connection:
            present = {tuple(row) for row in connection.execute(known)}
            if present == given:
                return
            connection.execute(delete(fingerprints).where(of_work))
            if rows:
                connection.execute(insert(fingerprints), rows)
            if given - present:
                owe(connection, [work_id])

    def registered_files(
        self, kind: str, version: int, ids: Collection[WorkId] | None = None
    ) -> Iterator[RegisteredFile]:
        """Every reference file that has a fingerprint of a kind and version, by work and reference; read in pages.

        With `ids`, those of these works only.
        """
        columns = (fingerprints.c.work_id, fingerprints.c.reference, works.c.title, works.c.owner)
        query = (
            select(*columns)
            .join(works, works.c.work_id == fingerprints.c.work_id)
            .where(fingerprints.c.kind == kind, fingerprints.c.version == version)
            .order_by(fingerprints.c.work_id, fingerprints.c.reference)
        )
        if ids is not None:
            query = query.where(fingerprints.c.work_id.in_(ids))
        with self._database.read() as connection:
            for row in connection.execution_options(yield_per=PAGE).execute(query):
                yield RegisteredFile(
                    work_id=WorkId(row.work_id), reference=Digest(row.reference), title=row.title, owner=row.owner
                )

    def fingerprints_of(
        self, files: Sequence[tuple[WorkId, Digest]], kind: str, version: int
    ) -> Iterator[StoredFingerprint]:
        """The fingerprints of a kind and version of those of `files` that there are; read in pages."""
        for first in range(0, len(files), BATCH):
            wanted = tuple_(fingerprints.c.work_id, fingerprints.c.reference).in_(files[first : first + BATCH])
            query = (
                select(fingerprints, works.c.title, works.c.owner)
                .join(works, works.c.work_id == fingerprints.c.work_id)
                .where(wanted, fingerprints.c.kind == kind, fingerprints.c.version == version)
                .order_by(fingerprints.c.work_id, fingerprints.c.reference)
            )
            with self._database.read() as connection:
                for row in connection.execution_options(yield_per=BATCH).execute(query):
                    yield StoredFingerprint(
                        work_id=WorkId(row.work_id),
                        title=row.title,
                        owner=row.owner,
                        reference=Digest(row.reference),
                        fingerprint=Fingerprint(kind=row.kind, version=row.version, payload=row.payload),
                    )

    def outdated(self, kind: str, version: int) -> list[tuple[WorkId, Digest]]:
        """Reference files fingerprinted by another version of `kind` and not by this one."""
        same = (fingerprints.c.kind == kind, fingerprints.c.version == version)
        current = select(fingerprints.c.work_id, fingerprints.c.reference).where(*same)
        query = (
            select(fingerprints.c.work_id, fingerprints.c.reference)
            .where(fingerprints.c.kind == kind)
            .except_(current)
            .order_by(fingerprints.c.work_id, fingerprints.c.reference)
        )
        with self._database.read() as connection:
            return [(WorkId(work_id), Digest(reference)) for work_id, reference in connection.execute(query)]

    def renew_fingerprint(self, work_id: WorkId, reference: Digest, kind: str, fingerprint: Fingerprint | None) -> None:
        """Put `fingerprint` in the place of what other versions made of a reference file; None only removes that."""
        same = (fingerprints.c.work_id == work_id, fingerprints.c.reference == reference, fingerprints.c.kind == kind)
        with self._database.write() as connection:
            connection.execute(delete(fingerprints).where(*same))
            if fingerprint is not None:
                row: dict[str, Any] = {"work_id": work_id, "reference": reference, "kind": kind}
                row |= {"version": fingerprint.version, "payload": fingerprint.payload}
                insert_missing(connection, fingerprints, [row])

    def fingerprint_of(self, work_id: WorkId, reference: Digest, kind: str) -> Fingerprint | None:
        """The newest fingerprint of one reference file."""
        query = (
            select(fingerprints)
            .where(
                fingerprints.c.work_id == work_id,
                fingerprints.c.reference == reference,
                fingerprints.c.kind == kind,
            )
            .order_by(fingerprints.c.version.desc())
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return Fingerprint(kind=row.kind, version=row.version, payload=row.payload) if row else None

    def fingerprint_counts(self) -> dict[WorkId, int]:
        """How many fingerprints each work has; works without any are left out."""
        query = select(fingerprints.c.work_id, func.count()).group_by(fingerprints.c.work_id)
        with self._database.read() as connection:
            return {WorkId(work_id): count for work_id, count in connection.execute(query)}


def _batches(given: Iterable[Work]) -> Iterator[list[Work]]:
    batch: dict[WorkId, Work] = {}
    for work in given:
        if len(batch) == BATCH or work.work_id in batch:
            yield list(batch.values())
            batch = {}
        batch[work.work_id] = work
    if batch:
        yield list(batch.values())


def _replace(connection: Connection, changed: Sequence[Work], present: set[WorkId]) -> None:
    if present:
        # Fingerprints hang on the work row, so it is updated rather than deleted.
        catalogued = licences.c.source == LicenceSource.CATALOGUE
        connection.execute(delete(licences).where(licences.c.work_id.in_(present), catalogued))
        connection.execute(delete(reference_files).where(reference_files.c.work_id.in_(present)))
    for work in changed:
        if work.work_id in present:
            values = {k: v for k, v in _row(work).items() if k != "work_id"}
            connection.execute(works.update().where(works.c.work_id == work.work_id).values(values))
    new = [_row(work) for work in changed if work.work_id not in present]
    granted = [{"work_id": w.work_id, **asdict(lic)} for w in changed for lic in w.licences]
    filed = [
        {"work_id": w.work_id, "ordinal": i, **asdict(file)} for w in changed for i, file in enumerate(w.references)
    ]
    for table, rows in ((works, new), (licences, granted), (reference_files, filed)):
        if rows:
            connection.execute(insert(table), rows)
    if present:
        _drop_withdrawn(connection, present)


def _drop_withdrawn(connection: Connection, ids: set[WorkId]) -> None:
    """Delete the fingerprints of files that their works list no longer: what was withdrawn must accuse nobody."""
    same_work = reference_files.c.work_id == fingerprints.c.work_id
    listed = exists().where(same_work, reference_files.c.digest == fingerprints.c.reference)
    connection.execute(delete(fingerprints).where(fingerprints.c.work_id.in_(ids), ~listed))


def _as_catalogued(work: Work) -> Work:
    own = tuple(lic for lic in work.licences if lic.source is LicenceSource.CATALOGUE)
    return work if len(own) == len(work.licences) else replace(work, licences=own)


def _row(work: Work) -> dict[str, Any]:
    plain = {name: getattr(work, name) for name in PLAIN}
    lists = {"aliases": list(work.aliases), "also_stands_in": list(work.also_stands_in)}
    return {"work_id": work.work_id, "type": work.type.value, **plain, **lists}


def _read(connection: Connection, ids: Sequence[WorkId]) -> Iterator[Work]:
    rows = connection.execute(select(works).where(works.c.work_id.in_(ids)).order_by(works.c.work_id)).all()
    granted = _by_work(connection, select(licences).where(licences.c.work_id.in_(ids)).order_by(*licences.primary_key))
    order = (reference_files.c.work_id, reference_files.c.ordinal)
    filed = _by_work(connection, select(reference_files).where(reference_files.c.work_id.in_(ids)).order_by(*order))
    for row in rows:
        yield Work(
            work_id=WorkId(row.work_id),
            type=WorkType(row.type),
            aliases=tuple(row.aliases),
            also_stands_in=tuple(row.also_stands_in),
            licences=tuple(_licence(r) for r in granted.get(row.work_id, ())),
            references=tuple(
                ReferenceFile(name=r.name, digest=Digest(r.digest), media_type=r.media_type, size=r.size)
                for r in filed.get(row.work_id, ())
            ),
            **{name: getattr(row, name) for name in PLAIN},
        )


def _licence(row: Row[Any]) -> Licence:
    source = LicenceSource(row.source)
    return Licence(host=row.host, valid_from=row.valid_from, valid_until=row.valid_until, source=source)


def _by_work(connection: Connection, query: Any) -> dict[str, list[Row[Any]]]:
    return {key: list(rows) for key, rows in groupby(connection.execute(query), key=lambda row: row.work_id)}
