import subprocess
import sys
from pathlib import Path

import pytest

from domain.errors import UsageError
from monitor.locks import alone

HOLDER = """
import sys
from pathlib import Path
from monitor.locks import alone
with alone(Path(sys.argv[1]), "night"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_refused_until_the_first_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(UsageError, match="night is already running"), alone(tmp_path, "night"):
            pass
        holder.kill()
        holder.wait()
    with alone(tmp_path, "night"):
        pass


def test_other_names_do_not_wait(tmp_path: Path) -> None:
    with alone(tmp_path, "one"), alone(tmp_path, "two"):
        assert sorted(p.name for p in tmp_path.iterdir()) == ["one.lock", "two.lock"]
