"""What every work type must do. Add one to `matcher` and it is held to all of it."""

from pathlib import Path

import pytest

from config.loading import load_settings
from domain.findings import Verdict
from domain.fingerprints import Abstention, Fingerprint
from domain.ids import WorkId, digest_of
from matcher.audio.worktype import AudioMatcher
from matcher.image.worktype import ImageMatcher
from matcher.segments.upkeep import open_references
from matcher.software.worktype import SoftwareMatcher
from matcher.text.worktype import TextMatcher
from matcher.video.worktype import VideoMatcher
from matcher.worktypes import Content, Example, Reference, WorkTypeMatcher

SETTINGS = load_settings().matcher
MATCHERS: list[WorkTypeMatcher] = [
    TextMatcher(SETTINGS.text),
    ImageMatcher(SETTINGS.image),
    AudioMatcher(SETTINGS.audio),
    VideoMatcher(SETTINGS.video, SETTINGS.audio),
    SoftwareMatcher(SETTINGS.software),
]
EXAMPLES = [
    pytest.param(matcher, example, id=f"{matcher.kind}-{example.query.name}")
    for matcher in MATCHERS
    for example in matcher.examples()
]


def registered(matcher: WorkTypeMatcher, content: Content) -> Reference:
    fingerprint = matcher.fingerprint(content, registering=True)
    assert isinstance(fingerprint, Fingerprint)
    return Reference(
        work_id=WorkId(content.name),
        title=content.name,
        owner="owner",
        digest=digest_of(content.data),
        fingerprint=fingerprint,
    )


@pytest.mark.parametrize(("matcher", "example"), EXAMPLES)
def test_examples_come_out_as_they_say(matcher: WorkTypeMatcher, example: Example, tmp_path: Path) -> None:
    query = matcher.fingerprint(example.query)
    if isinstance(query, Abstention):
        assert example.verdict == "abstained"
        return
    found = open_references(matcher, [registered(matcher, example.registered)], tmp_path).compare(query)
    assert example.verdict == (found[0].verdict if found else "no_match")


@pytest.mark.parametrize(("matcher", "example"), EXAMPLES)
def test_fingerprints_depend_on_bytes_only(matcher: WorkTypeMatcher, example: Example) -> None:
    assert matcher.accepts(example.registered)
    first, second = (matcher.fingerprint(example.registered, registering=True) for _ in range(2))
    assert first == second
    assert isinstance(first, Fingerprint)
    assert (first.kind, first.version) == (matcher.kind, matcher.version)


@pytest.mark.parametrize("matcher", MATCHERS, ids=lambda m: m.kind)
def test_an_empty_register_matches_nothing(matcher: WorkTypeMatcher, tmp_path: Path) -> None:
    nothing = open_references(matcher, [], tmp_path)
    query = matcher.fingerprint(matcher.examples()[0].query)
    assert isinstance(query, Fingerprint)
    assert len(nothing) == 0
    assert list(nothing.compare(query)) == []


@pytest.mark.parametrize("matcher", MATCHERS, ids=lambda m: m.kind)
def test_every_example_verdict_is_one_there_is(matcher: WorkTypeMatcher) -> None:
    assert {e.verdict for e in matcher.examples()} <= {*Verdict, "no_match", "abstained"}
    assert {"copy", "no_match", "abstained"} <= {e.verdict for e in matcher.examples()}


@pytest.mark.parametrize("matcher", MATCHERS, ids=lambda m: m.kind)
def test_the_index_kept_from_before_gives_the_same_answers(matcher: WorkTypeMatcher, tmp_path: Path) -> None:
    example = matcher.examples()[0]
    query = matcher.fingerprint(example.query)
    assert isinstance(query, Fingerprint)
    references = [registered(matcher, example.registered)]
    first, again = (open_references(matcher, references, tmp_path).compare(query) for _ in range(2))
    assert first == again
    assert first[0].work_id == example.registered.name


@pytest.mark.parametrize("matcher", MATCHERS, ids=lambda m: m.kind)
def test_many_segments_answer_as_one(matcher: WorkTypeMatcher, tmp_path: Path) -> None:
    """Registered one by one or all at once, and without what was removed since."""
    queries = [f for e in matcher.examples() if isinstance(f := matcher.fingerprint(e.query), Fingerprint)]
    contents = {example.registered.name: example.registered for example in matcher.examples()}
    others = {e.query.name: e.query for e in matcher.examples() if e.verdict == "no_match"}
    references = [registered(matcher, content) for content in (contents | others).values()]
    for count in range(1, len(references) + 1):
        apart = open_references(matcher, references[:count], tmp_path / "apart")
    whole = open_references(matcher, references, tmp_path / "whole")
    assert [apart.compare(query) for query in queries] == [whole.compare(query) for query in queries]
    fewer = open_references(matcher, references[1:], tmp_path / "apart")
    again = open_references(matcher, references[1:], tmp_path / "fewer")
    assert len(fewer) == len(references) - 1
    assert [fewer.compare(query) for query in queries] == [again.compare(query) for query in queries]
