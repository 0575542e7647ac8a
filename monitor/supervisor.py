"""Runs the long-lived roles of one machine as child processes and keeps them running."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

STEADY_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 30.0


@dataclass
class Role:
    """One child: its command, and when it may be started again after an early death."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    not_before: float = field(default=0.0)

    def tend(self, now: float, say: Callable[[str], None]) -> None:
        """Start the child if it is not running and its pause is over; note a death."""
        if self.process is not None and (code := self.process.poll()) is not None:
            self.failures = 0 if now - self.started_at > STEADY_SECONDS else self.failures + 1
            pause = min(LONGEST_PAUSE_SECONDS, 2.0**self.failures)
            say(f"{self.name} ended with exit code {code}; starting it again in {pause:.0f} s.")
            self.process, self.not_before = None, now + pause
        if self.process is None and now >= self.not_before:
            self.process = subprocess.Popen(self.command)  # noqa: S603 - our own command line
            self.started_at = now


def supervise(commands: Mapping[str, Sequence[str]], say: Callable[[str], None]) -> None:
    """Run `commands` until SIGINT or SIGTERM, starting again what dies, then end them in order."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    roles = [Role(name, command) for name, command in commands.items()]
    try:
        while not stopping:
            for role in roles:
                role.tend(time.monotonic(), say)
            time.sleep(0.5)
    finally:
        _end([role.process for role in roles if role.process is not None])


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def own_command(*arguments: str) -> list[str]:
    """The command line that runs this very installation, whatever the PATH."""
    return [sys.executable, "-m", "monitor.cli", *arguments]
