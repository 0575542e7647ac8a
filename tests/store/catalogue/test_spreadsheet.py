import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from domain.errors import UsageError
from store.catalogue.reading import read_rows

SHEET = "xl/worksheets/sheet1.xml"


def book(path: Path, rows: str, part: str = SHEET, instead: bytes | None = None) -> Path:
    """A workbook with a header and the XML of `rows`, or with one part replaced."""
    made = openpyxl.Workbook()
    made.worksheets[0].append(["title", "type", "owner"])
    plain = io.BytesIO()
    made.save(plain)
    with ZipFile(plain) as source, ZipFile(path, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == SHEET:
                data = data.replace(b"</sheetData>", rows.encode() + b"</sheetData>")
            target.writestr(name, instead if instead is not None and name == part else data)
    return path


def row(number: int, *texts: str) -> str:
    cells = zip("ABCDEFGH", texts, strict=False)
    inner = "".join(f'<c r="{c}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for c, text in cells)
    return f'<row r="{number}">{inner}</row>'


def test_rows_keep_the_numbers_of_the_sheet(tmp_path: Path) -> None:
    rows = list(read_rows(book(tmp_path / "c.xlsx", row(2, "a", "text", "b") + row(9, "c", "text", "d"))))
    assert [(r.number, r.cells["title"]) for r in rows] == [(2, "a"), (9, "c")]


def test_a_row_with_too_many_cells(tmp_path: Path) -> None:
    (only,) = read_rows(book(tmp_path / "c.xlsx", row(2, "a", "text", "b", "c")))
    assert only.problem
    assert only.problem.reason == "the row has 4 cells, the header 3"


def test_a_row_beyond_the_last_is_not_counted_up_to(tmp_path: Path) -> None:
    assert list(read_rows(book(tmp_path / "c.xlsx", row(99_999_999_999, "a", "text", "b")))) == []


BOMB = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;'>]><worksheet>&b;</worksheet>"

MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NUMBERED_X = b"<worksheet xmlns='%s'><sheetData><row r='x'/></sheetData></worksheet>" % MAIN


@pytest.mark.parametrize(
    ("part", "instead", "message"),
    [
        (SHEET, b" " * (64 << 20), "unpacks to more than a catalogue may"),
        ("xl/styles.xml", b"<x>" + bytes(range(256)) * (1 << 18) + b"x", "unpacks to more than a catalogue may"),
        (SHEET, BOMB, "is no sound XLSX file"),
        (SHEET, b"<worksheet><sheetData><row", "is no sound XLSX file"),
        (SHEET, NUMBERED_X, "is no sound XLSX file"),
        ("xl/workbook.xml", b"", "is no sound XLSX file"),
    ],
)
def test_a_hostile_spreadsheet_is_refused(tmp_path: Path, part: str, instead: bytes, message: str) -> None:
    path = book(tmp_path / "c.xlsx", "", part, instead)
    with pytest.raises(UsageError, match=message):
        list(read_rows(path))
