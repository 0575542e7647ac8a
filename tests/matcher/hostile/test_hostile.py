"""Hostile files through the real reading processes: each ends with a reason, within its bounds, harming no other."""

import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config.loading import load_settings
from matcher.confinement.workers import Workers
from matcher.engine import Engine, Outcome
from monitor.matchers import confined_matchers
from tests.matcher.hostile.cases import Case
from tests.matcher.hostile.pages import PAGES
from tests.matcher.hostile.pictures import PICTURES
from tests.matcher.hostile.polyglots import POLYGLOTS
from tests.matcher.hostile.sounds import SOUNDS

MB = 1 << 20
LIMITS = load_settings().matcher.confinement.model_copy(
    update={"processes": 1, "seconds": 8.0, "memory_bytes": 1024 * MB, "recycle_after": 1000}
)
SETTINGS = load_settings().matcher.model_copy(update={"confinement": LIMITS})
CASES: dict[str, Case] = PICTURES | PAGES | SOUNDS | POLYGLOTS
pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("hostile")]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    command = (sys.executable, "-P", "-m", "monitor.reading")
    made = Workers(command, SETTINGS.model_dump_json().encode(), LIMITS)
    yield made
    made.close()


def peak_bytes() -> int:
    """The most memory that a reading process of this test has taken so far."""
    processes = psutil.Process().children(recursive=True)
    told = (Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8") for process in processes)
    return max(1024 * int(status.partition("VmHWM:")[2].split()[0]) for status in told if "VmHWM:" in status)


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_ends_with_a_reason_within_its_bounds(name: str, workers: Workers) -> None:
    result = Engine(confined_matchers(SETTINGS, workers), {}).match(CASES[name].content())
    assert result.reason.code in CASES[name].said, result.reason.sentence("en")
    assert result.outcome in {Outcome.ABSTAINED, Outcome.FAILED, Outcome.NO_MATCH}
    # What the process has before it begins takes a quarter of a gigabyte.
    assert peak_bytes() < LIMITS.memory_bytes + 400 * MB


def test_the_corpus_is_large_enough_to_be_called_one() -> None:
    assert len(CASES) >= 60
