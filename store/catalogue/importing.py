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
from store.catalogue.reading import read_rows
from store.catalogue.rows import COLUMNS, REJECT_COLUMNS, Draft, RowProblem, check_row
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
        rows = read_rows(path)
        while batch := list(islice(rows, BATCH)):
            taken = [_take(number, cells, media, register, report, set_aside) for number, cells in batch]
            good = [each for each in taken if each is not None]
            counts = works.put(each.work for each in good)
            for each in good:
                if each.prints is not None:
                    works.put_fingerprints(each.work.work_id, each.prints)
            report.imported += counts.imported
            report.unchanged += counts.unchanged
            progress(len(batch))
    report.rejects_file = rejects if report.rejected else None
    return report


def _take(
    number: int,
    cells: Mapping[str, str] | str,
    media: Path,
    register: Register,
    report: ImportReport,
    set_aside: "_Rejects",
) -> Registered | None:
    if isinstance(cells, str):
        unreadable = RowProblem(row=number, column="", value="", reason=cells, mend="Mend that line.")
        _reject({}, [unreadable], report, set_aside)
        return None
    checked = check_row(number, cells, media)
    if not isinstance(checked, Draft):
        _reject(cells, checked, report, set_aside)
        return None
    done = register(checked.work, checked.files)
    problems = [RowProblem(row=number, column="files", value=name, reason=r, mend=m) for name, r, m in done.refused]
    if problems:
        _reject(cells, problems, report, set_aside)
        return None
    return done


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
        self._file = self._draft.open("w", encoding="utf-8-sig", newline="")
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
