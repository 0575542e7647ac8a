"""The evaluation of software: real packages altered as pirates do, their next versions, and what else is installed."""

import random
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from config.loading import load_settings
from domain.findings import Verdict
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.segments.upkeep import open_references
from matcher.software.archives.walk import Walk
from matcher.software.worktype import SoftwareMatcher
from matcher.worktypes import Content, Reference, References
from tests.evaluation.package_corpus import VENDORED, PackageCorpus, Say, fetch_corpus, innocents
from tests.evaluation.report import Evaluation, Transformation
from tests.evaluation.software_corpus import make_corpus
from tests.matcher.software.packing import Files, zipped
from tests.support.data import ROOT
from tests.support.software_alterations import ALTERATIONS, Alteration

FOLDER = ROOT / "var" / "evaluation" / "packages"
FEWEST = 20
"""Real packages that must be had; with fewer, made-up programs are measured instead."""
DRAWS = {"60 % of files": 5}
"""How often an alteration is drawn for each package; the others once."""
SETTINGS = load_settings().matcher.software
MATCHER = SoftwareMatcher(SETTINGS)


def evaluate(_data: Path, say: Say) -> Evaluation:
    """*Copy* for any work but the right one, or on a negative, is wrong."""
    corpus = fetch_corpus(FOLDER, say)
    if len(corpus.registered) < FEWEST:
        say(f"software: only {len(corpus.registered)} real packages can be had, so made-up ones are measured")
        made = make_corpus()
        corpus = PackageCorpus(
            registered={name: zipped(files) for name, files in made.registered.items()},
            following={name: zipped(files) for name, files in made.following.items()},
        )
    with tempfile.TemporaryDirectory() as folder:
        references = register(corpus.registered, Path(folder))
        transformations = []
        for name, alter in ALTERATIONS.items():
            say(f"software: {name}")
            transformations.append(_transformation(name, altered(corpus.registered, name, alter), references))
        transformations.append(_transformation("next version", corpus.following.items(), references))
        say("software: negatives")
        pairs, copies, reviewed = _negatives(corpus.registered, references, say)
        say(f"software: {copies} copies and {reviewed} for review in {pairs} pairs")
    return Evaluation(
        type="software",
        corpus_digest=corpus.digest,
        pairs=pairs,
        false_positives=copies,
        transformations=tuple(transformations),
        speed=_speed([*corpus.registered.values(), *corpus.following.values()]),
        unit="MB of archive/s",
    )


def register(packages: Mapping[str, bytes], folder: Path) -> References:
    """The packages registered, each its own owner's."""
    references = []
    for name, data in packages.items():
        made = MATCHER.fingerprint(Content(data=data, name=name), registering=True)
        assert isinstance(made, Fingerprint), name
        references.append(
            Reference(work_id=WorkId(name), title=name, owner=name, digest=digest_of(data), fingerprint=made)
        )
    return open_references(MATCHER, references, folder)


def altered(packages: Mapping[str, bytes], name: str, alter: Alteration) -> Iterator[tuple[str, bytes]]:
    """Each package altered, with its name."""
    chance = random.Random(2)
    for package, data in packages.items():
        for _ in range(DRAWS.get(name, 1)):
            yield package, alter(files_of(data), chance)


def files_of(data: bytes) -> Files:
    """The members of a package."""
    return {member.path: member.data for member in Walk(SETTINGS).members(data, "package")}


def verdicts(references: References, data: bytes) -> dict[str, Verdict]:
    """What is said of each registered package."""
    made = MATCHER.fingerprint(Content(data=data, name="query"))
    return {c.work_id: c.verdict for c in references.compare(made)} if isinstance(made, Fingerprint) else {}


def _transformation(name: str, queries: Iterable[tuple[str, bytes]], references: References) -> Transformation:
    asked = named = partial = wrong = 0
    for package, data in queries:
        said = verdicts(references, data)
        copies = {work for work, verdict in said.items() if verdict is Verdict.COPY}
        asked += 1
        named += package in copies
        partial += said.get(package) is Verdict.PARTIAL
        wrong += bool(copies - {package})
    return Transformation(name=name, queries=asked, copies=named, partial=partial, wrong=wrong)


def _negatives(registered: Mapping[str, bytes], references: References, say: Say) -> tuple[int, int, int]:
    """Pairs, those called copies, and those left for review."""
    pairs = copies = reviewed = 0
    for name, data in innocents(registered):
        allowed = VENDORED.get(name, set())
        said = {work: verdict for work, verdict in verdicts(references, data).items() if work not in allowed}
        pairs += len(registered) - len(allowed & registered.keys())
        copies += sum(verdict is Verdict.COPY for verdict in said.values())
        reviewed += sum(verdict is Verdict.PARTIAL for verdict in said.values())
        if said:
            say(f"software: {name}: {', '.join(f'{work} {verdict}' for work, verdict in said.items())}")
    return pairs, copies, reviewed


def _speed(packages: list[bytes]) -> float:
    """Megabytes of archive fingerprinted in a second of one core."""
    begun = time.process_time()
    for data in packages:
        MATCHER.fingerprint(Content(data=data, name="x"))
    return sum(map(len, packages)) / 1e6 / (time.process_time() - begun)
