"""A work type of nothing but terms, and what an index of it must answer, found the slow way."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.segments.columns import Columns
from matcher.segments.index import RegisterIndex
from matcher.segments.snapshot import Snapshot
from matcher.segments.terms import SegmentedTerms
from matcher.segments.upkeep import Changes, Fetch, File, bring_up
from matcher.terms import LocalTermIndex
from matcher.worktypes import Reference

RECIPE = "toy@1"
Register = Mapping[str, tuple[str, tuple[int, ...]]]
"""Work id → its title and its terms."""
Place = tuple[str, int]


def reference(work_id: str, title: str, terms: Sequence[int]) -> Reference:
    """Work `work_id`, whose payload is its terms; each stands at the position of its number."""
    return Reference(
        work_id=WorkId(work_id),
        title=title,
        owner=f"owner of {work_id}",
        digest=digest_of(repr(terms).encode()),
        fingerprint=Fingerprint(kind="toy", version=1, payload=np.array(terms, "<u8").tobytes()),
    )


def references(register: Register) -> dict[File, Reference]:
    made = [reference(work_id, title, terms) for work_id, (title, terms) in register.items()]
    return {(r.work_id, r.digest): r for r in made}


def fetching(register: Register) -> Fetch:
    """What stands for the records."""
    known = references(register)

    def fetch(files: Sequence[File]) -> Iterator[Reference]:
        return (known[file] for file in files if file in known)

    return fetch


def columns(made_of: Sequence[Reference]) -> Columns:
    """The `make` of the toy."""
    each = [np.frombuffer(r.fingerprint.payload, "<u8") for r in made_of]
    owners = np.repeat(np.arange(len(each), dtype=np.uint32), [terms.size for terms in each])
    positions = np.concatenate([np.arange(terms.size, dtype=np.uint32) for terms in each])
    return LocalTermIndex.build(np.concatenate(each), owners, positions).columns("toy")


def become(folder: Path, register: Register) -> Changes:
    """Make the index in `folder` that of `register`."""
    wanted = [(r.key, file) for file, r in references(register).items()]
    with RegisterIndex(folder, RECIPE).writing() as writer:
        return bring_up(writer, wanted, fetching(register), columns, verify=True)


def answers(snapshot: Snapshot, wanted: Sequence[int], limit: int) -> list[tuple[int, Place]]:
    """What the index says: number of the term asked for, and work and position where it stands."""
    hits = SegmentedTerms(snapshot, "toy").lookup(np.array(wanted, np.uint64), limit)
    rows = zip(hits.query.tolist(), hits.owner.tolist(), hits.position.tolist(), strict=True)
    return sorted((query, (snapshot.reference(owner).work_id, position)) for query, owner, position in rows)


def expected(register: Register, wanted: Sequence[int], limit: int) -> list[tuple[int, Place]]:
    """What it must say."""
    found: list[tuple[int, Place]] = []
    for number, term in enumerate(wanted):
        places = [(work, n) for work, (_, terms) in register.items() for n, t in enumerate(terms) if t == term]
        if len(places) <= limit:
            found += [(number, place) for place in places]
    return sorted(found)


def held(snapshot: Snapshot) -> dict[str, str]:
    """Work id → title of every reference that is there."""
    there = [snapshot.reference(n) for n in range(snapshot.size) if not snapshot.removed[n]]
    return {r.work_id: r.title for r in there}
