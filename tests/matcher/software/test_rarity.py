"""Who else holds a member is found by look-ups as a pass over all members finds it."""

import random
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from config.loading import load_settings
from domain.ids import WorkId, digest_of
from matcher.segments.index import RegisterIndex
from matcher.software.archives.walk import Member
from matcher.software.members import digest_members
from matcher.software.payload import SoftwarePrint, pack, unpack
from matcher.software.rarity import Rarity
from matcher.software.storage import Packages, columns_of, owner_number
from matcher.software.tlsh import asked_terms, band_terms, distance
from matcher.worktypes import KEY_BYTES, Reference
from tests.matcher.software.test_tlsh import text

NEAR = load_settings().matcher.software.near_distance
CHANCE = random.Random(6)


def variants(data: bytes) -> list[bytes]:
    """The same lines with other ends, a changed place, more and less of it, and much changed."""
    half = len(data) // 2
    return [
        data,
        data.replace(b"\n", b"\r\n"),
        data[:300] + b"changed" + data[310:],
        data + data[: half // 3],
        data[: half + 200],
        data[:half] + bytes(reversed(data[half:])),
    ]


POOL = [each for seed in range(5) for each in variants(text(seed).replace(b" a", b"\n"))]
POOL += [CHANCE.randbytes(2000) for _ in range(4)] + [b"short text\n" * 5, b"short text\r\n" * 5]

member = st.integers(0, len(POOL) - 1)
# A licence weighs nothing wherever it stands, and is near nothing.
path = st.sampled_from(["a.c", "b.c", "LICENSE"])
work = st.tuples(
    st.sampled_from(["one", "two", "three", ""]), st.lists(st.tuples(path, member), min_size=1, max_size=6)
)


def reference(number: int, owner: str, files: list[tuple[str, int]]) -> Reference:
    members = (Member(f"{n}/{name}", POOL[which]) for n, (name, which) in enumerate(files))
    made = pack(digest_members(members))
    return Reference(
        work_id=WorkId(str(number)), title="t", owner=owner, digest=digest_of(made.payload), fingerprint=made
    )


def holds(mine: SoftwarePrint, i: int, theirs: SoftwarePrint) -> bool:
    """Whether a package holds member `i` of another, by a look at every member."""
    row = mine.rows[i]
    if row["exact"] in theirs.rows["exact"] or row["text"] in theirs.rows["text"]:
        return True
    asked = asked_terms(row["near"][None])[0]
    return any(
        row["has_near"] and other["has_near"] and row["weight"] > 0 and other["weight"] > 0
        and np.isin(band_terms(other["near"][None])[0], asked).any()
        and distance(row["near"], other["near"], NEAR) <= NEAR
        for other in theirs.rows
    )  # fmt: skip


@given(works=st.lists(work, min_size=1, max_size=7), gone=work, first=st.integers(0, 7))
@settings(max_examples=25, deadline=None)
def test_look_ups_find_what_a_pass_over_everything_finds(
    works: list[tuple[str, list[tuple[str, int]]]], gone: tuple[str, list[tuple[str, int]]], first: int
) -> None:
    references = [reference(n, *each) for n, each in enumerate(works)]
    removed = reference(99, *gone)
    prints = [unpack(each.fingerprint) for each in references]
    with tempfile.TemporaryDirectory() as folder:
        index = RegisterIndex(Path(folder), "test")
        with index.writing() as writer:
            none = np.empty(0, f"S{KEY_BYTES}")
            writer.change([*references[:first], removed], columns_of, none)
            writer.change(references[first:], columns_of, np.array([removed.key], none.dtype))
        snapshot = index.snapshot()
        rarity = Rarity(Packages(snapshot), NEAR)
        assert len(snapshot) == len(references)
        for number in range(snapshot.size):
            if snapshot.removed[number]:
                continue
            mine = int(snapshot.reference(number).work_id)
            owner, package = references[mine].owner, prints[mine]
            others = [p for r, p in zip(references, prints, strict=True) if r.owner != owner]
            expected = [any(holds(package, i, other) for other in others) for i in range(len(package))]
            assert list(rarity.held_by_others(package.rows, owner_number(owner))) == expected
            # Every member of a registered work stands in one owner's work at least.
            assert list(rarity.of_several(package.rows)) == expected
