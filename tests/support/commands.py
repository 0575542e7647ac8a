"""The command as a user runs it: another process, another folder."""

import os
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-m", "monitor.cli"]


def start(data: Path, *arguments: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
    """Start the command on a data folder, in a folder of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PIRACY_MONITOR_")}
    data.parent.mkdir(parents=True, exist_ok=True)
    return subprocess.Popen(
        [*COMMAND, "--data", str(data), *arguments],
        cwd=data.parent,
        env=environment,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(data: Path, *arguments: str, typed: str = "") -> tuple[int, str, str]:
    """Run the command to its end with `typed` on standard input: exit code, standard output, standard error."""
    with start(data, *arguments, stdin=subprocess.PIPE) as process:
        out, err = process.communicate(typed)
        return process.returncode, out, err
