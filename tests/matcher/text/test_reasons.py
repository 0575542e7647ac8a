from pathlib import Path

import pytest

from config.loading import load_settings
from domain.findings import Verdict
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.segments.upkeep import open_references
from matcher.text.worktype import TextMatcher
from matcher.worktypes import Content, Reference
from tests.mocksite.catalogue import STORIES_REGISTERED, Story

MATCHER = TextMatcher(load_settings().matcher.text)


@pytest.mark.parametrize("story", STORIES_REGISTERED[::3], ids=lambda story: story.work_id)
def test_the_figures_of_a_reason_fit_each_other_and_the_page(story: Story, tmp_path: Path) -> None:
    """Characters throughout, in Chinese and in English, where a token is a word."""
    page = story.text[:1500] + "\n" + "X" * 40 + "\n" + story.text[2200:3000]
    made = [MATCHER.fingerprint(Content(data=text.encode(), name="a.txt")) for text in (story.text, page)]
    work, query = (fingerprint for fingerprint in made if isinstance(fingerprint, Fingerprint))
    reference = Reference(work_id=WorkId("w"), title="w", owner="o", digest=digest_of(b"w"), fingerprint=work)
    [found] = open_references(MATCHER, [reference], tmp_path).compare(query)
    assert found.verdict is Verdict.COPY
    values = dict(found.reason.values)
    longest, matched = int(values["longest"]), int(values["matched"])
    letters = sum(c.isalnum() for c in page)
    assert letters / 2 < longest < matched <= letters
