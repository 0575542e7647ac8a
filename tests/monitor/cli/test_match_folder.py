"""`match` on a folder of a thousand files of every kind, as a user sees it."""

import json
import os
import pty
import re
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.commands import COMMAND, run, start
from tests.support.mixed_folder import FILES, catalogue, mixed_folder

pytestmark = [pytest.mark.timeout(900), pytest.mark.slow, pytest.mark.xdist_group("match folder")]


@dataclass(frozen=True)
class Seized:
    data: Path
    folder: Path
    expected: dict[str, str]


@pytest.fixture(scope="module")
def seized(tmp_path_factory: pytest.TempPathFactory) -> Seized:
    place = tmp_path_factory.mktemp("seized")
    code, out, err = run(place / "data", "works", "import", str(catalogue(place / "works")), "--json")
    assert (code, json.loads(out)["imported"]) == (0, 6), (out, err)
    return Seized(data=place / "data", folder=place / "disk", expected=mixed_folder(place / "disk"))


def on_terminal(data: Path, *arguments: str, out: Path) -> tuple[int, str]:
    """The command with standard error on a terminal and standard output in a file: exit code, and what was drawn."""
    ours, theirs = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PIRACY_MONITOR_")}
    with out.open("wb") as file:
        process = subprocess.Popen(
            [*COMMAND, "--data", str(data), *arguments],
            stdout=file,
            stderr=theirs,
            stdin=subprocess.DEVNULL,
            env=environment | {"TERM": "xterm", "COLUMNS": "160", "LINES": "40"},
        )
    os.close(theirs)
    drawn = bytearray()
    try:
        while chunk := os.read(ours, 65_536):
            drawn += chunk
    except OSError:
        pass  # how a terminal says that nobody has it open any more
    os.close(ours)
    return process.wait(), re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", drawn.decode(errors="replace"))


def test_every_file_is_told_of_in_order_and_every_copy_is_found(seized: Seized) -> None:
    code, out, err = run(seized.data, "match", str(seized.folder), "--json")
    assert (code, err) == (3, "")
    rows = [json.loads(line) for line in out.splitlines()]
    assert len(rows) == len(seized.expected) == FILES
    names = [row["input"] for row in rows]
    assert names == sorted(seized.expected, key=lambda name: Path(name).parts)
    found = {r["input"]: r["matches"][0]["work_id"] if r["matches"] else r["outcome"] for r in rows}
    assert found == seized.expected
    for row in rows:
        assert row["reason"]
        for hit in row["matches"]:
            assert hit["explanation"]
            assert hit["spans"] or hit["method"].startswith("image")
    reasons = {Path(row["input"]).name: row["reason"] for row in rows}
    assert "链接" in reasons["passwd.txt"]
    assert "普通文件" in reasons["pipe.txt"]
    assert reasons["socket.txt"] == reasons["pipe.txt"]


def test_a_person_sees_a_bar_a_line_for_each_file_and_a_summary(seized: Seized, tmp_path: Path) -> None:
    out = tmp_path / "out.txt"
    part = [str(seized.folder / name) for name in ("names", "odd", "packages", "pictures")]
    code, drawn = on_terminal(seized.data, "match", *part, out=out)
    assert code == 3
    assert re.search(r"comparing .*\d+/61 \d+/s", drawn)
    assert "pictures/29.jpg" in drawn
    assert "61 of 61 compared: 3 matched, 48 without a match, 4 not judged, 6 failed." in drawn
    lines = out.read_text(encoding="utf-8").splitlines()
    assert sum(": matched" in line for line in lines) == 3
    assert all(
        f"/{name}: " in "\n".join(lines) for name in (r"\x1b[2J\x07clear.txt", r"\u202egpj.txt", r"\udcff\udcfe.txt")
    )
    assert all(character.isprintable() for line in lines for character in line)
    explained = [line for line in lines if line.startswith("    copy ")]
    assert len(explained) == 3
    assert all(line.rstrip().endswith("。") for line in explained)


def test_ctrl_c_stops_at_once_and_says_what_was_done(seized: Seized) -> None:
    with start(seized.data, "match", str(seized.folder), "--json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        rest, err = process.communicate(timeout=120)
        assert time.monotonic() - began < 120
    rows = [json.loads(line) for line in (first + rest).splitlines()]
    assert process.returncode == 130
    assert 0 < len(rows) < FILES
    assert err.startswith(f"Interrupted. {len(rows)} of 1,000 compared: ")
    assert len(err.splitlines()) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_told(seized: Seized, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0)
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "secret.txt").chmod(0)
    code, out, _ = run(seized.data, "match", str(tmp_path), "--json")
    assert (code, [json.loads(line)["outcome"] for line in out.splitlines()]) == (3, ["failed", "failed"])
