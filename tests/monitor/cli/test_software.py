"""Software is registered and matched by the command."""

import csv
import json
import random
from pathlib import Path

import pytest

from matcher.software.archives import foreign
from tests.matcher.software.installers import rar
from tests.matcher.software.packing import seven, zipped
from tests.support.commands import run

FILES = {f"app/{n}.bin": random.Random(n).randbytes(3000) for n in range(9)}


def test_software_is_registered_and_found_repacked(tmp_path: Path) -> None:
    data, media = tmp_path / "data", tmp_path / "media"
    media.mkdir()
    (media / "app.zip").write_bytes(zipped(FILES))
    (media / "bad.zip").write_bytes(zipped({"LICENSE": b"Do as you like.\n" * 9}))
    with (tmp_path / "works.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("title", "type", "owner", "files"))
        rows.writerow(("渡口管理系统", "软件", "某公司", "app.zip"))
        rows.writerow(("空包", "software", "某公司", "bad.zip"))
    code, out, err = run(data, "works", "import", str(tmp_path / "works.csv"), "--media", str(media), "--json")
    assert code == 3, err
    report = json.loads(out)
    assert "不作判断" in Path(report["rejects_file"]).read_text(encoding="utf-8")

    suspicious = tmp_path / "suspicious"
    suspicious.mkdir()
    (suspicious / "a-crack.7z").write_bytes(seven({f"new/{name}": d for name, d in FILES.items()}))
    (suspicious / "b-other.zip").write_bytes(zipped({"x": random.Random(99).randbytes(9000)}))
    (suspicious / "c-locked.rar").write_bytes(b"Rar!\x1a\x07\x01\x00" + bytes(50))
    code, out, err = run(data, "match", str(suspicious), "--json")
    assert code == 0, err
    copy, other, locked = (json.loads(line) for line in out.splitlines())
    assert (copy["type"], copy["outcome"]) == ("software", "matched")
    [match] = copy["matches"]
    assert (match["title"], match["verdict"], match["method"]) == ("渡口管理系统", "copy", "software-members")
    pairs = [{"query": [f"new/app/{n}.bin"], "work": [f"app/{n}.bin"], "unit": "member"} for n in range(9)]
    assert match["spans"] == pairs
    assert (other["outcome"], locked["outcome"]) == ("no_match", "abstained")
    assert "c-locked.rar" in locked["reason"]


@pytest.mark.skipif(foreign.program() is None, reason="needs bsdtar: apt-get install libarchive-tools")
def test_what_another_program_reads_is_found_by_the_command_too(tmp_path: Path) -> None:
    (tmp_path / "app.zip").write_bytes(zipped(FILES))
    (tmp_path / "works.csv").write_text(
        "work_id,title,type,owner,files\nw1,系统,software,甲,app.zip\n", encoding="utf-8"
    )
    assert run(tmp_path / "data", "works", "import", str(tmp_path / "works.csv"))[0] == 0
    (tmp_path / "copy.rar").write_bytes(rar(FILES))
    (tmp_path / "inside.zip").write_bytes(zipped({"copy.rar": rar(FILES)}))
    code, out, err = run(tmp_path / "data", "match", str(tmp_path / "copy.rar"), str(tmp_path / "inside.zip"), "--json")
    assert code == 0, err
    plain, inside = (json.loads(line) for line in out.splitlines())
    assert [match["verdict"] for match in plain["matches"]] == ["copy"]
    assert inside["outcome"] == "no_match"
