"""Whether something that was found is still there. *Unknown is not removed*, and one look is not enough to say so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class ShareState(StrEnum):
    """What one look at a netdisk share came to."""

    ALIVE = "alive"
    NEEDS_CODE = "needs_code"
    """It is there and wants an extraction code."""
    WRONG_CODE = "wrong_code"
    EXPIRED = "expired"
    REMOVED = "removed"
    BLOCKED = "blocked"
    """We were not let look: a wall, a limit of rate, a login."""
    UNKNOWN = "unknown"


GONE = frozenset({ShareState.EXPIRED, ShareState.REMOVED})
TELLS_NOTHING = frozenset({ShareState.BLOCKED, ShareState.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One look at a share."""

    at: datetime
    state: ShareState


def settled(checks: Iterable[Check], *, apart: timedelta) -> ShareState:
    """What looks at one share say together.

    The newest counts, except that a share is gone only when the newest look and one at least `apart` before it both
    said so, and none between them saw it alive; else it is *unknown*. Looks that tell nothing are passed over, neither
    for nor against, unless the newest is one: what it is now is then what that look says.
    """
    newest_first = sorted(checks, key=lambda check: check.at, reverse=True)
    if not newest_first:
        return ShareState.UNKNOWN
    newest = newest_first[0]
    if newest.state not in GONE:
        return newest.state
    for check in newest_first[1:]:
        if check.state in GONE and newest.at - check.at >= apart:
            return newest.state
        if check.state not in GONE | TELLS_NOTHING:
            break
    return ShareState.UNKNOWN
