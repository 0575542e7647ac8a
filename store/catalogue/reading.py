"""Rows of a catalogue, from CSV, XLSX or JSON Lines, one at a time."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from domain.errors import UsageError
from store.catalogue.columns import KNOWN, LISTS, SEPARATOR, RawRow, header_of, malformed, mend_of_column, row_of
from store.catalogue.encoding import encoding_of, lines_of
from store.catalogue.spreadsheet import read_spreadsheet


def read_rows(path: Path) -> Iterator[RawRow]:
    """Every row that is not blank, numbered as a spreadsheet (or, for JSON Lines, an editor) numbers them.

    Raises `UsageError` when the file or its header cannot be read at all.
    """
    if not path.is_file():
        raise UsageError(f"{path} is not a file.", "Name a catalogue: CSV, XLSX or JSON Lines.")
    readers = {
        ".csv": _csv,
        ".tsv": _csv,
        ".txt": _csv,
        ".xlsx": read_spreadsheet,
        ".jsonl": _json_lines,
        ".ndjson": _json_lines,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UsageError(f"{path.name} is of no known kind.", "Catalogues end in .csv, .xlsx or .jsonl.")
    return reader(path)


def _csv(path: Path) -> Iterator[RawRow]:
    with path.open(encoding=encoding_of(path), newline="") as file:
        head = next(lines_of(path, file), "")
        file.seek(0)
        rows = csv.reader(lines_of(path, file), delimiter=max(",;\t", key=head.count))
        header = header_of(path.name, next(rows, []))
        number = 1
        while True:
            number += 1
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield malformed(number, {}, f"the row cannot be read ({error})", "Close its quotation marks.")
                continue
            if any(cell.strip() for cell in cells):
                yield row_of(number, header, cells)


def _json_lines(path: Path) -> Iterator[RawRow]:
    with path.open(encoding=encoding_of(path)) as file:
        for number, line in enumerate(lines_of(path, file), start=1):
            if line.strip():
                yield _json_row(number, line)


def _json_row(number: int, line: str) -> RawRow:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        return malformed(number, {}, f"the line is not JSON ({error.msg})", "Mend that line.")
    except (ValueError, RecursionError):
        return malformed(number, {}, "the line nests too deeply or holds too long a number", "Mend that line.")
    if not isinstance(value, dict):
        return malformed(number, {}, "the line is not a JSON object", "Write each work as {…} on a line of its own.")
    cells = {key: text for key, part in value.items() if key in KNOWN and (text := _text(key, part)) is not None}
    if unknown := sorted(value.keys() - KNOWN):
        reason = f"the key {unknown[0][:100]!r} is not known"
        return malformed(number, cells, reason, mend_of_column(unknown[0][:100]))
    if wrong := sorted(value.keys() - cells.keys()):
        takes = f"text, or a list of texts without {SEPARATOR!r}" if wrong[0] in LISTS else "text"
        reason, mend = f"holds {json.dumps(value[wrong[0]])[:100]}", f"Write {takes}."
        return malformed(number, cells, reason, mend, wrong[0])
    return RawRow(number, cells)


def _text(key: str, value: Any) -> str | None:
    """The cell a JSON value stands for; None if it stands for none."""
    if value is None:
        return ""
    if isinstance(value, list) and key in LISTS:
        parts = [_text("", part) for part in value]
        plain = [part for part in parts if part is not None and SEPARATOR not in part]
        return SEPARATOR.join(plain) if len(plain) == len(parts) else None
    if isinstance(value, bool | float | list | dict):
        return None
    return str(value)
