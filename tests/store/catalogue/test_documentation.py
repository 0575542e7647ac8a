"""docs/catalogue.md says what the program does."""

import re
from pathlib import Path

from store.catalogue.cells import TYPE_NAMES
from store.catalogue.columns import COLUMNS
from tests.store.catalogue.test_importing import CASES, imported
from tests.support.data import ROOT

PAGE = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in PAGE.splitlines() if line[:1] == "|"]


def test_every_column_is_described_and_the_example_is_imported(tmp_path: Path) -> None:
    described = [row[0].strip("`") for row in ROWS[: len(COLUMNS) + 2]][2:]
    assert described == list(COLUMNS)
    assert all(name in PAGE for name in TYPE_NAMES)
    example = re.search(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    assert example
    (tmp_path / "catalogue.csv").write_text(example[1], encoding="utf-8")
    (tmp_path / "good.txt").write_text("text")
    report, works = imported(tmp_path / "catalogue.csv", tmp_path)
    assert report.problems == []
    assert sorted((work.title, work.type.value) for work in works) == [("守灯人", "text"), ("海边的灯", "image")]


def test_every_example_of_a_cell_is_taken(tmp_path: Path) -> None:
    examples = {row[0].strip("`"): row[1].strip("`").replace("\\|", "|") for row in ROWS[2 : len(COLUMNS) + 2]}
    lines = [",".join(examples), ",".join(examples.values())]
    (tmp_path / "catalogue.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "good.txt").write_text("text")
    report, _ = imported(tmp_path / "catalogue.csv", tmp_path)
    assert (report.problems, report.imported) == ([], 1)


def test_every_message_is_listed_as_it_is_given() -> None:
    given = {_plain(case["message"].partition(": ")[2]) for case in CASES if not case.get("accepted")}
    table = ROWS[ROWS.index(["column", "message", "how to mend it"]) + 2 :]
    assert {_plain(f"{message}. {mend}") for _, message, mend in table} == given


def _plain(message: str) -> str:
    """A message without what it says of one cell."""
    message = re.sub(r"has '[^']*', (which|under)", r"has …, \1", message.replace("\\|", "|"))
    message = re.sub(r"^holds [\[{t].*?(?=\. Write)", "holds …", message)
    return re.sub(r" \([^)]*\)", "", message.replace("MEDIA", "…"))
