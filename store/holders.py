"""Who holds a lease: a process, named so that others on the same machine can tell whether it still lives."""

import os
import socket
from pathlib import Path


def this_process() -> str:
    """`host:pid:start`, unlike that of any other process, before or after."""
    return process(os.getpid())


def process(pid: int) -> str:
    """The same for another process of this machine."""
    return f"{socket.gethostname()}:{pid}:{_start_of(pid)}"


def is_surely_dead(holder: str) -> bool:
    """Whether `holder` was a process of this machine and is gone. False when that cannot be known."""
    host, pid, start = holder.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    return _start_of(int(pid)) != start


def _start_of(pid: int) -> str:
    """When a process began, in clock ticks since boot (Linux proc(5)); elsewhere only whether it is there."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "present" if not Path("/proc/self").exists() and _answers(pid) else "gone"
    # The name in parentheses may hold anything; the state follows it, and a zombie no longer works.
    fields = stat.rpartition(")")[2].split()
    return "gone" if fields[0] == "Z" else fields[19]


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
