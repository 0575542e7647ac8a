import subprocess
import sys

import pytest

from monitor.cli.arguments import command_of, hoist_global_options
from monitor.cli.main import COMMANDS, run


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("works list --data here --json", "--data here works list --json"),
        ("--data here works list", "--data here works list"),
        ("match a --settings=mine.toml --data=here b", "--settings=mine.toml --data=here match a b"),
        ("match -- --data", "match -- --data"),
        ("sweep night --data", "--data sweep night"),
        ("", ""),
    ],
)
def test_global_options_may_stand_anywhere(given: str, wanted: str) -> None:
    assert hoist_global_options(given.split()) == wanted.split()


@pytest.mark.parametrize(
    ("hoisted", "wanted"),
    [
        ("--data works sweep night", "sweep"),
        ("--settings=index --data index match sweep", "match"),
        ("--help", None),
        ("--data", None),
        ("", None),
    ],
)
def test_the_command_is_what_follows_the_global_options(hoisted: str, wanted: str | None) -> None:
    assert command_of(hoisted.split()) == wanted


def test_a_command_imports_what_it_needs_alone(capfd: pytest.CaptureFixture[str]) -> None:
    asked = "import sys; from monitor.cli.main import run; run(['users', '--help']); print('scrapy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
    assert capfd.readouterr().out.splitlines()[-1] == "False"


def test_every_command_has_its_name() -> None:
    for name in COMMANDS:
        assert run([name, "--help"]) == 0
