"""One row of a catalogue: what its cells must hold, and the work it describes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from stdnum import isbn, isrc, issn
from stdnum.exceptions import ValidationError

from domain.ids import WorkId, work_id_of
from domain.works import Licence, Work, WorkType

COLUMNS = (
    "work_id",
    "title",
    "title_en",
    "aliases",
    "type",
    "owner",
    "registration_number",
    "isbn",
    "issn",
    "isrc",
    "hot_from",
    "hot_until",
    "licensed_hosts",
    "files",
)
REQUIRED = ("title", "type", "owner")
LISTS = ("aliases", "licensed_hosts", "files")
REJECT_COLUMNS = ("reject_row", "reject_column", "reject_reason", "reject_mend")
"""Added to rejected rows; ignored when they are imported again."""
LONGEST = {"title": 500, "title_en": 500, "owner": 500, "registration_number": 100, "aliases": 5000}
TYPE_NAMES = {"文字": "text", "图片": "image", "美术": "image", "音乐": "audio", "影视": "video", "软件": "software"}
LARGEST_FILE = 2 * 1024**3
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_ID = re.compile(r"[\w.:-]{1,64}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """Why a row was rejected."""

    row: int
    column: str
    value: str
    reason: str
    mend: str


class _CellError(Exception):
    """A cell that cannot be taken: reason and mend."""

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(reason)
        self.reason, self.mend = reason, mend


@dataclass(frozen=True, slots=True)
class Draft:
    """A good row: the work, and where its reference files are."""

    work: Work
    files: tuple[Path, ...]


def check_row(number: int, cells: Mapping[str, str], media: Path) -> Draft | list[RowProblem]:
    """The work a row describes, or everything that is wrong with it. Files are looked for under `media`."""
    problems: list[RowProblem] = []
    values: dict[str, Any] = {}
    for column in COLUMNS:
        text = cells.get(column, "").strip()
        try:
            if column in REQUIRED and not text:
                raise _CellError("is empty", "Fill it in.")
            if _CONTROL.search(text):
                raise _CellError("holds control characters", "Remove them.")
            if len(text) > LONGEST.get(column, 10_000):
                raise _CellError(f"is longer than {LONGEST.get(column, 10_000)} characters", "Shorten it.")
            values[column] = _READERS[column](text) if text else None
        except _CellError as error:
            problems.append(RowProblem(row=number, column=column, value=text, reason=error.reason, mend=error.mend))
    if values.get("hot_from") and values.get("hot_until") and values["hot_from"] > values["hot_until"]:
        ends = cells["hot_until"].strip()
        mend = "Let the window end after it begins."
        problems.append(
            RowProblem(row=number, column="hot_until", value=ends, reason="lies before hot_from", mend=mend)
        )
    files: list[Path] = []
    for name in values.get("files") or ():
        try:
            files.append(_file(media, name))
        except _CellError as error:
            problems.append(RowProblem(row=number, column="files", value=name, reason=error.reason, mend=error.mend))
    return problems or Draft(_work(values), tuple(files))


def _work(values: Mapping[str, Any]) -> Work:
    named = values["work_id"]
    return Work(
        work_id=named or work_id_of(values["owner"], values["title"], values["type"]),
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
        licences=tuple(sorted(values["licensed_hosts"] or (), key=lambda licence: licence.host)),
    )


def _text(text: str) -> str:
    return " ".join(text.split())


def _id(text: str) -> WorkId:
    if not _ID.fullmatch(text):
        raise _CellError("is no id", "Use letters, digits, dots, colons, hyphens and underscores, at most 64.")
    return WorkId(text)


def _type(text: str) -> WorkType:
    try:
        return WorkType(TYPE_NAMES.get(text, text.lower()))
    except ValueError as error:
        raise _CellError("is no type of work", "Write text, image, audio, video or software.") from error


def _identifier(module: Any, name: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        try:
            return str(module.compact(module.validate(text)))
        except ValidationError as error:
            reason = str(error).rstrip(".").lower()
            raise _CellError(f"is no {name} ({reason})", "Check it against the work; a digit is wrong.") from error

    return read


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _CellError("is no date", "Write it as 2026-01-31.") from error


def _list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split("|") if part.strip()))


def _licences(text: str) -> tuple[Licence, ...]:
    licences = tuple(_licence(part) for part in _list(text))
    if len({licence.host for licence in licences}) < len(licences):
        raise _CellError("names a host twice", "Give one licence a host.")
    return licences


def _licence(part: str) -> Licence:
    host, at, dates = part.partition("@")
    try:
        ascii_host = host.strip().lower().encode("idna").decode()
    except UnicodeError:
        ascii_host = ""
    if not _HOST.fullmatch(ascii_host):
        mend = "Write the bare host; subdomains are included: shop.example or shop.example@2026-01-01..2026-12-31."
        raise _CellError(f"has {host.strip()!r}, which is no host", mend)
    first, dots, last = dates.partition("..")
    if at and not dots:
        raise _CellError(f"has {dates!r}, which is no span of days", "Write it as 2026-01-01..2026-12-31.")
    begins, ends = (_date(day.strip()) if day.strip() else None for day in (first, last))
    if begins and ends and begins > ends:
        raise _CellError("has a licence that ends before it begins", "Put the earlier day first.")
    return Licence(host=ascii_host, valid_from=begins, valid_until=ends)


def _file(media: Path, name: str) -> Path:
    path = (media / name).resolve()
    if not path.is_relative_to(media.resolve()):
        raise _CellError("lies outside the media folder", "Copy the file into it and give its place there.")
    if not path.is_file():
        raise _CellError("is not there", f"Put it under {media}, or mend its name.")
    size = path.stat().st_size
    if not size:
        raise _CellError("is an empty file", "Put the work's file in its place.")
    if size > LARGEST_FILE:
        raise _CellError(f"is larger than {LARGEST_FILE} bytes", "Register it in parts.")
    return path


_READERS: Mapping[str, Callable[[str], Any]] = {
    "work_id": _id,
    "title": _text,
    "title_en": _text,
    "aliases": _list,
    "type": _type,
    "owner": _text,
    "registration_number": _text,
    "isbn": _identifier(isbn, "ISBN"),
    "issn": _identifier(issn, "ISSN"),
    "isrc": _identifier(isrc, "ISRC"),
    "hot_from": _date,
    "hot_until": _date,
    "licensed_hosts": _licences,
    "files": _list,
}
