"""Preserved files, who touched them, and what a check of them says."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.ids import Digest


class CustodyAction(StrEnum):
    """What happened to a preserved file."""

    STORED = "stored"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyEvent:
    """One line of the custody log. `hash` covers the line and the hash before it, so lines cannot be changed unseen."""

    sequence: int
    at: datetime
    action: CustodyAction
    object: Digest
    size: int
    by: str
    hash: str


class EvidenceVerdict(StrEnum):
    """*Untimed*: intact, but no trusted timestamp says since when."""

    VALID = "valid"
    UNTIMED = "untimed"
    NOT_CLEAN = "not_clean"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceProblem:
    """One thing wrong with some evidence, named by its path, and how to go on."""

    item: str
    problem: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceReport:
    """What `evidence verify` found."""

    verdict: EvidenceVerdict
    checked: int
    problems: tuple[EvidenceProblem, ...] = ()
