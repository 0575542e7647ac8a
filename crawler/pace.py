"""How fast each site is asked: as its profile says, and slower for as long as it shows that this is too fast."""

from collections.abc import Mapping

FIRST_SECONDS = 1.0
"""The delay after the first sign of trouble, where the profile has none."""
EASING = 0.7
"""By which each good answer shortens a delay that was lengthened, down to the profile's."""


LONGEST_SECONDS = 10.0
"""The longest delay that trouble alone leads to; more would end a night with most of a site unseen."""


class Pace:
    """Delays in seconds by site. Doubled by each sign of trouble, eased by each good answer.

    `longest` bounds the wait in seconds that a site may ask for.
    """

    def __init__(self, delays: Mapping[str, float], longest: float) -> None:
        self._usual = delays
        self._longest = longest
        self._delays: dict[str, float] = {}
        self._paused: dict[str, float] = {}

    def trouble(self, site: str, now: float, after: float | None) -> None:
        """A site said that it has too much to do, or did not answer; `after` is the wait in seconds it asked for."""
        self._delays[site] = max(self.delay(site), min(LONGEST_SECONDS, max(2 * self.delay(site), FIRST_SECONDS)))
        if after is not None:
            self._paused[site] = max(self._paused.get(site, now), now + min(after, self._longest))

    def fine(self, site: str) -> None:
        """A site answered as it should."""
        if site in self._delays:
            self._delays[site] *= EASING
            if self._delays[site] <= max(self._usual.get(site, 0.0), 0.01):
                del self._delays[site]

    def delay(self, site: str) -> float:
        """Seconds between two fetches of a site, now."""
        return self._delays.get(site, self._usual.get(site, 0.0))

    def is_paused(self, site: str, now: float) -> bool:
        """Whether a site asked to be left alone until later."""
        return self._paused.get(site, now) > now
