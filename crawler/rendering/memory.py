"""How much memory the browser's processes hold."""

import os
from pathlib import Path

PROC = Path("/proc")


def browser_memory() -> int:
    """Bytes that the Chromium processes among our descendants hold alone; 0 where the system does not tell."""
    if not PROC.is_dir():
        return 0
    parents, names = _processes()
    return sum(
        _private_bytes(pid) for pid, name in names.items() if name.startswith("chrom") and _descends(pid, parents)
    )


def _processes() -> tuple[dict[int, int], dict[int, str]]:
    parents: dict[int, int] = {}
    names: dict[int, str] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                head, _, rest = (folder / "stat").read_text().rpartition(")")
            except OSError:  # it has ended since
                continue
            parents[int(folder.name)] = int(rest.split()[1])
            names[int(folder.name)] = head.partition("(")[2]
    return parents, names


def _descends(pid: int, parents: dict[int, int]) -> bool:
    mine, seen = os.getpid(), 0
    while pid and pid != mine and seen < 50:
        pid, seen = parents.get(pid, 0), seen + 1
    return pid == mine


def _private_bytes(pid: int) -> int:
    try:
        size, shared = (PROC / str(pid) / "statm").read_text().split()[1:3]
    except (OSError, ValueError):
        return 0
    return (int(size) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
