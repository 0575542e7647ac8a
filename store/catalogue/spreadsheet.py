"""Rows of the first sheet of an XLSX file, which is a zip of XML and so may unpack to anything."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZipFile

import openpyxl

from domain.errors import UsageError
from store.catalogue.columns import RawRow, header_of, row_of

MIB = 1 << 20
MOST_PARTS = 1000
LARGEST_SHEET = 1024 * MIB
LARGEST_OTHER_PART = 64 * MIB
"""Shared strings and styles are held in memory whole; sheets are streamed."""
HIGHEST_RATIO = 200
"""Sheets of real catalogues pack to a tenth or a fiftieth; deflate can reach a thousandth, and then it is a bomb."""
LAST_ROW = 1_048_576
LAST_COLUMN = 40


def read_spreadsheet(path: Path) -> Iterator[RawRow]:
    """Every row under the header that is not blank. Raises `UsageError` when the file is no sound XLSX."""
    try:
        _check_parts(path)
        # A book that cannot be loaded leaves its file open, so the file is opened and closed here.
        with path.open("rb") as file:
            yield from _rows(path.name, file)
    except UsageError:
        raise
    except Exception as error:  # openpyxl raises whatever its parts raise on a broken file
        detail = str(error)[:200] or type(error).__name__
        raise UsageError(f"{path.name} is no sound XLSX file ({detail}).", "Save it anew, or as CSV.") from error


def _check_parts(path: Path) -> None:
    with ZipFile(path) as archive:
        parts = archive.infolist()
    for part in parts:
        limit = LARGEST_SHEET if part.filename.startswith("xl/worksheets/") else LARGEST_OTHER_PART
        packed_too_well = part.file_size > MIB and part.file_size > HIGHEST_RATIO * part.compress_size
        if len(parts) > MOST_PARTS or part.file_size > limit or packed_too_well:
            problem = f"{path.name} unpacks to more than a catalogue may ({part.filename}: {part.file_size} bytes)."
            raise UsageError(problem, "Save it as CSV.")


def _rows(name: str, file: BinaryIO) -> Iterator[RawRow]:
    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    try:
        # The bounds stand in for the sheet's own word on its size, which may be absent or untrue.
        rows = book.worksheets[0].iter_rows(max_row=LAST_ROW, max_col=LAST_COLUMN, values_only=True)
        header = header_of(name, [_cell(value) for value in next(rows, ())])
        for number, values in enumerate(rows, start=2):
            if not any(values):
                continue
            cells = [_cell(value) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            yield row_of(number, header, cells)
    finally:
        book.close()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
