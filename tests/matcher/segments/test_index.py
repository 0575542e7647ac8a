import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import IntegrityError
from matcher.segments.index import RegisterIndex
from matcher.segments.upkeep import compact
from tests.matcher.segments.toy import RECIPE, Register, answers, become, columns, expected, fetching, held

TERMS = st.integers(0, 6)
WORKS = st.dictionaries(
    st.sampled_from("abcdef"),
    st.tuples(st.sampled_from(["t", "u"]), st.lists(TERMS, min_size=1, max_size=4).map(tuple)),
    max_size=5,
)


def opened(folder: Path) -> RegisterIndex:
    return RegisterIndex(folder, RECIPE)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(WORKS, st.booleans()), min_size=1, max_size=5),
    st.lists(TERMS, max_size=4),
    st.integers(0, 6),
)
def test_it_always_answers_as_brute_force_does(
    steps: list[tuple[Register, bool]], wanted: list[int], limit: int
) -> None:
    """Works added, removed, retitled and changed, none, one; merged or not; opened anew each time."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        for register, merged in steps:
            become(folder, register)
            if merged:
                with opened(folder).writing() as writer:
                    compact(writer, fetching(register), columns, fully=True)
            snapshot = opened(folder).snapshot(verify=True)
            assert len(snapshot) == len(register)
            assert held(snapshot) == {work_id: title for work_id, (title, _) in register.items()}
            assert answers(snapshot, wanted, limit) == expected(register, wanted, limit)


REGISTER: Register = {f"w{n}": (f"title {n}", (n, n + 1, n + 2)) for n in range(30)}
ALL = list(range(40))


def test_what_is_there_already_is_not_written_again(tmp_path: Path) -> None:
    assert become(tmp_path, REGISTER).added == 30
    before = opened(tmp_path).manifest()
    assert become(tmp_path, REGISTER).added == 0
    assert opened(tmp_path).manifest() == before


def test_a_reader_keeps_what_it_opened_while_all_of_it_is_replaced(tmp_path: Path) -> None:
    become(tmp_path, REGISTER)
    old = opened(tmp_path).snapshot()
    become(tmp_path, {"new": ("new", (1, 2))})
    with opened(tmp_path).writing() as writer:
        compact(writer, fetching({"new": ("new", (1, 2))}), columns, fully=True)
    assert answers(old, ALL, 99) == expected(REGISTER, ALL, 99)
    assert held(opened(tmp_path).snapshot()) == {"new": "new"}


def test_many_small_changes_come_together_in_few_segments(tmp_path: Path) -> None:
    for count in range(1, 31):
        part = dict(list(REGISTER.items())[:count])
        become(tmp_path, part)
        with opened(tmp_path).writing() as writer:
            compact(writer, fetching(part), columns)
        assert len(opened(tmp_path).snapshot().segments) <= 4
    assert answers(opened(tmp_path).snapshot(), ALL, 99) == expected(REGISTER, ALL, 99)


def test_a_segment_of_which_much_is_gone_is_written_anew_without_it(tmp_path: Path) -> None:
    become(tmp_path, REGISTER)
    few = dict(list(REGISTER.items())[:10])
    become(tmp_path, few)
    assert opened(tmp_path).stats().removed == 20
    with opened(tmp_path).writing() as writer:
        compact(writer, fetching(few), columns)
    assert opened(tmp_path).stats().removed == 0
    assert held(opened(tmp_path).snapshot()) == {work_id: title for work_id, (title, _) in few.items()}


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("name", ["toy.tags.npy", "toy.table.npy", "reference.data.npy", "header.json"])
@pytest.mark.parametrize("ruin", [damage, Path.unlink], ids=["changed", "missing"])
def test_a_damaged_segment_is_refused_and_made_again(tmp_path: Path, name: str, ruin: Callable[[Path], None]) -> None:
    become(tmp_path, REGISTER)
    [segment] = [path for path in tmp_path.iterdir() if path.is_dir()]
    ruin(segment / name)
    with pytest.raises(IntegrityError, match=r"was changed|cannot be read"):
        opened(tmp_path).snapshot(verify=True)
    changes = become(tmp_path, REGISTER)
    assert (changes.damaged, changes.added) == (1, 30)
    assert answers(opened(tmp_path).snapshot(verify=True), ALL, 99) == expected(REGISTER, ALL, 99)


def test_a_damaged_list_of_removed_rows_is_refused_and_made_again(tmp_path: Path) -> None:
    become(tmp_path, REGISTER)
    few = dict(list(REGISTER.items())[:29])
    become(tmp_path, few)
    [removed] = tmp_path.glob("removed-*")
    damage(removed)
    with pytest.raises(IntegrityError, match="was changed"):
        opened(tmp_path).snapshot()
    assert become(tmp_path, few).damaged == 1
    assert len(opened(tmp_path).snapshot()) == 29


def test_a_damaged_manifest_is_refused_and_all_is_made_again(tmp_path: Path) -> None:
    become(tmp_path, REGISTER)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(IntegrityError, match="cannot be read"):
        opened(tmp_path).snapshot()
    assert become(tmp_path, REGISTER).added == 30


def test_what_another_recipe_made_counts_as_not_there(tmp_path: Path) -> None:
    become(tmp_path, REGISTER)
    assert len(RegisterIndex(tmp_path, "toy@2").snapshot()) == 0


READER = """
import sys
from pathlib import Path
from matcher.segments.index import RegisterIndex
from tests.matcher.segments.toy import RECIPE, held
print(sorted(held(RegisterIndex(Path(sys.argv[1]), RECIPE).snapshot(verify=True))))
"""


def test_another_process_sees_what_was_written(tmp_path: Path) -> None:
    become(tmp_path, {"a": ("t", (1,))})
    command = [sys.executable, "-c", READER, str(tmp_path)]
    root = Path(__file__).parents[3]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root).stdout
    assert said.strip() == "['a']"
