from pathlib import Path

import pytest

from config.loading import load_settings
from domain.findings import Verdict
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.segments.upkeep import open_references
from matcher.text.worktype import TextMatcher
from matcher.worktypes import Content, Reference
from tests.mocksite.catalogue import STORIES

MATCHER = TextMatcher(load_settings().matcher.text)
STORY = (STORIES / "zh-postman.txt").read_text()
REMARKS = "\n".join(
    f"{name}方：{herb}{n}钱，水煎，日服{n}次，良。"
    for n, (name, herb) in enumerate(
        zip("甲乙丙丁戊己庚辛壬癸", "桂枝 白芷 甘草 黄芪 当归 川芎 半夏 陈皮 茯苓 防风".split(), strict=True), start=1
    )
)


def verdict(page: str, folder: Path) -> Verdict | None:
    made = [MATCHER.fingerprint(Content(data=text.encode(), name="a.txt")) for text in (STORY, page)]
    work, query = (fingerprint for fingerprint in made if isinstance(fingerprint, Fingerprint))
    reference = Reference(work_id=WorkId("w"), title="w", owner="o", digest=digest_of(b"w"), fingerprint=work)
    found = open_references(MATCHER, [reference], folder).compare(query)
    return found[0].verdict if found else None


@pytest.mark.parametrize("before", [True, False])
def test_a_passage_among_many_short_lines_is_no_copy(tmp_path: Path, before: bool) -> None:
    quoted = STORY[400:560]
    rest = f"{REMARKS}\n{REMARKS}"
    page = f"{rest}\n{quoted}" if before else f"{quoted}\n{rest}"
    assert verdict(page, tmp_path) in {Verdict.PARTIAL, Verdict.QUOTATION}
    assert verdict(quoted, tmp_path) is Verdict.COPY


def test_a_chapter_stays_a_copy_below_a_list_of_short_lines(tmp_path: Path) -> None:
    assert verdict(f"{REMARKS}\n{REMARKS}\n{STORY[:1200]}", tmp_path) is Verdict.COPY
