"""An index whose writer is killed at random moments opens, verifies, and holds what was last acknowledged."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from matcher.segments.index import RegisterIndex
from tests.matcher.segments.changing import terms_of
from tests.matcher.segments.toy import RECIPE, Register, answers, expected, held

KILLS = 50
ROOT = Path(__file__).parents[3]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_fifty_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    chance, acknowledged = random.Random(5), 0
    before: dict[str, str] = {}
    for kill in range(KILLS):
        command = [sys.executable, "-m", "tests.matcher.segments.changing", str(tmp_path), str(kill)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout
            heard = [process.stdout.readline() for _ in range(chance.randrange(1, 10))]
            # The moment falls anywhere in a change, which takes some milliseconds, or between two.
            time.sleep(chance.uniform(0.0, 0.02))
            process.send_signal(signal.SIGKILL)
            said = [json.loads(line) for line in (*heard, *process.stdout) if line.endswith("\n")]
        done = [line["done"] for line in said if "done" in line]
        doing = [line["doing"] for line in said if "doing" in line]
        acknowledged += len(done)
        snapshot = RegisterIndex(tmp_path, RECIPE).snapshot(verify=True)
        found = held(snapshot)
        # A change that was cut short is there as a whole, or not at all.
        last = done[-1] if done else before
        assert found in ([last, doing[-1]] if len(doing) > len(done) else [last])
        register: Register = {work: (title, terms_of(work)) for work, title in found.items()}
        assert answers(snapshot, list(range(60)), 99) == expected(register, list(range(60)), 99)
        before = found
    assert acknowledged > KILLS
