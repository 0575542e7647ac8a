"""What a hostile file is, and how its comparison may end."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.reasons import ReasonCode as Code
from matcher.worktypes import Content

UNREADABLE = frozenset({Code.UNREADABLE})
PLAIN = frozenset({Code.IMAGE_TOO_PLAIN})
LARGE = frozenset({Code.IMAGE_TOO_LARGE})
SMALL = frozenset({Code.IMAGE_TOO_SMALL})
SHORT = frozenset({Code.TEXT_TOO_SHORT})
READ = frozenset({Code.NO_REFERENCES})
"""It was read to its end, or as far as the bounds go, and there was something to compare."""
UNTOLD = frozenset({Code.UNSUPPORTED_TYPE})


@dataclass(frozen=True, kw_only=True)
class Case:
    """One hostile file; `said` are the reasons of which its comparison must give one."""

    make: Callable[[], bytes]
    said: frozenset[Code]
    name: str = "file"
    media_type: str = ""
    charset: str = ""

    def content(self) -> Content:
        return Content(data=self.make(), name=self.name, media_type=self.media_type, charset=self.charset)
