"""Fingerprints depend on bytes only: not on the process, the name, the call before or the number of threads.

What may depend on more does so on purpose: the declared type, charset and file ending tell how text is to be read.
"""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, seed, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from config.loading import load_settings
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.image.pdq import pdq
from matcher.segments.upkeep import open_references
from matcher.software.payload import unpack
from matcher.worktypes import Content, Example, Reference, WorkTypeMatcher
from monitor.matchers import matchers_of
from tests.matcher.hostile.depth import EXAMPLES
from tests.mocksite.pictures import drawing

SETTINGS = load_settings().matcher
MATCHERS = matchers_of(SETTINGS)
DIGESTS = """
import json
from config.loading import load_settings
from monitor.matchers import matchers_of
told = {}
for matcher in matchers_of(load_settings().matcher):
    for number, example in enumerate(matcher.examples()):
        for registering in (False, True):
            for content in (example.registered, example.query):
                made = matcher.fingerprint(content, registering=registering)
                told[f"{matcher.kind} {number} {registering} {content.name}"] = getattr(made, "digest", str(made))
print(json.dumps(told))
"""


@cache
def digests(threads: int, hashing: int) -> dict[str, str]:
    """The digests of all examples' fingerprints in a process of its own."""
    variables = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "MKL_NUM_THREADS")
    environment = os.environ | dict.fromkeys(variables, str(threads)) | {"PYTHONHASHSEED": str(hashing)}
    done = subprocess.run([sys.executable, "-c", DIGESTS], env=environment, capture_output=True, check=True, text=True)
    told: dict[str, str] = json.loads(done.stdout)
    return told


def test_other_processes_with_other_threads_and_hashes_make_the_same_fingerprints() -> None:
    assert len(digests(1, 0)) > 20
    assert digests(1, 0) == digests(2, 1)


WHOLES = [
    pytest.param(matcher, content, id=f"{matcher.kind}-{content.name}")
    for matcher in MATCHERS
    for pair in matcher.examples()
    if pair.verdict == "copy"
    for content in (pair.registered, pair.query)
]
EXAMPLE_PAIRS = [
    pytest.param(matcher, pair, id=f"{matcher.kind}-{pair.query.name}")
    for matcher in MATCHERS
    for pair in matcher.examples()
]


@pytest.mark.parametrize(("matcher", "pair"), EXAMPLE_PAIRS)
def test_the_name_before_the_ending_makes_no_difference(matcher: WorkTypeMatcher, pair: Example) -> None:
    content = pair.registered
    ending = content.name.rpartition(".")[2]
    renamed = Content(
        data=content.data, name=f"另一个/名字.{ending}", media_type=content.media_type, charset=content.charset
    )
    first, second = matcher.fingerprint(content), matcher.fingerprint(renamed)
    if matcher.kind != "software":
        assert first == second
        return
    # The only path of a file that is no package is its own name.
    assert isinstance(first, Fingerprint)
    assert isinstance(second, Fingerprint)
    assert unpack(first).rows.tobytes() == unpack(second).rows.tobytes()


UNMIRRORED = 12
"""Bits by which the distances of two pictures may differ, asked one way or the other; ten were seen."""


def grey(seed: int, turns: int, mirrored: bool, noise: int) -> NDArray[np.uint8]:
    picture = np.rot90(np.asarray(drawing(seed).convert("L"), np.int16), turns)
    rough = picture[:, ::-1] if mirrored else picture
    rough = rough + np.random.default_rng(seed).integers(-noise, noise + 1, rough.shape)
    return np.ascontiguousarray(rough.clip(0, 255).astype(np.uint8))


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 3), st.booleans(), st.integers(0, 60))
@example(1, 1, 1, True, 5)
@settings(max_examples=EXAMPLES)
@seed(1)
def test_two_pictures_are_near_each_other_both_ways(
    one: int, other: int, turns: int, mirrored: bool, noise: int
) -> None:
    """By the least distance over eight orientations, but for the bits of PDQ's samples that do not mirror exactly."""
    first, second = pdq(grey(one, 0, False, 0))[0], pdq(grey(other, turns, mirrored, noise))[0]
    there = min(int(np.bitwise_count(first[0] ^ turned).sum()) for turned in second)
    back = min(int(np.bitwise_count(second[0] ^ turned).sum()) for turned in first)
    bound = SETTINGS.image.pdq_distance
    assert back <= bound or there > bound - UNMIRRORED
    assert there <= bound or back > bound - UNMIRRORED
    if one == other and noise < 6:
        # A mirrored picture of few pixels lies up to 32 bits off one way; features find it all the same.
        assert min(there, back) <= bound


@pytest.mark.parametrize(("matcher", "content"), WHOLES)
def test_the_same_content_is_a_copy_whichever_side_is_registered(
    matcher: WorkTypeMatcher, content: Content, tmp_path: Path
) -> None:
    """Other pairs need not be alike both ways: a chapter is a copy of its book, which is more than that chapter."""
    made, kept = (matcher.fingerprint(content, registering=registering) for registering in (False, True))
    assert isinstance(made, Fingerprint)
    assert isinstance(kept, Fingerprint)
    reference = Reference(work_id=WorkId("w"), title="w", owner="o", digest=digest_of(content.data), fingerprint=kept)
    found = open_references(matcher, [reference], tmp_path).compare(made)
    assert [(each.work_id, each.verdict) for each in found] == [("w", "copy")]
