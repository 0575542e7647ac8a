"""Which of the pages that need a browser are drawn: those of sites where it was worth it, if there is a browser."""

import logging
import shutil
from collections.abc import Callable
from datetime import datetime

from domain.rendering import is_worth_drawing
from store.rendering import RenderingStore

logger = logging.getLogger(__name__)

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
INSTALL = "apt-get install chromium fonts-noto-cjk"

MayDraw = Callable[[str], bool]
"""Whether a page of a host that needs a browser is given one. May be called from any thread."""


def never(_host: str) -> bool:
    """No page is drawn."""
    return False


def always(_host: str) -> bool:
    """Every page is drawn that needs it."""
    return True


def browser_program(configured: str = "") -> str | None:
    """The browser of the settings, else the one on the path; None when there is none."""
    return next((path for name in ((configured,) if configured else PROGRAMS) if (path := shutil.which(name))), None)


class WhereWorthwhile:
    """Gives pages a browser where pages before them gained by it."""

    def __init__(self, store: RenderingStore, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def __call__(self, host: str) -> bool:
        return is_worth_drawing(self._store.of(host), self._clock())


class WithoutBrowser:
    """Says once, when the first page needs one, that there is no browser and how to install it."""

    def __init__(self) -> None:
        self._said = False

    def __call__(self, host: str) -> bool:
        if not self._said:
            self._said = True
            logger.warning(
                "Pages made by scripts are not read, the first at %s: no Chromium. Mend it: %s", host, INSTALL
            )
        return False
