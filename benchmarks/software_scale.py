"""What asking and storing cost when many packages are registered: `python benchmarks/software_scale.py [WORKS]`.

Members are made up: bytes and lines of their own, TLSH digests those of real files with a third of their codes changed,
so that bands are as unevenly frequent as real ones.
"""

import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.segments.index import RegisterIndex
from matcher.software.payload import ROW, SoftwarePrint, pack, unpack
from matcher.software.storage import columns_of
from matcher.worktypes import KEY_BYTES, Content, Reference
from tests.evaluation.package_corpus import fetch_corpus, innocents
from tests.evaluation.packages import FOLDER, MATCHER

MEMBERS, BATCH, ASKED = 100, 2000, 40


def made_up(seed: int, near: NDArray[np.uint8]) -> SoftwarePrint:
    """A package of members that no other holds."""
    chance = np.random.default_rng(seed)
    rows = np.zeros(MEMBERS, ROW)
    rows["exact"] = rows["text"] = chance.integers(0, 1 << 63, MEMBERS, dtype=np.uint64)
    rows["size"], rows["weight"], rows["has_near"] = 5000, chance.uniform(4, 12, MEMBERS), 1
    digests = near[chance.integers(0, len(near), MEMBERS)].copy()
    changed = chance.random((MEMBERS, 32)) < 1 / 3
    digests[:, 3:][changed] = chance.integers(0, 256, int(changed.sum()))
    rows["near"] = digests
    return SoftwarePrint(rows=rows, paths=tuple(f"src/{n}.c" for n in range(MEMBERS)), identities=(), signers=())


def reference(number: int, near: NDArray[np.uint8]) -> Reference:
    """A made-up package registered."""
    made = pack(made_up(number, near))
    name = str(number)
    return Reference(work_id=WorkId(name), title=name, owner=name, digest=digest_of(made.payload), fingerprint=made)


def main(works: int) -> None:
    """Print sizes and times."""
    corpus = fetch_corpus(FOLDER, print)
    rows = np.concatenate([unpack(each).rows for each in _fingerprints(corpus.registered.values())])
    near = rows["near"][rows["has_near"] == 1]
    large = (data for _, data in innocents(corpus.registered) if len(data) > 20_000)
    others = list(islice(_fingerprints(large), ASKED))
    with tempfile.TemporaryDirectory() as folder:
        index = RegisterIndex(Path(folder), MATCHER.recipe)
        begun = time.process_time()
        with index.writing() as writer:
            for first in range(0, works, BATCH):
                batch = [reference(n, near) for n in range(first, min(works, first + BATCH))]
                writer.change(batch, columns_of, np.empty(0, f"S{KEY_BYTES}"))
        print(f"{works} works of {MEMBERS} members, {len(index.snapshot().segments)} segments", end=": ")
        print(
            f"made in {time.process_time() - begun:.0f} s, {index.stats().bytes / works / MEMBERS:.0f} bytes a member"
        )
        begun = time.process_time()
        references = MATCHER.open(index.snapshot())
        print(f"opened in {1000 * (time.process_time() - begun):.0f} ms")
        copies = [pack(made_up(n * works // ASKED, near)) for n in range(ASKED)]
        for label, queries in (("real packages, unregistered", others), ("copies", copies)):
            spent, found = [], 0
            for query in queries:
                begun = time.process_time()
                found += bool(references.compare(query))
                spent.append(1000 * (time.process_time() - begun))
            members = sum(len(unpack(query)) for query in queries) / len(queries)
            low, high = np.percentile(spent, [50, 95])
            print(
                f"{len(queries)} {label} ({members:.0f} members): {found} found, median {low:.1f} ms, p95 {high:.1f} ms"
            )


def _fingerprints(packages: Iterable[bytes]) -> Iterator[Fingerprint]:
    """Of those packages that have one."""
    made = (MATCHER.fingerprint(Content(data=data, name="x")) for data in packages)
    return (each for each in made if isinstance(each, Fingerprint))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
