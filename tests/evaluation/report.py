"""How an evaluation is reported: one JSON object a work type, as `piracy-monitor evaluate --json` prints it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

Z_95 = 1.959964
"""Standard normal quantile of a two-sided 95 % interval."""


def wilson(found: int, queries: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), which stays within 0 and 1 for shares near them."""
    if not queries:
        return 0.0, 1.0
    share, spread = found / queries, Z_95**2 / queries
    centre = share + spread / 2
    half = Z_95 * sqrt(share * (1 - share) / queries + spread / (4 * queries))
    return max(0.0, (centre - half) / (1 + spread)), min(1.0, (centre + half) / (1 + spread))


@dataclass(frozen=True, kw_only=True)
class Transformation:
    """What became of one alteration: the right work named as a copy or left to a person, or *wrong*: another accused.

    Found, which recall counts, is either of the first two, in every work type.
    """

    name: str
    queries: int
    copies: int
    partial: int
    wrong: int

    @property
    def found(self) -> int:
        """Queries for which the right work was named."""
        return self.copies + self.partial

    def as_json(self) -> dict[str, Any]:
        low, high = wilson(self.found, self.queries)
        return {
            "name": self.name,
            "queries": self.queries,
            "found": self.found,
            "copies": self.copies,
            "partial": self.partial,
            "wrong": self.wrong,
            "recall": round(self.found / self.queries if self.queries else 0.0, 4),
            "low": round(low, 4),
            "high": round(high, 4),
        }


@dataclass(frozen=True, kw_only=True)
class Innocents:
    """One kind of things that copy no registered work, or of which only a stated share stands in one."""

    name: str
    asked: int
    accused: int
    partial: int
    """Those left to a person."""

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "asked": self.asked, "accused": self.accused, "partial": self.partial}


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """One work type on its corpus. A negative pair is one unregistered thing against one registered work."""

    type: str
    corpus_digest: str
    pairs: int
    false_positives: int
    transformations: tuple[Transformation, ...]
    speed: float
    unit: str
    innocents: tuple[Innocents, ...] = ()
    """The negatives by kind, and beside them what shares too much with a registered work to count among them."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """What else was measured, under names of the work type's own."""

    def as_json(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "corpus_digest": f"sha256:{self.corpus_digest}",
            "negatives": {"pairs": self.pairs, "false_positives": self.false_positives},
            "innocents": [kind.as_json() for kind in self.innocents],
            "transformations": [transformation.as_json() for transformation in self.transformations],
            "speed": {"value": round(self.speed, 3), "unit": self.unit},
            **self.details,
        }
