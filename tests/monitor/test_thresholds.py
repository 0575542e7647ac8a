"""Works judged by thresholds of their own."""

import json
from pathlib import Path

import pytest

from domain.findings import Verdict
from domain.ids import WorkId
from domain.works import WorkType
from matcher.worktypes import Content
from monitor.judging import matcher_with
from monitor.rematching import rematch
from monitor.wiring import Platform
from tests.console.samples import as_jpeg
from tests.mocksite.catalogue import STORIES
from tests.mocksite.pictures import drawing
from tests.monitor.test_rematching import LATER, sweep
from tests.support.commands import run
from tests.support.platforms import DEFAULTS, platform_in, register

pytestmark = [pytest.mark.timeout(300)]
FIRST, SECOND = (path.read_text(encoding="utf-8") for path in sorted(STORIES.glob("zh-*.txt"))[:2])
OTHER_TEXT = "".join(f"第{n}天，菜市场里没有什么新鲜事可记。" for n in range(200))


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return platform_in(tmp_path, lambda: LATER)


def verdicts(platform: Platform, content: str | bytes, name: str = "page.txt") -> dict[str, Verdict]:
    data = content.encode() if isinstance(content, str) else content
    found = platform.engine().match(Content(data=data, name=name)).comparisons
    return {comparison.work_id: comparison.verdict for comparison in found}


def test_stricter_thresholds_make_a_copy_of_one_work_partial_and_of_no_other(platform: Platform) -> None:
    register(platform, {"first": FIRST, "second": SECOND})
    pages = [story[:900] + OTHER_TEXT[:120] for story in (FIRST, SECOND)]
    assert [verdicts(platform, page) for page in pages] == [{"first": Verdict.COPY}, {"second": Verdict.COPY}]
    platform.thresholds.replace(WorkId("first"), {"copy_coverage": 0.97, "page_share": 1.0})
    assert [verdicts(platform, page) for page in pages] == [{"first": Verdict.PARTIAL}, {"second": Verdict.COPY}]


def test_looser_thresholds_show_what_would_be_a_quotation(platform: Platform) -> None:
    register(platform, {"first": FIRST})
    page = FIRST[:300] + OTHER_TEXT[:1500]
    assert verdicts(platform, page) == {"first": Verdict.QUOTATION}
    platform.thresholds.replace(WorkId("first"), {"partial_coverage": 0.10})
    assert verdicts(platform, page) == {"first": Verdict.PARTIAL}


def test_pictures_have_them_too(platform: Platform) -> None:
    register(platform, {"drawing": as_jpeg(drawing(3))}, "image")
    crop = as_jpeg(drawing(3).crop((30, 20, 600, 450)))
    assert verdicts(platform, crop, "crop.jpg") == {"drawing": Verdict.COPY}
    platform.thresholds.replace(WorkId("drawing"), {"feature_cell_support": 1.0})
    assert verdicts(platform, crop, "crop.jpg") == {"drawing": Verdict.PARTIAL}


def test_those_in_force_stand_on_the_finding_and_a_rematch_keeps_to_them(platform: Platform) -> None:
    sweep(platform, {"page": FIRST[:300] + OTHER_TEXT[:1500], "other": SECOND})
    register(platform, {"first": FIRST, "second": SECOND})
    platform.thresholds.replace(WorkId("first"), {"partial_coverage": 0.10})
    assert rematch(platform).new == 2
    shown = {f.work_id: dict(f.thresholds)["partial_coverage"] for f in platform.findings.export()}
    assert shown == {"first": 0.10, "second": DEFAULTS.matcher.text.partial_coverage}


def test_a_value_of_a_whole_number_may_be_given_as_one_and_the_index_stays_as_it_is() -> None:
    matcher = matcher_with(DEFAULTS.matcher, WorkType.IMAGE, {"pdq_distance": 20.0})
    assert dict(matcher.thresholds())["pdq_distance"] == 20


def test_the_command_checks_sets_shows_and_takes_away(tmp_path: Path) -> None:
    platform = platform_in(tmp_path)
    register(platform, {"first": FIRST})
    data = tmp_path / "data"
    for wrong, said in {
        "copy_cover=0.9": "copy_cover is no threshold of type text. Those are: copy_coverage,",
        "copy_coverage=much": "'copy_coverage=much' gives no number.",
        "copy_coverage=1.5": "copy_coverage: Input should be less than or equal to 1.",
        "partial_coverage=0.9": "partial_coverage must not be above copy_coverage",
    }.items():
        code, _, err = run(data, "works", "thresholds", "first", wrong)
        assert (code, said in err) == (2, True), err
    assert run(data, "works", "thresholds", "first", "copy_coverage=0.9", "page_share=0.7")[0] == 0
    assert run(data, "works", "thresholds", "first", "page_share=")[0] == 0
    _, out, _ = run(data, "works", "thresholds", "first", "--json")
    shown = json.loads(out)
    assert shown["own"] == {"copy_coverage": 0.9}
    assert shown["in_force"]["page_share"] == DEFAULTS.matcher.text.page_share
    assert run(data, "works", "thresholds", "nothing")[0] == 2
