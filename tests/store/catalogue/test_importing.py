import csv
import json
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import ada_url
import openpyxl
import pytest

from domain.errors import UsageError
from domain.works import Licence, Work
from store.catalogue.cells import LARGEST_FILE
from store.catalogue.importing import ImportReport, Registered, import_catalogue
from store.works import WorkStore
from tests.support.data import ROOT
from tests.support.databases import sqlite_database

CASES = tomllib.loads((ROOT / "tests" / "golden" / "catalogue_rejects.toml").read_text(encoding="utf-8"))["case"]
GOOD = {
    "work_id": "w1",
    "title": "守灯人",
    "type": "text",
    "owner": "陆见秋",
    "hot_from": "2026-01-01",
    "licensed_hosts": "shop.example@2026-01-01..2026-12-31|书店.example",
    "files": "good.txt",
}


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    (folder / "good.txt").write_text("text")
    (folder / "empty.txt").touch()
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "outside.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    with (folder / "large.txt").open("wb") as file:
        file.write(b"x")
        file.truncate(LARGEST_FILE + 1)
    return folder


def table(path: Path, rows: Sequence[dict[str, str]], encoding: str = "utf-8") -> Path:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def imported(path: Path, media: Path) -> tuple[ImportReport, list[Work]]:
    folder = path.parent / "records"
    folder.mkdir(exist_ok=True)
    with sqlite_database(folder) as database:
        works = WorkStore(database)
        report = import_catalogue(
            path,
            media=media,
            works=works,
            register=lambda work, _: Registered(work=work),
            rejects=path.parent / "rejects.csv",
            progress=lambda _: None,
        )
        return report, list(works.all())


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['column']}={c['value']!r}")
def test_each_bad_cell_is_refused_with_its_mend(tmp_path: Path, media: Path, case: dict[str, Any]) -> None:
    row = GOOD | {case["column"]: case["value"]}
    path = tmp_path / "catalogue.jsonl"
    path.write_text(json.dumps(row) + "\n" + json.dumps(GOOD | {"work_id": "w2"}) + "\n")
    report, works = imported(path, media)
    said = [f"{p.column}: {p.reason}. {p.mend}".replace(str(media), "MEDIA") for p in report.problems]
    if case.get("accepted"):
        assert said == []
        return
    assert said == [case["message"]]
    assert (report.imported, report.rejected, [w.work_id for w in works]) == (1, 1, ["w2"])
    assert report.problems[0].row == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_every_encoding(tmp_path: Path, media: Path, encoding: str) -> None:
    report, (work,) = imported(table(tmp_path / "c.csv", [GOOD], encoding), media)
    assert (report.imported, report.rejects_file) == (1, None)
    assert (work.title, work.owner) == ("守灯人", "陆见秋")
    assert work.licences == (
        Licence(host="shop.example", valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31)),
        Licence(host="xn--1jqq80b.example"),
    )


def test_xlsx(tmp_path: Path, media: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["title", "type", "owner", "isbn"])
    sheet.append(["守灯人", "文字", "陆见秋", 9787020002207])
    sheet.append([None, "text", "陆见秋", None])
    book.save(tmp_path / "c.xlsx")
    report, (work,) = imported(tmp_path / "c.xlsx", media)
    assert (report.imported, report.rejected) == (1, 1)
    assert (work.isbn, work.type) == ("9787020002207", "text")


def test_importing_twice_changes_nothing(tmp_path: Path, media: Path) -> None:
    path = table(tmp_path / "c.csv", [GOOD, {**GOOD, "work_id": ""}])
    first, works = imported(path, media)
    second, again = imported(path, media)
    assert (first.imported, second.imported, second.unchanged) == (2, 0, 2)
    assert works == again


def test_mended_rejects_can_be_imported_alone(tmp_path: Path, media: Path) -> None:
    path = table(tmp_path / "c.csv", [GOOD, GOOD | {"work_id": "w2", "type": "novel", "isbn": "1"}])
    report, _ = imported(path, media)
    assert report.rejects_file
    (row,) = csv.DictReader(report.rejects_file.read_text(encoding="utf-8-sig").splitlines())
    assert (row["reject_row"], row["reject_column"]) == ("3", "type; isbn")
    mended = table(tmp_path / "mended.csv", [row | {"type": "text", "isbn": ""}])
    report, works = imported(mended, media)
    assert (report.imported, report.rejected, len(works)) == (1, 0, 2)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("c.csv", "title,type\na,text\n", "c.csv has no column owner. Its first row must name: title, type, owner."),
        ("c.csv", "title,type,owner,colour\n", "c.csv has a column 'colour'. Columns are: work_id, title,"),
        ("c.csv", "title,type,owner,title\n", "c.csv names a column twice. Remove one of them."),
        ("c.csv", "", "c.csv has no column title."),
        ("c.pdf", "", "c.pdf is of no known kind. Catalogues end in .csv, .xlsx or .jsonl."),
        ("c.xlsx", "no zip", "c.xlsx is no sound XLSX file"),
        ("c.csv", "title,typ,owner\n", "c.csv has a column 'typ'. Did you mean type?"),
        ("c.csv", "title,type,owner\n" + "x" * (1 << 20), "c.csv has a line of over 1048576 characters."),
    ],
)
def test_a_catalogue_that_cannot_be_read(tmp_path: Path, media: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError) as refused:
        imported(tmp_path / name, media)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "the line is not JSON (Expecting property name enclosed in double quotes)"),
        ("[1]", "the line is not a JSON object"),
        ('{"colour": 1}', "the key 'colour' is not known"),
        ("[" * 100_000, "the line nests too deeply or holds too long a number"),
        ('{"title": ' + "1" * 5000 + "}", "the line nests too deeply or holds too long a number"),
    ],
)
def test_a_line_that_cannot_be_read_costs_only_itself(tmp_path: Path, media: Path, line: str, reason: str) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(f"{line}\n{json.dumps(GOOD)}\n")
    report, works = imported(path, media)
    assert [p.reason for p in report.problems] == [reason]
    assert len(works) == 1


def test_a_row_with_too_many_cells(tmp_path: Path, media: Path) -> None:
    (tmp_path / "c.csv").write_text("title,type,owner\na,text,b,c\nd,text,e\n")
    report, works = imported(tmp_path / "c.csv", media)
    assert [p.reason for p in report.problems] == ["the row has 4 cells, the header 3"]
    assert [w.title for w in works] == ["d"]


def test_a_row_that_was_not_closed_is_kept_for_mending(tmp_path: Path, media: Path) -> None:
    (tmp_path / "c.csv").write_text('title,type,owner\na,text,b\n\n"c,text,d\ne,text,f\n')
    report, works = imported(tmp_path / "c.csv", media)
    assert next((p.row, p.column, p.reason) for p in report.problems) == (4, "title", "holds a line break")
    assert [w.title for w in works] == ["a"]
    assert report.rejects_file
    assert "e,text,f" in report.rejects_file.read_text(encoding="utf-8-sig")


def test_cells_that_cannot_be_encoded_reach_the_rejects_file_escaped(tmp_path: Path, media: Path) -> None:
    (tmp_path / "c.jsonl").write_text('{"title": "\\ud800", "type": "text", "owner": "o"}\n')
    report, _ = imported(tmp_path / "c.jsonl", media)
    assert [p.reason for p in report.problems] == ["holds control characters"]
    assert report.rejects_file
    assert "\\ud800" in report.rejects_file.read_text(encoding="utf-8-sig")


def test_what_was_readable_of_a_malformed_row_is_kept(tmp_path: Path, media: Path) -> None:
    (tmp_path / "c.jsonl").write_text(json.dumps(GOOD | {"colour": 1}) + "\n")
    report, _ = imported(tmp_path / "c.jsonl", media)
    assert report.rejects_file
    (row,) = csv.DictReader(report.rejects_file.read_text(encoding="utf-8-sig").splitlines())
    assert {key: row[key] for key in GOOD} == GOOD
    report, works = imported(table(tmp_path / "mended.csv", [row]), media)
    assert (report.imported, report.rejected, len(works)) == (1, 0, 1)


@pytest.mark.parametrize("work_id", ["w1", ""])
def test_two_rows_for_one_work_must_agree(tmp_path: Path, media: Path, work_id: str) -> None:
    first = GOOD | {"work_id": work_id, "isbn": ""}
    path = table(tmp_path / "c.csv", [first, first, first | {"isbn": "9787020002207"}])
    report, works = imported(path, media)
    assert (report.imported, report.unchanged, report.rejected) == (1, 1, 1)
    assert (report.problems[0].row, report.problems[0].column) == (4, "work_id")
    assert [w.isbn for w in works] == [""]


def test_a_broken_character_does_not_turn_utf8_into_nonsense(tmp_path: Path, media: Path) -> None:
    whole = ("title,type,owner\n" + "守灯人的故事,text,陆见秋\n" * 50).encode()
    for at in range(20, 60):
        (tmp_path / "c.csv").write_bytes(whole[:at] + whole[at + 1 :])
        try:
            _, works = imported(tmp_path / "c.csv", media)
        except UsageError as refused:
            assert "UTF-8" in str(refused)  # noqa: PT017 - some cuts fall on a comma and leave sound text
        else:
            assert {w.owner for w in works} <= {"陆见秋"}


@pytest.mark.parametrize(
    ("host", "kept"),
    [
        ("Shop.Example.", "shop.example"),
        ("书店。example", "xn--1jqq80b.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("192.0.2.1", "192.0.2.1"),
    ],
)
def test_licensed_hosts_are_spelt_as_captures_spell_them(tmp_path: Path, media: Path, host: str, kept: str) -> None:
    _, (work,) = imported(table(tmp_path / "c.csv", [GOOD | {"licensed_hosts": host}]), media)
    assert work.licences == (Licence(host=kept),)
    assert ada_url.URL(f"https://{host}/").hostname.rstrip(".") == kept
