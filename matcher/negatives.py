"""What the negative bank explains: logos, intros, licence texts, blank templates stand in many works and accuse nobody.

Its items are compared like works. Here, once for all work types, what they explain of the query is set against what
each work explains: the query's own spans tell, whatever they count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain.findings import Comparison, Span, SpanUnit, Verdict
from domain.ids import WorkId
from domain.reasons import Reason, ReasonCode
from matcher.worktypes import VERDICT_ORDER

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class NegativeBank:
    """The items of the bank by id, and how much of what lines up with a work they must explain."""

    titles: Mapping[WorkId, str] = field(default_factory=dict)
    share: float = 1.0
    """From which share (0 to 1) the work is not accused at all …"""
    doubt: float = 1.0
    """… and from which a copy waits for a person."""

    def sift(self, comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
        """The comparisons with works, best first, those lowered that an item of the bank explains as well."""
        items = [c for c in comparisons if c.work_id in self.titles]
        found = (c for c in comparisons if c.work_id not in self.titles)
        return tuple(sorted((self._judged(c, items) for c in found), key=lambda c: VERDICT_ORDER[c.verdict]))

    def named(self, comparisons: Iterable[Comparison]) -> str | None:
        """The title of the first item of the bank among `comparisons`."""
        return next((self.titles[c.work_id] for c in comparisons if c.work_id in self.titles), None)

    def _judged(self, comparison: Comparison, items: Sequence[Comparison]) -> Comparison:
        if not items or comparison.verdict is Verdict.QUOTATION:
            return comparison
        share = explained(comparison, items)
        if share < min(self.share, self.doubt):
            return comparison
        item = max(items, key=lambda each: explained(comparison, [each]))
        values: dict[str, str | float] = {"share": round(share, 4), "item": self.titles[item.work_id]}
        if share >= self.share:
            return replace(comparison, verdict=Verdict.QUOTATION, reason=Reason.of(ReasonCode.NEGATIVE_ITEM, **values))
        return replace(comparison, verdict=Verdict.PARTIAL, reason=Reason.of(ReasonCode.NEGATIVE_PART, **values))


def explained(comparison: Comparison, items: Sequence[Comparison]) -> float:
    """The share (0 to 1) of the query's part in `comparison` that `items` line up with too; 0 where it has no spans.

    A box is explained only as well as the picture in it resembles the item: a template resembles every poster made from
    it, and a copy of one such poster resembles that poster more.
    """
    unit = comparison.spans[0].unit if comparison.spans else None
    if unit is SpanUnit.BOX:
        return max((_boxes(comparison.spans, i.spans) * _as_well(comparison, i) for i in items), default=0.0)
    theirs = [span for item in items for span in item.spans]
    if unit is SpanUnit.MEMBER:
        mine = {span.query for span in comparison.spans}
        return len(mine & {span.query for span in theirs}) / len(mine)
    return _stretches(comparison.spans, theirs) if unit else 0.0


def _as_well(comparison: Comparison, item: Comparison) -> float:
    return min(1.0, item.similarity / comparison.similarity) if comparison.similarity else 1.0


def _boxes(mine: Sequence[Span], theirs: Sequence[Span]) -> float:
    """The share of my boxes' area inside the one of theirs that covers most of each."""
    whole = shared = 0.0
    for span in mine:
        left, top, right, bottom = map(float, span.query)
        whole += (right - left) * (bottom - top)
        covered = 0.0
        for other in theirs:
            their_left, their_top, their_right, their_bottom = map(float, other.query)
            width = min(right, their_right) - max(left, their_left)
            height = min(bottom, their_bottom) - max(top, their_top)
            covered = max(covered, max(0.0, width) * max(0.0, height))
        shared += covered
    return shared / whole if whole else 0.0


def _stretches(mine: Sequence[Span], theirs: Sequence[Span]) -> float:
    """The share of my characters or seconds that lie in theirs."""
    own, others = _merged(mine), _merged(theirs)
    whole = sum(end - start for start, end in own)
    shared = sum(
        max(0.0, min(end, their_end) - max(start, their_start))
        for start, end in own
        for their_start, their_end in others
    )
    return shared / whole if whole else 0.0


def _merged(spans: Sequence[Span]) -> list[Interval]:
    """The intervals of the query, in order, overlapping ones joined."""
    joined: list[Interval] = []
    for start, end in sorted((float(span.query[0]), float(span.query[1])) for span in spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
