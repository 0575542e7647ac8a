"""Accuracy and speed of software matching on real packages: `python benchmarks/software_accuracy.py [FOLDER]`.

Downloads seven wheels in two versions (pip) and four Debian packages (apt-get) into FOLDER, unless they are there.
Beside it, as peers, the Jaccard index of member digests and TLSH of the whole file.
"""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from config.loading import load_settings
from domain.findings import Verdict
from domain.fingerprints import Abstention
from domain.ids import WorkId, digest_of
from matcher.segments.upkeep import open_references
from matcher.software.archives.walk import Walk
from matcher.software.members import digest_members
from matcher.software.tlsh import distance, tlsh
from matcher.software.worktype import SoftwareMatcher
from matcher.worktypes import Content, Reference
from tests.matcher.software.packing import Files, zipped
from tests.support.software_alterations import ALTERATIONS

VERSIONS = {
    "requests": ("2.31.0", "2.32.3"),
    "flask": ("3.0.0", "3.0.3"),
    "click": ("8.1.7", "8.1.8"),
    "jinja2": ("3.1.3", "3.1.4"),
    "rich": ("13.7.0", "13.7.1"),
    "pygments": ("2.17.2", "2.18.0"),
    "networkx": ("3.2", "3.2.1"),
}
DEBIAN = ("tree", "jq", "htop", "nano")
JACCARD, WHOLE_TLSH = 0.5, 100
"""What the peers count as found; no pair of different packages was nearer than 162 in our measurements."""
LARGEST = 20_000_000
MANY_DRAWS = 5
"""Random subsets drawn of each package."""
VENDORED = {"pip": {"requests", "rich", "pygments"}}
"""Packages that hold registered ones whole: to find these in them is right."""
SETTINGS = load_settings().matcher.software
MATCHER = SoftwareMatcher(SETTINGS)


def download(folder: Path) -> None:
    """Fetch what is not there yet."""
    for name, versions in VERSIONS.items():
        for version in versions:
            if not list(folder.glob(f"{name}-{version}-*")):
                pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", f"{name}=={version}")
                subprocess.run(pip, cwd=folder, check=True)
                for path in folder.glob("[A-Z]*.whl"):
                    path.rename(folder / path.name.lower())
    missing = [name for name in DEBIAN if not list(folder.glob(f"{name}_*.deb"))]
    if missing:
        subprocess.run(("apt-get", "download", *missing), cwd=folder, check=True, capture_output=True)


def files_of(data: bytes) -> Files:
    """The members of a package."""
    return {member.path: member.data for member in Walk(SETTINGS).members(data, "package")}


def installed() -> Iterator[tuple[str, bytes]]:
    """The other distributions of this environment but the largest, as ZIP files."""
    for each in distributions():
        name = each.metadata["Name"].lower()
        files = dict(_contents(each)) if name not in VERSIONS else {}
        if files and sum(len(data) for data in files.values()) <= LARGEST:
            yield name, zipped(files)


def _contents(distribution: Distribution) -> Iterator[tuple[str, bytes]]:
    for file in distribution.files or ():
        path = Path(str(file.locate()))
        if path.is_file() and path.suffix != ".pyc":
            yield str(file), path.read_bytes()


class Peers:
    """The plain ways: whole files, and sets of member digests."""

    def __init__(self, registered: dict[str, bytes]) -> None:
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
    download(folder)
    registered = {name: next(folder.glob(f"{name}-{old}-*")).read_bytes() for name, (old, _) in VERSIONS.items()}
    following = {name: next(folder.glob(f"{name}-{new}-*")).read_bytes() for name, (_, new) in VERSIONS.items()}
    registered |= {name: next(folder.glob(f"{name}_*.deb")).read_bytes() for name in DEBIAN}
    peers = Peers(registered)

    with tempfile.TemporaryDirectory() as cache:
        references = open_references(
            MATCHER, [_reference(name, data) for name, data in registered.items()], Path(cache)
        )

        def verdicts(data: bytes) -> dict[str, Verdict]:
            made = MATCHER.fingerprint(Content(data=data, name="query"))
            return {} if isinstance(made, Abstention) else {c.work_id: c.verdict for c in references.compare(made)}

        print(f"{'':20} {'copy':>6} {'any':>6} {'Jaccard':>8} {'TLSH':>6} {'wrong':>6} {'queries':>8}")
        chance = random.Random(1)
        for label, alter in ALTERATIONS.items():
            draws = MANY_DRAWS if label == "60 % of files" else 1
            queries = [(n, alter(files_of(d), chance)) for n, d in registered.items() for _ in range(draws)]
            _row(label, queries, verdicts, peers)
        _row("next version", list(following.items()), verdicts, peers)
        _negatives(registered, verdicts, peers)
    _speed([*registered.values(), *following.values()])


def _reference(name: str, data: bytes) -> Reference:
    made = MATCHER.fingerprint(Content(data=data, name=name), registering=True)
    if isinstance(made, Abstention):
        raise SystemExit(f"{name}: {made.reason.sentence('en')}")
    return Reference(work_id=WorkId(name), title=name, owner=name, digest=digest_of(data), fingerprint=made)


def _row(
    label: str, queries: list[tuple[str, bytes]], verdicts: Callable[[bytes], dict[str, Verdict]], peers: Peers
) -> None:
    found = [(name, verdicts(data)) for name, data in queries]
    copies = sum(each.get(name) is Verdict.COPY for name, each in found)
    either = sum(name in each for name, each in found)
    wrong = sum(v is Verdict.COPY and other != name for name, each in found for other, v in each.items())
    jaccard = sum(name in peers.jaccard(data) for name, data in queries)
    whole = sum(name in peers.whole(data) for name, data in queries)
    shares = [n / len(queries) for n in (copies, either, jaccard, whole)]
    print(f"{label:20} {shares[0]:6.2f} {shares[1]:6.2f} {shares[2]:8.2f} {shares[3]:6.2f} {wrong:6} {len(queries):8}")


def _negatives(registered: dict[str, bytes], verdicts: Callable[[bytes], dict[str, Verdict]], peers: Peers) -> None:
    pairs = copies = parts = jaccard = whole = 0
    for name, data in installed():
        allowed = VENDORED.get(name, set())
        found = {work: verdict for work, verdict in verdicts(data).items() if work not in allowed}
        pairs += len(registered) - len(allowed)
        copies += sum(verdict is Verdict.COPY for verdict in found.values())
        parts += sum(verdict is Verdict.PARTIAL for verdict in found.values())
        jaccard += len(set(peers.jaccard(data)) - allowed)
        whole += len(set(peers.whole(data)) - allowed)
        if found:
            print(f"  {name}: {', '.join(f'{work} {verdict}' for work, verdict in found.items())}")
    print(f"{pairs} pairs with other packages: {copies} called copies, {parts} for review")
    print(f"  of the same pairs Jaccard names {jaccard}, TLSH {whole}")


def _speed(packages: list[bytes]) -> None:
    contents = [Content(data=data, name="x") for data in packages]
    size = sum(len(data) for data in packages) / 1e6
    unpacked = sum(len(data) for package in packages for data in files_of(package).values()) / 1e6
    begun = time.process_time()
    for content in contents:
        MATCHER.fingerprint(content)
    seconds = time.process_time() - begun
    print(
        f"{size:.1f} MB of archives, {unpacked:.1f} MB unpacked: {size / seconds:.0f} and {unpacked / seconds:.0f} MB/s"
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as made:
            main(Path(made))
