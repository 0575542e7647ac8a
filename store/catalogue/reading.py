"""Rows of a catalogue, from CSV, XLSX or JSON Lines, one at a time."""

import codecs
import csv
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl

from domain.errors import UsageError
from store.catalogue.rows import COLUMNS, REJECT_COLUMNS, REQUIRED

Row = Mapping[str, str]
MOST_XLSX_CELLS_IN_A_ROW = 200
LONGEST_FIELD = 1_000_000
ENCODINGS = ("utf-8-sig", "gb18030")
SAMPLE_LINES = 200


def read_rows(path: Path) -> Iterator[tuple[int, Row | str]]:
    """Line number and cells by column of each row; in place of the cells, what makes a row unreadable.

    Raises `UsageError` when the file or its header cannot be read at all.
    """
    if not path.is_file():
        raise UsageError(f"{path} is not a file.", "Name a catalogue: CSV, XLSX or JSON Lines.")
    readers = {".csv": _csv, ".tsv": _csv, ".txt": _csv, ".xlsx": _xlsx, ".jsonl": _json_lines, ".ndjson": _json_lines}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UsageError(f"{path.name} is of no known kind.", "Catalogues end in .csv, .xlsx or .jsonl.")
    return reader(path)


def _csv(path: Path) -> Iterator[tuple[int, Row | str]]:
    csv.field_size_limit(LONGEST_FIELD)
    with path.open(encoding=encoding_of(path), newline="") as file:
        sample = "".join(islice(file, 1))
        file.seek(0)
        delimiter = max(",;\t", key=sample.count)
        rows = csv.reader(file, delimiter=delimiter)
        header = _header(path, next(rows, []))
        while True:
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield rows.line_num, f"the line cannot be read ({error})"
                continue
            if any(cell.strip() for cell in cells):
                yield rows.line_num, _named(header, cells)


def encoding_of(path: Path) -> str:
    """The encoding of a text catalogue: by its mark, else UTF-8 if it is that throughout, else GB18030."""
    with path.open("rb") as file:
        head = file.read(4)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        for encoding in ENCODINGS:
            file.seek(0)
            decoder = codecs.getincrementaldecoder(encoding)()
            try:
                while chunk := file.read(1 << 20):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
            return encoding
    raise UsageError(f"{path.name} is neither UTF-8 nor GB18030.", "Save it as UTF-8.")


def _xlsx(path: Path) -> Iterator[tuple[int, Row | str]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        raise UsageError(f"{path.name} is no XLSX file ({error}).", "Save it anew from the spreadsheet.") from error
    try:
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(values_only=True, max_col=MOST_XLSX_CELLS_IN_A_ROW)
        header = _header(path, [_cell(value) for value in next(rows, ())])
        for number, values in enumerate(rows, start=2):
            cells = [_cell(value) for value in values]
            if any(cells):
                yield number, _named(header, cells)
    finally:
        book.close()


def _json_lines(path: Path) -> Iterator[tuple[int, Row | str]]:
    with path.open(encoding=encoding_of(path)) as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except json.JSONDecodeError as error:
                yield number, f"the line is not JSON ({error.msg})"
                continue
            if not isinstance(value, dict):
                yield number, "the line is not a JSON object"
            elif unknown := sorted(set(value) - {*COLUMNS, *REJECT_COLUMNS}):
                yield number, f"the key {unknown[0]!r} is not known"
            else:
                yield number, {key: _joined(part) for key, part in value.items()}


def _joined(value: Any) -> str:
    return "|".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


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


def _header(path: Path, cells: list[str]) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    while header and not header[-1]:
        header.pop()
    known = {*COLUMNS, *REJECT_COLUMNS}
    if missing := [name for name in REQUIRED if name not in header]:
        raise UsageError(f"{path.name} has no column {missing[0]}.", f"Its first row must name: {', '.join(REQUIRED)}.")
    if unknown := [name for name in header if name not in known]:
        raise UsageError(f"{path.name} has a column {unknown[0]!r}.", f"Columns are: {', '.join(COLUMNS)}.")
    if len(set(header)) < len(header):
        raise UsageError(f"{path.name} names a column twice.", "Remove one of them.")
    return header


def _named(header: list[str], cells: list[str]) -> Row | str:
    if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
        return f"the row has {len(cells)} cells, the header {len(header)}"
    return dict(zip(header, (*cells, *[""] * (len(header) - len(cells))), strict=False))
