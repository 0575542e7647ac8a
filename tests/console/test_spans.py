"""Times and members of a finding, made ready for reading."""

import pytest

from config.loading import load_settings
from console.comparisons import MOST_SPANS, span_comparison
from console.labels import LABELS, threshold_label
from domain.findings import Span, SpanUnit
from matcher.audio.worktype import AudioMatcher
from matcher.image.worktype import ImageMatcher
from matcher.software.worktype import SoftwareMatcher
from matcher.text.worktype import TextMatcher
from matcher.video.wording import clock
from matcher.video.worktype import VideoMatcher
from matcher.worktypes import WorkTypeMatcher

SETTINGS = load_settings().matcher
MATCHERS: list[WorkTypeMatcher] = [
    TextMatcher(SETTINGS.text),
    ImageMatcher(SETTINGS.image),
    AudioMatcher(SETTINGS.audio),
    VideoMatcher(SETTINGS.video, SETTINGS.audio),
    SoftwareMatcher(SETTINGS.software),
]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0:00"), (59.4, "0:59"), (59.6, "1:00"), (3599.7, "1:00:00"), (7325, "2:02:05"), (-1, "0:00")],
)
def test_seconds_are_read_as_a_clock(seconds: float, said: str) -> None:
    assert clock(seconds) == said


def test_times_stand_side_by_side() -> None:
    made = span_comparison([Span(unit=SpanUnit.SECOND, query=(31.2, 73.0), work=(0.0, 46.0))])
    assert made.rows == (("0:31–1:13", "0:00–0:46"),)
    assert made.more == 0


def test_members_are_named_as_they_are_and_not_all_of_many() -> None:
    made = span_comparison([Span(unit=SpanUnit.MEMBER, query=(f"a/{n}",), work=(f"b/{n}",)) for n in range(500)])
    assert made.rows[7] == ("a/7", "b/7")
    assert (len(made.rows), made.more) == (MOST_SPANS, 500 - MOST_SPANS)


@pytest.mark.parametrize("matcher", MATCHERS, ids=lambda m: m.kind)
def test_every_threshold_of_a_work_type_has_a_name_on_screen(matcher: WorkTypeMatcher) -> None:
    for name, _ in matcher.thresholds():
        assert threshold_label(matcher.type, name) in LABELS["threshold"].values(), name
