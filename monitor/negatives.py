"""The negative bank: what is recognised so that nobody is accused of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import NotFoundError, UsageError
from domain.ids import WorkId, digest_of, short_digest
from domain.works import Work, WorkType
from monitor.importing import register
from monitor.wiring import Platform
from store.catalogue.cells import LARGEST_FILE

NOBODY = ""
"""The owner of every item: no right holder has this name, so items compete with all works and never with each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of one file: its item, or why it is none."""

    file: Path
    item: Work | None
    problem: str = ""


def add_negatives(platform: Platform, files: Sequence[Path], work_type: WorkType, title: str = "") -> list[Added]:
    """Make each file an item of the bank, called by its name unless `title` is given. Safe to repeat.

    Raises `NotFoundError` for a file that is not there, `UsageError` for a type or size that cannot be compared.
    """
    if platform.matcher_of(work_type) is None:
        raise UsageError(f"Works of type {work_type} cannot be compared yet.", "Choose another type.")
    for file in files:
        if not file.is_file():
            raise NotFoundError(f"{file} is not there.", "Name files that are.")
        if not 0 < file.stat().st_size <= LARGEST_FILE:
            raise UsageError(f"{file} is empty or larger than {LARGEST_FILE} bytes.", "Give a part of it.")
    return [_add(platform, file, work_type, title or file.stem) for file in files]


def _add(platform: Platform, file: Path, work_type: WorkType, title: str) -> Added:
    name = WorkId(f"negative:{short_digest('negative', work_type, digest_of(file.read_bytes()))}")
    made = register(platform, Work(work_id=name, title=title, type=work_type, owner=NOBODY, negative=True), [file])
    if made.refused:
        # What is too little or too plain to be registered is never judged in a query either.
        return Added(file=file, item=None, problem=made.refused[0][1])
    platform.works.put([made.work])
    platform.works.put_fingerprints(name, made.prints or ())
    return Added(file=file, item=made.work)


def remove_negative(platform: Platform, name: WorkId) -> None:
    """Take an item out of the bank. Raises `NotFoundError`."""
    item = platform.works.get(name)
    if item is None or not item.negative:
        raise NotFoundError(
            f"There is no item {name} in the negative bank.", "See `piracy-monitor works negative list`."
        )
    platform.works.remove(name)
