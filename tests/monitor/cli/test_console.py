"""`users` and `console` as people run them."""

import json
import os
import pty
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any

import httpx2
import pytest

from config.loading import load_settings
from monitor.cli.console import address_of
from monitor.wiring import Platform
from store.accounts import AccountStore
from store.findings import record
from store.search import Query
from tests.support.commands import COMMAND, run, start
from tests.support.findings import FINDING

pytestmark = pytest.mark.xdist_group("commands")
PASSWORD = "lantern on the north pier"


def names(data: Path) -> list[str]:
    database = Platform(data, load_settings()).database
    known = [user.name for user in AccountStore(database).users()]
    database.close()
    return known


def readiness(process: subprocess.Popen[str], address: str = "") -> tuple[str, Any]:
    """The address of a console that was started, and what it says of itself."""
    assert process.stdout
    address = address or process.stdout.readline().removeprefix("Console: ").strip()
    answer = httpx2.get(f"{address}/readyz")
    assert "server" not in answer.headers
    return address, answer.json()


def test_users_are_added_listed_and_removed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    code, out, err = run(data, "users", "add", "周", "--language", "zh-CN", typed=PASSWORD + "\n")
    assert (code, out) == (0, ""), err
    assert PASSWORD not in err
    _, out, _ = run(data, "users", "list", "--json")
    (row,) = map(json.loads, out.splitlines())
    assert (row["name"], row["language"]) == ("周", "zh-CN")
    assert run(data, "users", "password", "周", typed="another lantern\n")[0] == 0
    assert run(data, "users", "remove", "周")[0] == 0
    assert names(data) == []


@pytest.mark.parametrize(
    ("arguments", "typed", "problem"),
    [
        (("add", "lin"), "short\n", "too short"),
        (("add", "lin", "--language", "fr"), PASSWORD, "does not speak fr"),
        (("password", "nobody"), PASSWORD, "no user nobody"),
    ],
)
def test_wrong_use_is_one_line(tmp_path: Path, arguments: tuple[str, ...], typed: str, problem: str) -> None:
    code, out, err = run(tmp_path / "data", "users", *arguments, typed=typed)
    assert (code, out, err.count("\n")) == (2, "", 1), err
    assert problem in err.lower()
    assert names(tmp_path / "data") == []


@pytest.mark.parametrize(("second", "code"), [(PASSWORD, 0), ("something else entirely", 2)])
def test_on_a_terminal_the_password_is_asked_twice_and_not_shown(tmp_path: Path, second: str, code: int) -> None:
    ours, theirs = pty.openpty()
    command = [*COMMAND, "--data", str(tmp_path / "data"), "users", "add", "lin"]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    shown = b""
    for prompt, answer in ((b"Password: ", PASSWORD), (b"Once more: ", second)):
        while prompt not in shown:
            shown += os.read(ours, 1000)
        os.write(ours, answer.encode() + b"\n")
    assert process.wait() == code
    os.close(ours)
    assert PASSWORD.encode() not in shown
    assert names(tmp_path / "data") == (["lin"] if code == 0 else [])


def test_the_console_is_served_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with start(tmp_path / "data", "console", "--port", "0") as process:
        assert readiness(process)[1] == {"ready": True, "search_lag": 0}
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate()
    assert process.returncode == 0
    assert "users add NAME" in err
    assert "Traceback" not in err


def test_what_is_found_while_it_runs_is_indexed(tmp_path: Path) -> None:
    with start(tmp_path / "data", "console", "--port", "0") as process:
        address, _ = readiness(process)
        platform = Platform(tmp_path / "data", load_settings())
        with platform.database.write() as connection:
            record(connection, FINDING)
        while readiness(process, address)[1]["search_lag"]:
            pass
        assert [hit.finding_id for hit in platform.search.search(Query()).hits] == [FINDING.finding_id]
        platform.database.close()
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert process.returncode == 0


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = run(tmp_path / "data", "console", "--port", str(port))
    assert (code, out) == (2, "")
    assert f"Cannot listen on 127.0.0.1 port {port}" in err
    assert "--port" in err


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8787"),
        ("0.0.0.0", "http://127.0.0.1:8787"),  # noqa: S104 - nothing listens
        ("::", "http://[::1]:8787"),
        ("console.example", "http://console.example:8787"),
    ],
)
def test_addresses_are_ones_a_browser_can_open(host: str, address: str) -> None:
    assert address_of(host, 8787) == address
