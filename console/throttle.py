"""Slows down the guessing of passwords."""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock


class Throttle:
    """Admits a few attempts per name and window. A refused attempt does not lengthen the wait.

    It remembers a bounded number of names and forgets the one tried longest ago. Making it forget takes one attempt
    per remembered name, and checking that many passwords takes longer than the window.
    """

    def __init__(
        self, *, attempts: int = 5, window: timedelta = timedelta(minutes=15), remembered: int = 20_000
    ) -> None:
        self._attempts = attempts
        self._window = window
        self._remembered = remembered
        self._tried: OrderedDict[str, list[datetime]] = OrderedDict()
        self._lock = Lock()

    def admit(self, name: str, now: datetime) -> timedelta:
        """Count an attempt; zero if it may go on, else how long to wait. Counted before it is known to fail."""
        with self._lock:
            recent = [at for at in self._tried.get(name, ()) if now - at < self._window]
            if len(recent) >= self._attempts:
                return recent[0] + self._window - now
            self._tried[name] = [*recent, now]
            self._tried.move_to_end(name)
            if len(self._tried) > self._remembered:
                self._tried.popitem(last=False)
        return timedelta(0)

    def succeeded(self, name: str) -> None:
        """Forget the attempts of a name."""
        with self._lock:
            self._tried.pop(name, None)
