"""One row of a catalogue: everything that is wrong with it, or the work it describes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stdnum import isbn, isrc, issn

from domain.ids import work_id_of
from domain.works import Licence, Work
from store.catalogue.cells import CellError, check_text, day_of, file_of, id_of, identifier, list_of, type_of, words_of
from store.catalogue.columns import COLUMNS, REQUIRED, RowProblem
from store.catalogue.licences import licence_of


@dataclass(frozen=True, slots=True)
class Draft:
    """A good row: the work, and where its reference files are."""

    work: Work
    files: tuple[Path, ...]


def check_row(number: int, cells: Mapping[str, str], media: Path) -> Draft | list[RowProblem]:
    """The work a row describes, or everything that is wrong with it. `media` is the resolved folder of its files."""
    problems: list[RowProblem] = []
    values: dict[str, Any] = {}
    files: list[Path] = []

    def refuse(column: str, value: str, error: CellError) -> None:
        problems.append(RowProblem(row=number, column=column, value=value, reason=error.reason, mend=error.mend))

    for column in COLUMNS:
        text = cells.get(column, "").strip()
        try:
            values[column] = _value(column, text)
        except CellError as error:
            refuse(column, text, error)
    hot_from, hot_until = values.get("hot_from"), values.get("hot_until")
    if hot_from and hot_until and hot_from > hot_until:
        refuse("hot_until", str(hot_until), CellError("lies before hot_from", "Let the window end after it begins."))
    for name in values.get("files") or ():
        try:
            files.append(file_of(media, name))
        except CellError as error:
            refuse("files", name, error)
    return problems or Draft(_work(values), tuple(files))


def _value(column: str, text: str) -> Any:
    if text:
        check_text(column, text)
        return _READERS[column](text)
    if column in REQUIRED:
        raise CellError("is empty", "Fill it in.")
    return None


def _work(values: Mapping[str, Any]) -> Work:
    return Work(
        work_id=values["work_id"] or work_id_of(values["owner"], values["title"], values["type"]),
        title=values["title"],
        type=values["type"],
        owner=values["owner"],
        title_en=values["title_en"] or "",
        aliases=values["aliases"] or (),
        registration_number=values["registration_number"] or "",
        isbn=values["isbn"] or "",
        issn=values["issn"] or "",
        isrc=values["isrc"] or "",
        hot_from=values["hot_from"],
        hot_until=values["hot_until"],
        public_domain_since=values["public_domain_since"],
        also_stands_in=values["also_stands_in"] or (),
        licences=values["licensed_hosts"] or (),
    )


def _licences(text: str) -> tuple[Licence, ...]:
    licences = {licence_of(part) for part in list_of(text)}
    if len({licence.host for licence in licences}) < len(licences):
        raise CellError("names a host twice", "Give one licence a host.")
    return tuple(sorted(licences, key=lambda licence: licence.host))


_READERS: Mapping[str, Callable[[str], Any]] = {
    "work_id": id_of,
    "title": words_of,
    "title_en": words_of,
    "aliases": list_of,
    "type": type_of,
    "owner": words_of,
    "registration_number": words_of,
    "isbn": identifier(isbn, "ISBN"),
    "issn": identifier(issn, "ISSN"),
    "isrc": identifier(isrc, "ISRC"),
    "hot_from": day_of,
    "hot_until": day_of,
    "public_domain_since": day_of,
    "also_stands_in": list_of,
    "licensed_hosts": _licences,
    "files": list_of,
}
