"""Whether drawing the pages of a site in a browser is worth it, as learnt from the pages drawn before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Pages of a site that are drawn before anything is concluded.
TRIED = 6
# Of a site's drawn pages, one in so many must have shown something new.
ONE_IN = 10
# After so long a site may have changed.
FORGOTTEN_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """What became of the pages of one host that were drawn; `gained` is how many showed more than they did unread."""

    drawn: int
    gained: int
    last_at: datetime


def is_worth_drawing(experience: Experience | None, now: datetime) -> bool:
    """Whether a page of a host that seems to need a browser is given one."""
    if experience is None or experience.drawn < TRIED or now - experience.last_at >= FORGOTTEN_AFTER:
        return True
    return experience.gained * ONE_IN >= experience.drawn
