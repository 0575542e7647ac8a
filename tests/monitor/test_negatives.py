"""The negative bank over real works: boilerplate, templates, licence texts."""

import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from domain.findings import Verdict
from domain.reasons import ReasonCode
from domain.works import WorkType
from matcher.engine import MatchResult, Outcome
from matcher.worktypes import Content
from monitor.negatives import add_negatives
from monitor.wiring import Platform
from tests.console.samples import as_jpeg
from tests.mocksite.catalogue import STORIES
from tests.mocksite.pictures import drawing
from tests.support.commands import run
from tests.support.data import ROOT
from tests.support.platforms import platform_in, register

pytestmark = [pytest.mark.timeout(300)]
LICENCE = (ROOT / "LICENSE").read_text(encoding="utf-8")
STORY = next(STORIES.glob("en-*.txt")).read_text(encoding="utf-8")


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return platform_in(tmp_path)


def add(platform: Platform, name: str, content: str | bytes, work_type: WorkType) -> None:
    file = platform.folder.root.parent / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    (added,) = add_negatives(platform, [file], work_type)
    assert added.item


def matched(platform: Platform, content: str | bytes, name: str = "page.txt") -> MatchResult:
    data = content.encode() if isinstance(content, str) else content
    return platform.engine().match(Content(data=data, name=name))


def test_a_licence_text_accuses_nobody_who_publishes_it(platform: Platform) -> None:
    register(platform, {"program": LICENCE + "\n" + STORY[:200]})
    accused = matched(platform, LICENCE)
    assert accused.comparisons[0].verdict is Verdict.COPY
    add(platform, "Apache-2.0.txt", LICENCE, WorkType.TEXT)
    judged = matched(platform, LICENCE)
    assert judged.accusing == ()
    assert [(c.work_id, c.verdict) for c in judged.comparisons] == [("program", Verdict.QUOTATION)]
    assert judged.reason.code is ReasonCode.NEGATIVE_ITEM
    assert "Apache-2.0" in judged.reason.sentence("en")


def test_a_copy_of_the_rest_is_still_found(platform: Platform) -> None:
    register(platform, {"story": LICENCE[:600] + "\n" + STORY})
    add(platform, "Apache-2.0.txt", LICENCE, WorkType.TEXT)
    judged = matched(platform, LICENCE[:600] + "\n" + STORY)
    assert [(c.work_id, c.verdict) for c in judged.accusing] == [("story", Verdict.COPY)]


def test_an_item_alone_is_no_match_and_the_reason_names_it(platform: Platform) -> None:
    register(platform, {"story": STORY})
    add(platform, "Apache-2.0.txt", LICENCE, WorkType.TEXT)
    judged = matched(platform, LICENCE)
    assert (judged.outcome, judged.comparisons) == (Outcome.NO_MATCH, ())
    assert judged.reason.code is ReasonCode.NEGATIVE_ONLY
    assert "Apache-2.0" in judged.reason.sentence("zh-CN")


def test_a_blank_template_accuses_nobody_and_a_drawing_is_still_found(platform: Platform) -> None:
    template = Image.effect_noise((600, 420), 60).convert("RGB")
    ImageDraw.Draw(template).rectangle((150, 100, 450, 320), outline="black", width=6)
    register(platform, {"poisoned": as_jpeg(template), "drawing": as_jpeg(drawing(3))}, "image")
    page = as_jpeg(template.resize((540, 378)))
    assert [c.work_id for c in matched(platform, page, "page.jpg").accusing] == ["poisoned"]
    add(platform, "blank.jpg", as_jpeg(template), WorkType.IMAGE)
    assert matched(platform, page, "page.jpg").accusing == ()
    copy = matched(platform, as_jpeg(drawing(3).resize((500, 360))), "copy.jpg")
    assert [(c.work_id, c.verdict) for c in copy.accusing] == [("drawing", Verdict.COPY)]


def test_members_of_a_package_that_stand_in_the_bank_weigh_nothing(platform: Platform, tmp_path: Path) -> None:
    library = "".join(f"def step_{n}(x):\n    return x * {n} + {n * n}\n" for n in range(400))
    register(platform, {"program": _zip(tmp_path / "a.zip", {"src/steps.py": library, "LICENSE": LICENCE})}, "software")
    other = _zip(tmp_path / "b.zip", {"app/steps.py": library, "LICENSE": LICENCE})
    assert [c.work_id for c in matched(platform, other, "other.zip").accusing] == ["program"]
    add(platform, "library.zip", _zip(tmp_path / "c.zip", {"steps.py": library}), WorkType.SOFTWARE)
    assert [c.verdict for c in matched(platform, other, "other.zip").accusing if c.verdict is Verdict.COPY] == []


def test_what_is_never_judged_needs_no_place_in_the_bank(platform: Platform, tmp_path: Path) -> None:
    Image.new("RGB", (320, 240)).save(tmp_path / "black.png")
    (added,) = add_negatives(platform, [tmp_path / "black.png"], WorkType.IMAGE)
    assert added.item is None
    assert added.problem
    assert list(platform.works.negatives()) == []


def test_items_are_added_listed_and_removed_by_command(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (tmp_path / "apache.txt").write_text(LICENCE, encoding="utf-8")
    for _ in range(2):
        assert run(data, "works", "negative", "add", str(tmp_path / "apache.txt"), "--type", "text")[0] == 0
    code, out, _ = run(data, "works", "negative", "list", "--json")
    item = json.loads(out)
    assert (code, item["title"], item["type"], item["file"]) == (0, "apache", "text", "apache.txt")
    assert run(data, "works", "list", "--json")[1] == ""
    assert run(data, "works", "negative", "remove", item["work_id"])[0] == 0
    assert run(data, "works", "negative", "list", "--json")[1] == ""
    code, _, err = run(data, "works", "negative", "remove", item["work_id"])
    assert code == 2
    assert "works negative list" in err
    (tmp_path / "short.txt").write_text("short")
    assert run(data, "works", "negative", "add", str(tmp_path / "short.txt"), "--type", "text")[0] == 3
    assert run(data, "works", "negative", "add", str(tmp_path / "none.txt"), "--type", "text")[0] == 2


def _zip(path: Path, members: dict[str, str]) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path.read_bytes()
