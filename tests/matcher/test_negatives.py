from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.findings import Comparison, Span, SpanUnit, Verdict
from domain.ids import Digest, WorkId
from domain.reasons import Reason, ReasonCode
from matcher.negatives import NegativeBank, explained

ITEM = WorkId("negative:1")
BANK = NegativeBank(titles={ITEM: "Title page"}, share=0.8, doubt=0.4)


def found(
    work_id: str,
    unit: SpanUnit,
    *parts: tuple[float | str, ...],
    verdict: Verdict = Verdict.COPY,
    similarity: float = 1.0,
) -> Comparison:
    return Comparison(
        work_id=WorkId(work_id),
        reference=Digest("0" * 64),
        similarity=similarity,
        verdict=verdict,
        method="test",
        reason=Reason.of(ReasonCode.IMAGE_SAME_FILE),
        spans=tuple(Span(unit=unit, query=part, work=part) for part in parts),
    )


@pytest.mark.parametrize(
    ("unit", "work", "item", "share"),
    [
        (SpanUnit.CHARACTER, [(0, 100)], [(0, 50), (40, 70)], 0.7),
        (SpanUnit.CHARACTER, [(0, 50), (50, 100)], [(0, 1000)], 1.0),
        (SpanUnit.SECOND, [(0.0, 10.0), (30.0, 40.0)], [(5.0, 35.0)], 0.5),
        (SpanUnit.SECOND, [(0.0, 10.0)], [(20.0, 35.0)], 0.0),
        (SpanUnit.BOX, [(0, 0, 100, 100)], [(0, 0, 100, 50), (50, 50, 100, 100)], 0.5),
        (SpanUnit.BOX, [(10, 10, 20, 20)], [(0, 0, 100, 100)], 1.0),
        (SpanUnit.MEMBER, [("a.c",), ("b.c",), ("c.c",), ("LICENSE",)], [("LICENSE",), ("NOTICE",)], 0.25),
    ],
)
def test_spans_of_every_unit_are_set_against_each_other(
    unit: SpanUnit, work: Sequence[tuple[float | str, ...]], item: Sequence[tuple[float | str, ...]], share: float
) -> None:
    assert explained(found("w1", unit, *work), [found(ITEM, unit, *item)]) == pytest.approx(share)


@pytest.mark.parametrize(
    ("end", "verdict", "code"),
    [
        (39, Verdict.COPY, ReasonCode.IMAGE_SAME_FILE),
        (40, Verdict.PARTIAL, ReasonCode.NEGATIVE_PART),
        (79, Verdict.PARTIAL, ReasonCode.NEGATIVE_PART),
        (80, Verdict.QUOTATION, ReasonCode.NEGATIVE_ITEM),
    ],
)
def test_the_more_an_item_explains_the_less_a_work_accuses(end: int, verdict: Verdict, code: ReasonCode) -> None:
    item = found(ITEM, SpanUnit.CHARACTER, (0, end), verdict=Verdict.QUOTATION)
    (judged,) = BANK.sift([found("w1", SpanUnit.CHARACTER, (0, 100)), item])
    assert (judged.work_id, judged.verdict, judged.reason.code) == ("w1", verdict, code)
    if code is not ReasonCode.IMAGE_SAME_FILE:
        assert all("Title page" in judged.reason.sentence(language) for language in ("zh-CN", "en"))


def test_a_copy_of_a_poster_stays_one_beside_the_template_it_was_made_from() -> None:
    poster = found("w1", SpanUnit.BOX, (0, 0, 100, 100))
    template = found(ITEM, SpanUnit.BOX, (0, 0, 100, 100), verdict=Verdict.PARTIAL, similarity=0.35)
    assert BANK.sift([poster, template]) == (poster,)
    blank = replace(template, similarity=0.95, verdict=Verdict.COPY)
    assert [c.verdict for c in BANK.sift([poster, blank])] == [Verdict.QUOTATION]


def test_what_is_lowered_comes_after_what_is_not() -> None:
    licence = found("w1", SpanUnit.CHARACTER, (0, 90))
    novel = found("w2", SpanUnit.CHARACTER, (100, 900), verdict=Verdict.PARTIAL)
    item = found(ITEM, SpanUnit.CHARACTER, (0, 95))
    assert [c.work_id for c in BANK.sift([licence, item, novel])] == ["w2", "w1"]


INTERVALS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda p: (p[0], p[0] + p[1])), max_size=6)


@given(INTERVALS.filter(bool), INTERVALS)
def test_stretches_count_each_character_once(mine: list[tuple[int, int]], theirs: list[tuple[int, int]]) -> None:
    own = {i for start, end in mine for i in range(start, end)}
    others = {i for start, end in theirs for i in range(start, end)}
    share = explained(found("w1", SpanUnit.CHARACTER, *mine), [found(ITEM, SpanUnit.CHARACTER, *theirs)])
    assert share == pytest.approx(len(own & others) / len(own))
