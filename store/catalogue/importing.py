"""A catalogue into the register: good rows are kept, bad ones reported and set aside to be mended."""

import csv
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from domain.fingerprints import Fingerprint
from domain.ids import Digest
from domain.works import Work
from store.catalogue.columns import COLUMNS, REJECT_COLUMNS, RawRow, RowProblem
from store.catalogue.reading import read_rows
from store.catalogue.rows import Draft, check_row
from store.works import WorkStore

BATCH = 500
MOST_REPORTED = 1000
"""Problems kept for the report; the rejects file has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A work whose reference files were stored. `prints` is None when those in the register still hold."""

    work: Work
    prints: Sequence[tuple[Digest, Fingerprint]] | None = None
    refused: Sequence[tuple[str, str, str]] = ()
    """Name of each file that was refused, the reason and the mend."""


Register = Callable[[Work, Sequence[Path]], Registered]


@dataclass
class ImportReport:
    """What became of a catalogue."""

    imported: int = 0
    unchanged: int = 0
    rejected: int = 0
    rejects_file: Path | None = None
    problems: list[RowProblem] = field(default_factory=list)


def import_catalogue(
    path: Path,
    *,
    media: Path,
    works: WorkStore,
    register: Register,
    rejects: Path,
    progress: Callable[[int], None],
) -> ImportReport:
    """Import a catalogue as a stream. `rejects` is where rejected rows go (CSV, only made if there are any).

    Raises `UsageError` when the file cannot be read at all.
    """
    report = ImportReport()
    with _Rejects(rejects) as set_aside:
        take = _Taker(media.resolve(), register)
        rows = read_rows(path)
        while batch := list(islice(rows, BATCH)):
            good: list[Registered] = []
            for row in batch:
                taken = take(row)
                if isinstance(taken, Registered):
                    good.append(taken)
                else:
                    _reject(row.cells, taken, report, set_aside)
            counts = works.put(each.work for each in good)
            for each in good:
                if each.prints is not None:
                    works.put_fingerprints(each.work.work_id, each.prints)
            report.imported += counts.imported
            report.unchanged += counts.unchanged
            progress(len(batch))
    report.rejects_file = rejects if report.rejected else None
    return report


class _Taker:
    """Takes rows one by one, remembering by two hashes (of id and content) which works a catalogue named before."""

    def __init__(self, media: Path, register: Register) -> None:
        self._media = media
        self._register = register
        self._seen: dict[int, int] = {}

    def __call__(self, row: RawRow) -> Registered | Sequence[RowProblem]:
        """The work, registered, or why the row is rejected."""
        if row.problem is not None:
            return [row.problem]
        checked = check_row(row.number, row.cells, self._media)
        if not isinstance(checked, Draft):
            return checked
        if problem := self._conflict(row.number, checked):
            return [problem]
        done = self._register(checked.work, checked.files)
        refused = [RowProblem(row=row.number, column="files", value=n, reason=r, mend=m) for n, r, m in done.refused]
        return refused or done

    def _conflict(self, number: int, draft: Draft) -> RowProblem | None:
        work_id = draft.work.work_id
        content = hash(draft)
        before = self._seen.setdefault(hash(work_id), content)
        if before == content:
            return None
        reason = "names a work that an earlier row describes otherwise"
        mend = "Keep one of the rows, or give each work a work_id of its own."
        return RowProblem(row=number, column="work_id", value=work_id, reason=reason, mend=mend)


def _reject(
    cells: Mapping[str, str], problems: Sequence[RowProblem], report: ImportReport, set_aside: "_Rejects"
) -> None:
    report.rejected += 1
    report.problems.extend(islice(problems, max(0, MOST_REPORTED - len(report.problems))))
    set_aside.add(cells, problems)


class _Rejects:
    """The rejects file, which appears whole under its name when all is read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(f".{path.name}.{os.getpid()}")

    def __enter__(self) -> "_Rejects":
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._draft.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="")
        self._writer = csv.DictWriter(self._file, (*COLUMNS, *REJECT_COLUMNS), extrasaction="ignore")
        self._writer.writeheader()
        self._count = 0
        return self

    def add(self, cells: Mapping[str, str], problems: Sequence[RowProblem]) -> None:
        notes = (
            _joined(str(p.row) for p in problems[:1]),
            _joined(p.column for p in problems),
            _joined(p.reason for p in problems),
            _joined(p.mend for p in problems),
        )
        self._writer.writerow(dict(cells) | dict(zip(REJECT_COLUMNS, notes, strict=True)))
        self._count += 1

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._file.close()
        if kind is None and self._count:
            self._draft.replace(self._path)
        else:
            self._draft.unlink()


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(parts)
