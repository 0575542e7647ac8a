"""The demonstration, and what a newcomer does next: look at what it found."""

import re
import signal
from pathlib import Path

import httpx2
import pytest

from tests.console.html import parse
from tests.support.commands import run, start

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("end_to_end")]


def test_the_demo_ends_with_how_to_look_and_that_works(tmp_path: Path) -> None:
    code, out, err = run(tmp_path / "data", "demo")
    assert code == 0, err
    said = re.search(r"--data (\S+) console\nthen open (\S+) and sign in as (\S+) with the password (\S+)\n", out)
    assert said, out
    folder, address, name, password = said.groups()
    assert address == "http://127.0.0.1:8787"
    with start(Path(folder), "console", "--port", "0") as process:
        assert process.stdout
        address = process.stdout.readline().removeprefix("Console: ").strip()
        with httpx2.Client(base_url=address, headers={"Origin": address}, follow_redirects=True) as client:
            answer = client.post("/sign-in", data={"name": name, "password": password})
            assert len(parse(answer.text).all("//tr[@data-finding]")) == 50
            first = parse(answer.text).all("//a[@class='open']")[0].get("href")
            assert parse(client.get(str(first)).text).all("//h2[@id='decision-title']")
        process.send_signal(signal.SIGTERM)
        process.communicate()
    assert process.returncode == 0
