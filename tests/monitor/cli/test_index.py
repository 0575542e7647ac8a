"""The commands on the index of registered works."""

import json
from pathlib import Path

import pytest

from tests.mocksite.catalogue import STORIES, write_catalogue
from tests.support.commands import run

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("commands")]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    code, _, err = run(tmp_path / "data", "works", "import", str(write_catalogue(tmp_path / "material")), "--json")
    assert code == 0, err
    return tmp_path / "data"


def rows(data: Path, *arguments: str) -> dict[str, dict[str, object]]:
    _, out, _ = run(data, *arguments, "--json")
    return {row["type"]: row for row in map(json.loads, out.splitlines())}


def test_what_was_damaged_is_named_and_made_again(data: Path, tmp_path: Path) -> None:
    built = rows(data, "index", "build")
    assert {kind: row["added"] for kind, row in built.items() if row["added"]} == {"text": 10, "image": 12}
    [tokens] = (data / "index" / "text").rglob("text.tokens.npy")
    content = bytearray(tokens.read_bytes())
    content[-1] ^= 1
    tokens.write_bytes(content)
    assert run(data, "index", "verify")[0] == 3
    damaged = rows(data, "index", "verify")["text"]
    assert not damaged["ok"]
    assert str(damaged["problem"]).endswith(
        "was changed. Run `piracy-monitor index build`, which makes again what is damaged."
    )
    assert rows(data, "index", "build")["text"] == {"type": "text", "added": 10, "removed": 0, "damaged": 1}
    assert run(data, "index", "verify")[0] == 0


def test_a_work_can_be_found_as_soon_as_it_is_imported_and_no_longer_once_removed(data: Path, tmp_path: Path) -> None:
    assert rows(data, "index", "build")["text"]["added"] == 10
    story = tmp_path / "copy.txt"
    story.write_text(next(STORIES.glob("zh-*.txt")).read_text())
    matched = json.loads(run(data, "match", str(story), "--json")[1])["matches"]
    assert run(data, "works", "remove", matched[0]["work_id"])[0] == 0
    assert json.loads(run(data, "match", str(story), "--json")[1])["outcome"] == "no_match"
    stats = rows(data, "index", "stats")["text"]
    assert (stats["references"], stats["removed"]) == (9, 1)
    assert rows(data, "index", "compact")["text"] == {"type": "text", "merged": 1}
    stats = rows(data, "index", "stats")["text"]
    assert (stats["references"], stats["removed"], stats["segments"]) == (9, 0, 1)
