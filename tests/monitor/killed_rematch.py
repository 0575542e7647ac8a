"""`python -m tests.monitor.killed_rematch FOLDER N`: a rematch that kills itself after asking for the time N times."""

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from monitor.rematching import rematch
from tests.support.platforms import platform_in


class LastWords:
    """A clock that tells the time so often, and then ends the process as a power cut would."""

    def __init__(self, times: int) -> None:
        self._times = times

    def __call__(self) -> datetime:
        if not self._times:
            os.kill(os.getpid(), signal.SIGKILL)
        self._times -= 1
        return datetime.now(UTC)


if __name__ == "__main__":
    rematch(platform_in(Path(sys.argv[1]), LastWords(int(sys.argv[2]))))
