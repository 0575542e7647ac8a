import csv
import io
import json

import pytest

from monitor.exporting import COLUMNS, write_csv, write_json_lines
from tests.support.findings import FINDING, finding

# The columns of the published contract, in their order.
CONTRACT = tuple(
    "finding_id work_id work_title type url host similarity method state found_at capture_id evidence".split()
)


def test_json_lines_hold_the_keys_other_tools_read() -> None:
    out = io.StringIO()
    write_json_lines([FINDING, finding(url="http://b.example/")], out, "en")
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [row["url"] for row in rows] == ["http://novels.example/1.html", "http://b.example/"]
    assert set(CONTRACT) <= set(rows[0])
    assert rows[0]["similarity"] == 0.93
    assert rows[0]["found_at"] == "2026-11-22T12:00:00+00:00"
    assert rows[0]["reason"].startswith("93% of the main text follows the work")


def test_csv_has_the_same_columns() -> None:
    out = io.StringIO()
    write_csv([FINDING], out, "zh-CN")
    (row,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert tuple(row) == COLUMNS
    assert COLUMNS[: len(CONTRACT)] == CONTRACT
    assert row["reason"].startswith("正文93%与该作品")


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_title_cannot_become_a_formula(start: str) -> None:
    out = io.StringIO()
    write_csv([finding(work_title=start + "HYPERLINK(1)")], out, "en")
    (row,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert row["work_title"] == f"'{start}HYPERLINK(1)"
