"""Several roles of the platform as one group of processes: started together, restarted alone, stopped together."""

import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds; a role that ran for longer counts as sound, and its next pause is short again."""
PATIENCE = 20.0
"""Seconds in which a role may end by itself."""
POLL_SECONDS = 0.2


@dataclass
class Role:
    """One role and its process."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    pause: float = FIRST_PAUSE
    began: float = 0.0
    due: float = 0.0


def run_group(
    commands: Mapping[str, Sequence[str]],
    *,
    stopped: threading.Event,
    say: Callable[[str], None],
    on_start: Callable[[str, int], None] = lambda _name, _pid: None,
) -> None:
    """Run every command until `stopped`, each again when it ends, after a pause that grows with every failure."""
    roles = [Role(name, command) for name, command in commands.items()]
    try:
        while not stopped.wait(POLL_SECONDS):
            for role in roles:
                _tend(role, say, on_start)
    finally:
        _stop([role.process for role in roles if role.process])


def _tend(role: Role, say: Callable[[str], None], on_start: Callable[[str, int], None]) -> None:
    now = time.monotonic()
    if role.process is not None:
        code = role.process.poll()
        if code is None:
            return
        role.process = None
        if now - role.began > LONGEST_PAUSE:
            role.pause = FIRST_PAUSE
        say(f"{role.name} ended with code {code}; it is started again in {_put_off(role, now):.0f} s.")
    elif now >= role.due:
        role.began = now
        try:
            # In a session of its own: an interrupt from the terminal reaches the group's head alone, which stops all.
            process = subprocess.Popen(role.command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - our own command line
        except OSError as error:
            say(f"{role.name} cannot be started ({error.strerror}); it is tried again in {_put_off(role, now):.0f} s.")
        else:
            role.process = process
            on_start(role.name, process.pid)


def _put_off(role: Role, now: float) -> float:
    role.pause = min(role.pause * 2, LONGEST_PAUSE)
    role.due = now + role.pause
    return role.pause


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    until = time.monotonic() + PATIENCE
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
