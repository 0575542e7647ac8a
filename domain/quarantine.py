"""Works whose matches suddenly flood in, which are held back until a person has looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.ids import WorkId


class QuarantineState(StrEnum):
    """What became of a quarantine. Ended by *release* its findings are told, by *dismissal* they were no copies."""

    HELD = "held"
    RELEASED = "released"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """One flood of a work: its findings found after `since` are recorded and not told while it is *held*."""

    id: int
    work_id: WorkId
    title: str
    since: datetime
    at: datetime
    count: int
    """New findings since then, at the time it was noticed."""
    usual: int
    """Most in a window of the same length before."""
    state: QuarantineState
    ended_by: str = ""
    ended_at: datetime | None = None


def is_flood(counts: Sequence[int], *, factor: float, least: int) -> bool:
    """Whether the first of `counts`, of new findings by window, newest first, is far above the others.

    It must exceed `least`, and `factor` times the busiest window before: a work that grows popular passes, however many
    copies it has; a blank page registered by mistake does not.
    """
    usual = max(counts[1:], default=0)
    return counts[0] > max(least, factor * usual)
