"""Reading processes under everything that a file can do to them."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from config.loading import load_settings
from domain.reasons import Reason, ReasonCode
from matcher.confinement.frames import Head
from matcher.confinement.workers import ReadingFailedError, Workers, WorkersError

COMMAND = (sys.executable, "-m", "tests.matcher.confinement.nursery")
SETTINGS = load_settings().matcher.confinement.model_copy(update={"processes": 2, "recycle_after": 20})
pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("workers")]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIRACY_MONITOR_DATABASE__URL", "postgresql://user:secret@host/")
        made = Workers(COMMAND, b"", SETTINGS)
        made.start()
    yield made
    made.close()


def ask(workers: Workers, task: str, data: bytes = b"", *, seconds: float = 30.0, **request: object) -> Head:
    answer, _ = workers.run(task, request, data, seconds=seconds)
    return answer


def failure(workers: Workers, task: str, data: bytes = b"", *, seconds: float = 30.0) -> Reason:
    with pytest.raises(ReadingFailedError) as caught:
        ask(workers, task, data, seconds=seconds)
    return caught.value.reason


def test_what_is_asked_is_answered(workers: Workers) -> None:
    data = os.urandom(3_000_000)
    answer, made = workers.run("echo", {"say": "守灯人\ud800"}, data, seconds=30)
    assert (answer["said"], made) == ("守灯人\ud800", data)


@pytest.mark.parametrize(
    ("task", "seconds", "code", "value"),
    [
        ("crash", 30.0, ReasonCode.READING_CRASHED, ("ended", "SIGSEGV")),
        ("leave", 30.0, ReasonCode.READING_CRASHED, ("ended", "exit code 7")),
        ("spin", 0.3, ReasonCode.READING_LATE, ("seconds", 0)),
        ("sleep", 0.2, ReasonCode.READING_LATE, ("seconds", 0)),
        ("fill", 30.0, ReasonCode.READING_TOO_LARGE, ("bytes", SETTINGS.memory_bytes)),
        (
            "stumble",
            30.0,
            ReasonCode.UNREADABLE,
            ("problem", "ValueError: invalid literal for int() with base 10: b''"),
        ),
    ],
)
def test_a_hostile_content_costs_itself_alone(
    workers: Workers, task: str, seconds: float, code: ReasonCode, value: tuple[str, str | int]
) -> None:
    for _ in range(3):
        assert failure(workers, task, seconds=seconds) == Reason(code=code, values=(value,))
        assert ask(workers, "echo", say=1)["said"] == 1


def test_a_worker_can_open_nothing_and_knows_no_secret(workers: Workers) -> None:
    assert ask(workers, "look_around") == {"done": [], "secret": None}


def test_code_is_compiled_for_types_not_met_before(workers: Workers) -> None:
    assert ask(workers, "compile_late", bytes(range(16)))["total"] == sum((0x0100, 0x0504, 0x0908, 0x0D0C))


def test_a_worker_is_replaced_after_as_many_contents_as_set(workers: Workers) -> None:
    failure(workers, "leave")  # so that the next one is fresh
    pids = [ask(workers, "echo")["pid"] for _ in range(2 * SETTINGS.recycle_after)]
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [SETTINGS.recycle_after] * 2


def test_many_threads_share_the_processes(workers: Workers) -> None:
    tasks = ["echo", "crash", "echo", "leave", "stumble"] * 12

    def outcome(task: str) -> str:
        try:
            return str(ask(workers, task, say=task)["said"])
        except ReadingFailedError as error:
            return str(error.reason.code)

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(outcome, tasks))
    assert outcomes == ["echo", "reading_crashed", "echo", "reading_crashed", "unreadable"] * 12


def test_processes_that_were_killed_from_outside_are_started_again(workers: Workers) -> None:
    ask(workers, "echo")
    for child in psutil.Process().children():
        if "tests.matcher.confinement.nursery" in child.cmdline():
            os.killpg(child.pid, signal.SIGKILL)
    assert ask(workers, "echo", say="again")["said"] == "again"


def test_processes_that_do_not_start_are_an_error_of_ours() -> None:
    broken = Workers((sys.executable, "-c", "raise SystemExit('no such module')"), b"", SETTINGS)
    with pytest.raises(WorkersError, match="do not start"):
        ask(broken, "echo")
    broken.close()
    with pytest.raises(WorkersError, match="were closed"):
        ask(broken, "echo")


def test_nothing_is_left_running(workers: Workers) -> None:
    worker = psutil.Process(ask(workers, "echo")["pid"])
    others = [*worker.parents()[:2], worker]
    workers.close()
    end = time.monotonic() + 60
    while any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in others):
        assert time.monotonic() < end
        time.sleep(0.01)
