"""Hostile archives are read within their bounds, and what is refused is said."""

import random
import tracemalloc
from collections.abc import Callable

import pytest

from config.loading import load_settings
from matcher.software.archives.budget import BoundError, Budget
from matcher.software.archives.walk import Walk
from tests.matcher.software import hostile_installers
from tests.matcher.software.hostile import FILES, HOSTILE, MB, repeated
from tests.matcher.software.installers import cab, msi, rar, squashfs
from tests.matcher.software.packing import Files, seven, tarred, zipped

SETTINGS = load_settings().matcher.software.model_copy(
    update={
        "free_expanded_bytes": 16 * MB,
        "max_member_bytes": 8 * MB,
        "max_ratio": 20,
        "max_expanded_bytes": 64 * MB,
        "max_members": 2000,
        "max_name_length": 100,
    }
)
LOOSE_MEMBERS = SETTINGS.model_copy(update={"max_member_bytes": 64 * MB})


EVERY = HOSTILE | hostile_installers.HOSTILE


@pytest.mark.parametrize("name", EVERY)
def test_the_reader_stays_within_its_bounds_and_says_what_it_left_out(name: str) -> None:
    make, said = EVERY[name]
    settings = LOOSE_MEMBERS if said == "times its size" else SETTINGS
    data = make()
    walk = Walk(settings)
    total = count = 0
    tracemalloc.start()
    try:
        for member in walk.members(data, "hostile"):
            count += 1
            total += len(member.data)
            assert len(member.path) <= settings.max_name_length
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count <= settings.max_members + 1
    assert total <= settings.max_expanded_bytes + len(data)
    # A member and the archives around it, each once as it grows and once whole.
    assert peak < 3 * 64 * MB
    assert said in "\n".join([*walk.problems, walk.bound])


def test_an_encrypted_or_damaged_member_does_not_hide_the_others() -> None:
    data = bytearray(zipped(FILES))
    data[data.find(b"PK\1\2") + 8] |= 1
    walk = Walk(SETTINGS)
    found = {member.path: member.data for member in walk.members(bytes(data), "x.zip")}
    assert found == dict(list(FILES.items())[1:])
    assert walk.problems == ["f0.bin: encrypted"]


def test_a_bomb_does_not_hide_what_stands_before_it() -> None:
    walk = Walk(LOOSE_MEMBERS)
    found = {member.path for member in walk.members(zipped(FILES | {"bomb": bytes(40 * MB)}), "x.zip")}
    assert found == set(FILES)
    assert "times its size" in walk.bound


def test_a_zip_cut_short_gives_the_members_before_the_cut() -> None:
    whole = zipped(FILES)
    found = {member.path: member.data for member in Walk(SETTINGS).members(whole[: len(whole) * 2 // 3], "x.zip")}
    assert {name: found.get(name) for name in list(FILES)[:3]} == dict(list(FILES.items())[:3])


def test_an_archive_that_was_opened_is_not_opened_again() -> None:
    walk = Walk(SETTINGS)
    assert [member.data for member in walk.members(repeated(), "x.zip")] == [b"same"]


@pytest.mark.parametrize("name", ["directory size that lies", "directory place that lies", "checksum that lies"])
def test_a_lie_in_a_header_hides_no_member(name: str) -> None:
    found = {member.path: member.data for member in Walk(SETTINGS).members(HOSTILE[name][0](), "x.zip")}
    assert found == FILES


def test_reading_ends_when_its_time_is_over() -> None:
    times = iter((0.0, 119.0, 121.0))
    budget = Budget(SETTINGS, 1000, clock=lambda: next(times))
    budget.count("in time")
    with pytest.raises(BoundError, match="took more than 120 seconds"):
        budget.count("too late")


def packed_msi(files: Files) -> bytes:
    return msi({"a.cab": cab(files)})


@pytest.mark.parametrize(
    ("pack", "times"), [(p, 150) for p in (zipped, tarred, seven, cab, packed_msi, squashfs)] + [(rar, 15)]
)
def test_no_damage_makes_the_reader_fail(pack: Callable[[Files], bytes], times: int) -> None:
    whole, chance = pack(FILES), random.Random(11)
    for _ in range(times):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            # Most damage goes where the structure is: the two ends.
            at = chance.choice(
                [chance.randrange(200), len(data) - 1 - chance.randrange(400), chance.randrange(len(data))]
            )
            data[at] = chance.randrange(256)
        walk = Walk(SETTINGS)
        assert sum(len(member.data) for member in walk.members(bytes(data), "damaged")) <= SETTINGS.max_expanded_bytes
