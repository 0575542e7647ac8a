"""Content in, comparisons or a reason for silence out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.findings import Comparison, Verdict
from domain.fingerprints import Abstention, Fingerprint
from domain.ids import WorkId
from domain.reasons import FAILURES, Reason, ReasonCode
from domain.works import WorkType
from matcher.negatives import NegativeBank
from matcher.thresholds import OwnThresholds
from matcher.worktypes import Content, References, WorkTypeMatcher


class Outcome(StrEnum):
    """How the comparison of one input ended."""

    MATCHED = "matched"
    NO_MATCH = "no_match"
    ABSTAINED = "abstained"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchResult:
    """What the engine says of one input; `comparisons` come best first."""

    outcome: Outcome
    reason: Reason
    type: WorkType | None = None
    comparisons: tuple[Comparison, ...] = ()
    fingerprint: Fingerprint | None = None

    @property
    def accusing(self) -> tuple[Comparison, ...]:
        """The comparisons that become findings: copies, and partial matches for review."""
        return tuple(c for c in self.comparisons if c.verdict is not Verdict.QUOTATION)


class Engine:
    """The work types with their registered files. Safe to use from several threads."""

    def __init__(
        self,
        matchers: Sequence[WorkTypeMatcher],
        references: Mapping[WorkType, References],
        negatives: NegativeBank | None = None,
        thresholds: OwnThresholds | None = None,
    ) -> None:
        self._matchers = {matcher.type: matcher for matcher in matchers}
        self._references = references
        self._negatives = negatives or NegativeBank()
        self._own = thresholds or {}

    def thresholds(self, work_type: WorkType, work_id: WorkId) -> tuple[tuple[str, float], ...]:
        """The settings that decide for a work of `work_type`."""
        own = self._own.get(work_id, {})
        return tuple((name, own.get(name, value)) for name, value in self._matchers[work_type].thresholds())

    def type_of(self, content: Content) -> WorkType | None:
        """The work type that takes `content`, or None."""
        return next((kind for kind, matcher in self._matchers.items() if matcher.accepts(content)), None)

    def match(self, content: Content, work_type: WorkType | None = None) -> MatchResult:
        """Compare `content` with the registered works of its type (found from the content when not given)."""
        chosen = work_type or self.type_of(content)
        if chosen is None or chosen not in self._matchers:
            media_type = content.media_type or content.name.rsplit(".", 1)[-1]
            return MatchResult(
                outcome=Outcome.ABSTAINED, reason=Reason.of(ReasonCode.UNSUPPORTED_TYPE, media_type=media_type)
            )
        fingerprint = self._matchers[chosen].fingerprint(content)
        if isinstance(fingerprint, Abstention):
            outcome = Outcome.FAILED if fingerprint.reason.code in FAILURES else Outcome.ABSTAINED
            return MatchResult(outcome=outcome, reason=fingerprint.reason, type=chosen)
        return self.compare(chosen, fingerprint)

    def compare(self, work_type: WorkType, fingerprint: Fingerprint) -> MatchResult:
        """Compare what was fingerprinted before with the registered works of its type."""
        references = self._references.get(work_type)
        if not references:
            reason = Reason.of(ReasonCode.NO_REFERENCES)
            return MatchResult(outcome=Outcome.NO_MATCH, reason=reason, type=work_type, fingerprint=fingerprint)
        found = references.compare(fingerprint)
        comparisons = self._negatives.sift(found)
        item = self._negatives.named(found)
        nothing = Reason.of(ReasonCode.NEGATIVE_ONLY, item=item) if item else Reason.of(ReasonCode.NOTHING_SIMILAR)
        return MatchResult(
            outcome=Outcome.MATCHED if comparisons else Outcome.NO_MATCH,
            reason=comparisons[0].reason if comparisons else nothing,
            type=work_type,
            comparisons=comparisons,
            fingerprint=fingerprint,
        )
