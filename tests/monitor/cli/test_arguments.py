import pytest

from monitor.cli.arguments import hoist_global_options


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
