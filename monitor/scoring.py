"""How good a sweep was, where the truth is known."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from domain.findings import Finding, FindingState


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a test site holds: copies by (address, work), and in which form each was altered."""

    copies: dict[tuple[str, str], str]

    @classmethod
    def read(cls, path: Path) -> "Truth":
        """Read `{"infringing": [{"url": …, "work_id": …, "form": …}]}`."""
        planted = json.loads(path.read_text(encoding="utf-8"))["infringing"]
        return cls(copies={(copy["url"], copy["work_id"]): copy["form"] for copy in planted})


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Accusations against the truth. Findings that wait for review accuse nobody and are not counted."""

    right: int
    wrong: tuple[tuple[str, str], ...]
    missed: tuple[tuple[str, str], ...]

    @property
    def precision(self) -> float:
        """Share of accusations that are right; 1.0 when there are none."""
        accused = self.right + len(self.wrong)
        return self.right / accused if accused else 1.0

    @property
    def recall(self) -> float:
        """Share of planted copies that were found; 1.0 when there are none."""
        planted = self.right + len(self.missed)
        return self.right / planted if planted else 1.0


def score(findings: Iterable[Finding], truth: Truth) -> Score:
    """Compare the accusations among `findings` with the truth."""
    accused = {(f.url, str(f.work_id)) for f in findings if f.state in {FindingState.OPEN, FindingState.CONFIRMED}}
    planted = set(truth.copies)
    return Score(
        right=len(accused & planted),
        wrong=tuple(sorted(accused - planted)),
        missed=tuple(sorted(planted - accused)),
    )
