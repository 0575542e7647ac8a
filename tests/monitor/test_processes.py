import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from monitor.processes import run_group
from tests.support.commands import COMMAND

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.05)


def test_a_role_that_ends_is_started_again_and_all_end_together() -> None:
    stopped, said, pids = threading.Event(), list[str](), list[tuple[str, int]]()
    group = threading.Thread(
        target=run_group,
        args=({"steady": SLEEPER, "fragile": SLEEPER},),
        kwargs={"stopped": stopped, "say": said.append, "on_start": lambda name, pid: pids.append((name, pid))},
    )
    group.start()
    until(lambda: len(pids) == 2)
    os.kill(dict(pids)["fragile"], signal.SIGKILL)
    until(lambda: len(pids) == 3)
    assert [name for name, _ in pids] == ["steady", "fragile", "fragile"]
    assert said == ["fragile ended with code -9; it is started again in 2 s."]
    stopped.set()
    group.join(timeout=60)
    assert not group.is_alive()
    assert not any(psutil.pid_exists(pid) for _, pid in pids)


def test_a_role_that_cannot_be_started_does_not_take_the_others_along() -> None:
    stopped, said, pids = threading.Event(), list[str](), list[str]()
    group = threading.Thread(
        target=run_group,
        args=({"none": [str(Path("/nowhere/command"))], "steady": SLEEPER},),
        kwargs={"stopped": stopped, "say": said.append, "on_start": lambda name, _pid: pids.append(name)},
    )
    group.start()
    until(lambda: pids == ["steady"] and len(said) > 0)
    stopped.set()
    group.join(timeout=60)
    assert "none cannot be started (No such file or directory); it is tried again in 2 s." in said


@pytest.mark.slow
def test_up_runs_every_role_until_it_is_told_to_end(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (tmp_path / "settings.toml").write_text(f"[console]\nport = {port}\n")
    arguments = ["--data", str(tmp_path / "data"), "--settings", str(tmp_path / "settings.toml"), "up"]
    with subprocess.Popen([*COMMAND, *arguments], cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        head = psutil.Process(process.pid)
        until(lambda: len(head.children()) == 4)
        roles = sorted(child.cmdline()[-1] for child in head.children())
        assert roles == ["console", "dispatcher", "projector", "scheduler"]

        def answers() -> bool:
            try:
                with urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
                    return bool(answer.status == 200)
            except OSError:
                return False

        until(answers)
        children = head.children()
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
        assert not any(child.is_running() for child in children)
