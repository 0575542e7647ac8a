"""Software matching on real packages beside plain ways: `python benchmarks/software_accuracy.py [FOLDER]`.

The packages of tests/evaluation/packages.toml are fetched into FOLDER unless they are there. Beside it, in one run, the
Jaccard index of member digests and TLSH of the whole file.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from domain.findings import Verdict
from matcher.software.archives.walk import Walk
from matcher.software.members import digest_members
from matcher.software.tlsh import distance, tlsh
from matcher.worktypes import Content
from tests.evaluation.package_corpus import VENDORED, PackageCorpus, fetch_corpus, innocents
from tests.evaluation.packages import FOLDER, MATCHER, SETTINGS, altered, files_of, register, verdicts
from tests.support.software_alterations import ALTERATIONS

JACCARD, WHOLE_TLSH = 0.5, 100
"""What the peers count as found; no pair of different packages was nearer than 162 in our measurements."""

Verdicts = Callable[[bytes], dict[str, Verdict]]


class Peers:
    """The plain ways: whole files, and sets of member digests."""

    def __init__(self, registered: Mapping[str, bytes]) -> None:
        self._whole = {name: tlsh(data, len(data)) for name, data in registered.items()}
        self._members = {name: self._digests(data) for name, data in registered.items()}

    def jaccard(self, data: bytes) -> list[str]:
        """The registered packages with enough members in common."""
        own = self._digests(data)
        return [n for n, other in self._members.items() if len(own & other) >= JACCARD * len(own | other)]

    def whole(self, data: bytes) -> list[str]:
        """The registered packages that are near as whole files."""
        own = tlsh(data, len(data))
        if own is None:
            return []
        return [n for n, other in self._whole.items() if other is not None and distance(own, other, 999) <= WHOLE_TLSH]

    def _digests(self, data: bytes) -> set[int]:
        return {int(exact) for exact in digest_members(Walk(SETTINGS).members(data, "x")).rows["exact"]}


def main(folder: Path) -> None:
    """Print the tables."""
    corpus = fetch_corpus(folder, print)
    print(f"{len(corpus.registered)} registered, {len(corpus.following)} next versions, corpus {corpus.digest[:12]}")
    peers = Peers(corpus.registered)
    with tempfile.TemporaryDirectory() as cache:
        references = register(corpus.registered, Path(cache))

        def ask(data: bytes) -> dict[str, Verdict]:
            return verdicts(references, data)

        print(f"{'':20} {'copy':>6} {'any':>6} {'Jaccard':>8} {'TLSH':>6} {'wrong':>6} {'queries':>8}")
        for label, alter in ALTERATIONS.items():
            _row(label, altered(corpus.registered, label, alter), ask, peers)
        _row("next version", corpus.following.items(), ask, peers)
        _negatives(corpus.registered, ask, peers)
    _speed(corpus)


def _row(label: str, queries: Iterable[tuple[str, bytes]], ask: Verdicts, peers: Peers) -> None:
    asked = wrong = 0
    counts = [0] * 4
    missed = []
    for name, data in queries:
        found = ask(data)
        right = (found.get(name) is Verdict.COPY, name in found, name in peers.jaccard(data), name in peers.whole(data))
        counts = [count + each for count, each in zip(counts, right, strict=True)]
        wrong += any(verdict is Verdict.COPY and other != name for other, verdict in found.items())
        asked += 1
        if not right[0]:
            missed.append(f"{name} {found.get(name, 'missed')}")
    copy, either, jaccard, whole = (count / asked for count in counts)
    print(f"{label:20} {copy:6.3f} {either:6.3f} {jaccard:8.3f} {whole:6.3f} {wrong:6} {asked:8}  {', '.join(missed)}")


def _negatives(registered: Mapping[str, bytes], ask: Verdicts, peers: Peers) -> None:
    packages = pairs = copies = parts = jaccard = whole = 0
    for name, data in innocents(registered):
        allowed = VENDORED.get(name, set())
        found = {work: verdict for work, verdict in ask(data).items() if work not in allowed}
        packages += 1
        pairs += len(registered) - len(allowed & registered.keys())
        copies += sum(verdict is Verdict.COPY for verdict in found.values())
        parts += sum(verdict is Verdict.PARTIAL for verdict in found.values())
        jaccard += len(set(peers.jaccard(data)) - allowed)
        whole += len(set(peers.whole(data)) - allowed)
        if found:
            print(f"  {name}: {', '.join(f'{work} {verdict}' for work, verdict in found.items())}")
    print(f"{packages} other packages, {pairs} pairs: {copies} called copies, {parts} for review")
    print(f"  of the same pairs Jaccard names {jaccard}, TLSH {whole}")


def _speed(corpus: PackageCorpus) -> None:
    """Megabytes a second of process time, the best of three passes, for deflate (wheels) and xz (Debian packages)."""
    every = [*corpus.registered.values(), *corpus.following.values()]
    for label, mark in (("wheels", b"PK"), ("Debian packages", b"!<arch>")):
        packages = [data for data in every if data.startswith(mark)]
        size = sum(map(len, packages)) / 1e6
        unpacked = sum(len(data) for package in packages for data in files_of(package).values()) / 1e6
        spent = [0.0, 0.0]
        for data in packages:
            spent[0] += _best(lambda data=data: MATCHER.fingerprint(Content(data=data, name="x")))
            spent[1] += _best(lambda data=data: [None for _ in Walk(SETTINGS).members(data, "x")])
        whole, walk = (f"{size / each:.0f} MB of archive/s ({unpacked / each:.0f} unpacked)" for each in spent)
        print(f"{len(packages)} {label}, {size:.1f} MB, {unpacked:.1f} unpacked: {whole}; unpacking alone {walk}")


def _best(work: Callable[[], object]) -> float:
    spent = []
    for _ in range(3):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return min(spent)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
