"""The commands that need no sweep, as another tool would call them."""

import json
from pathlib import Path

import pytest

from tests.crawler.site import html, redirect, serving
from tests.mocksite.catalogue import STORIES, write_catalogue
from tests.support.commands import run

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("commands")]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("commands")
    code, out, err = run(folder / "data", "works", "import", str(write_catalogue(folder / "material")), "--json")
    assert code == 0, err
    assert json.loads(out) == {"imported": 22, "unchanged": 0, "rejected": 0, "rejects_file": None, "problems": []}
    return folder / "data"


def test_importing_again_changes_nothing(data: Path) -> None:
    code, out, _ = run(data, "works", "import", str(data.parent / "material" / "catalogue.csv"), "--json")
    assert (code, json.loads(out)["imported"], json.loads(out)["unchanged"]) == (0, 0, 22)


def test_works_are_listed_and_shown(data: Path) -> None:
    _, out, _ = run(data, "works", "list", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert len(rows) == 22
    assert set(rows[0]) == {"work_id", "title", "type", "owner", "fingerprints"}
    assert {row["fingerprints"] for row in rows} == {1}
    _, out, _ = run(data, "works", "show", "story-lighthouse")
    assert json.loads(out)["licences"] == [
        {"host": "shop.localhost", "from": None, "until": None, "source": "catalogue"}
    ]


def test_a_licence_added_by_hand_outlives_another_import(tmp_path: Path) -> None:
    catalogue = tmp_path / "c.csv"
    catalogue.write_text("work_id,title,type,owner,licensed_hosts\nw1,好,text,甲,shop.example\n")
    run(tmp_path / "data", "works", "import", str(catalogue))
    code, _, err = run(tmp_path / "data", "works", "licence", "add", "w1", "书店.example", "--until", "2026-12-31")
    assert (code, err) == (0, "Licence for xn--1jqq80b.example added to w1.\n")
    catalogue.write_text("work_id,title,type,owner,licensed_hosts\nw1,更好,text,甲,mall.example\n")
    run(tmp_path / "data", "works", "import", str(catalogue))
    _, out, _ = run(tmp_path / "data", "works", "show", "w1")
    assert json.loads(out)["licences"] == [
        {"host": "mall.example", "from": None, "until": None, "source": "catalogue"},
        {"host": "xn--1jqq80b.example", "from": None, "until": "2026-12-31", "source": "person"},
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("com.cn",), "The licence has 'com.cn', under which anyone may have a name. Name the licensee's own host."),
        (("https://shop.example/",), "The licence has 'https://shop.example/', which is no host. Write the bare host;"),
        (("shop.example", "--from", "20260101"), "The licence has '20260101', which is no date. Write it as 2026-"),
        (("shop.example", "--from", "2026-02-01", "--until", "2026-01-01"), "The licence has a span that ends"),
    ],
)
def test_a_licence_is_checked_as_in_a_catalogue(data: Path, arguments: tuple[str, ...], message: str) -> None:
    code, out, err = run(data, "works", "licence", "add", "story-lighthouse", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"piracy-monitor: {message}")


def test_what_is_no_longer_listed_matches_no_longer(tmp_path: Path) -> None:
    data, catalogue = tmp_path / "data", tmp_path / "c.csv"
    stories = {"a.txt": STORIES / "zh-postman.txt", "b.txt": next(STORIES.glob("en-*.txt"))}
    for name, story in stories.items():
        (tmp_path / name).write_bytes(story.read_bytes())
    for files in ("a.txt|b.txt", "b.txt"):
        catalogue.write_text(f"work_id,title,type,owner,files\nw1,好,text,甲,{files}\n")
        run(data, "works", "import", str(catalogue))
    _, out, _ = run(data, "match", *(str(tmp_path / name) for name in stories), "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert [(Path(row["input"]).name, row["outcome"]) for row in rows] == [("a.txt", "no_match"), ("b.txt", "matched")]


def test_match_says_for_each_file_what_it_holds_or_why_not(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "inputs"
    folder.mkdir()
    (folder / "copy.txt").write_text((STORIES / "zh-postman.txt").read_text()[300:1500])
    (folder / "other.txt").write_text("完全不相干的一段文字,说的是今年春天的菜价和天气。" * 12)
    (folder / "short.txt").write_text("太短了")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnot a picture")
    (folder / "data.bin").write_bytes(bytes(100))
    code, out, _ = run(data, "match", str(folder), "--json")
    rows = {Path(row["input"]).name: row for row in map(json.loads, out.splitlines())}
    assert code == 3
    assert {name: row["outcome"] for name, row in rows.items()} == {
        "copy.txt": "matched",
        "other.txt": "no_match",
        "short.txt": "abstained",
        "broken.png": "failed",
        "data.bin": "abstained",
    }
    best, *others = rows["copy.txt"]["matches"]
    assert (best["work_id"], best["verdict"]) == ("story-postman", "copy")
    assert {other["verdict"] for other in others} <= {"quotation"}
    span = best["spans"][0]
    assert span["unit"] == "character"
    page = (folder / "copy.txt").read_text()
    work = (STORIES / "zh-postman.txt").read_text()
    assert page[slice(*span["query"])] == work[slice(*span["work"])]
    assert best["explanation"]


def test_match_fetches_addresses_within_the_bounds_of_a_sweep(data: Path) -> None:
    story = (STORIES / "zh-postman.txt").read_text()
    pages = {
        "/copy": html("".join(f"<p>{line}</p>" for line in story.splitlines()) + "<a href='/more'>more</a>"),
        "/other": html("<p>" + "完全不相干的一段文字，说的是今年春天的菜价和天气。" * 12 + "</p>"),
        "/moved": redirect("/copy"),
        "/away": redirect("http://169.254.169.254/"),
    }
    with serving(pages) as site:
        urls = [site.url(path) for path in (*pages, "/nothing")]
        code, out, err = run(data, "match", *urls, "--allow-loopback", "--json")
        assert code == 3, err
        rows = {row["input"]: row for row in map(json.loads, out.splitlines())}
        outcomes = [rows[url]["outcome"] for url in urls]
        assert outcomes == ["matched", "no_match", "matched", "failed", "failed"]
        assert rows[urls[0]]["matches"][0]["work_id"] == "story-postman"
        assert rows[urls[3]]["reason"].startswith("refused: redirects out of bounds")
        assert rows[urls[4]]["reason"] == "removed: HTTP 404"
        assert site.asked["/more"] == 0
        before = sum(site.asked.values())
        code, out, _ = run(data, "match", urls[0], "--json")
        assert (code, json.loads(out)["outcome"], sum(site.asked.values())) == (3, "failed", before)
    code, out, err = run(data, "match", "http://", "--json")
    assert (code, out) == (2, "")
    assert "http:// is no web address." in err


def test_a_bad_row_gives_exit_code_three_and_a_rejects_file(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("title,type,owner\n好,text,甲\n坏,novel,乙\n", encoding="gb18030")
    code, out, _ = run(tmp_path / "data", "works", "import", str(tmp_path / "c.csv"), "--json")
    report = json.loads(out)
    assert (code, report["imported"], report["rejected"]) == (3, 1, 1)
    assert Path(report["rejects_file"]).is_file()


def test_doctor_tells_what_is_there(data: Path) -> None:
    code, out, _ = run(data, "doctor", "--json")
    report = json.loads(out)
    assert (code, report["ok"]) == (0, True)
    parts = {"records", "search", "evidence", "register", "quarantine", "schedule", "alerts", "browser", "archives"}
    assert {part["name"] for part in report["parts"]} == parts
    assert all(part["mend"] for part in report["parts"] if part["state"] != "ready")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("match", "nowhere"), "piracy-monitor: nowhere does not exist. Name files or folders that do."),
        (("works", "show", "w9"), "piracy-monitor: There is no work w9. See `piracy-monitor works list`."),
        (("works", "import", "none.csv"), "piracy-monitor: none.csv is not a file."),
        (
            ("evidence", "verify", "none"),
            "piracy-monitor: none is no folder. Name the evidence folder inside the data folder.",
        ),
        (("sweep",), "piracy-monitor: Missing argument 'campaign'."),
        (("dance",), "piracy-monitor: No such command 'dance'."),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_two(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    code, out, err = run(tmp_path / "data", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(message)
    assert len(err.strip().splitlines()) == 1


def test_settings_are_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("[crawler]\nconcurency = 1\n")
    code, _, err = run(tmp_path / "data", "doctor", "--settings", str(tmp_path / "mine.toml"))
    assert code == 2
    assert "crawler.concurency is no setting. Did you mean concurrency?" in err
