"""Recall and false positives of the image matcher beside imagehash and pdqhash, in one run.

`pip install imagehash pdqhash`, then `python benchmarks/image_recall.py PHOTOS [EVERY] [OTHERS_EVERY]`. PHOTOS is a
folder of pictures that show different things. Four of five are registered; of those every EVERY-th is asked for in 31
alterations, and of the others every OTHERS_EVERY-th in three. The peers compare each hash with every registered one, at
the distance their makers name: 31 of 256 bits for PDQ, 10 of 64 for the others. Prints a row for each alteration, the
false positives by verdict, and what a picture costs.
"""

import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import imagehash
import numpy as np
import pdqhash
from numpy.typing import NDArray
from PIL import Image

from config.loading import load_settings
from domain.findings import Verdict
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.image.worktype import ImageMatcher
from matcher.segments.upkeep import open_references
from matcher.worktypes import Content, Reference
from tests.evaluation.image_sources import on_white
from tests.mocksite.pictures import as_jpeg
from tests.support.image_alterations import ALL_ALTERATIONS

SUFFIXES = {".jpg", ".jpeg", ".png"}
REGISTERED_OF = 5
"""Of so many pictures the first is not registered."""
OTHER_FORMS = ("jpeg90", "crop20", "screenshot")

Bits = NDArray[np.uint8]


def read(file: Path) -> Image.Image:
    """A picture on white, at most 1024 pixels a side."""
    return on_white(file.read_bytes())


def _pdq(picture: Image.Image) -> Bits:
    return np.asarray(pdqhash.compute(np.asarray(picture))[0], np.uint8)


PEERS: Mapping[str, tuple[Callable[[Image.Image], Bits], int]] = {
    "pdqhash": (_pdq, 31),
    "phash": (lambda picture: imagehash.phash(picture).hash.ravel().astype(np.uint8), 10),
    "dhash": (lambda picture: imagehash.dhash(picture).hash.ravel().astype(np.uint8), 10),
}


class Run:
    """One register, and what was asked of it."""

    def __init__(self, files: list[Path]) -> None:
        self.matcher = ImageMatcher(load_settings().matcher.image)
        self.times: list[float] = []
        self.wrong: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str, str]] = Counter()
        self.asked = 0
        references, sizes, self.files = [], [], []
        hashes: dict[str, list[Bits]] = {name: [] for name in PEERS}
        for file in files:
            picture = read(file)
            made = self.matcher.fingerprint(Content(data=as_jpeg(picture), name=file.name), registering=True)
            if not isinstance(made, Fingerprint):
                continue
            digest = digest_of(made.payload)
            references.append(Reference(work_id=WorkId(str(file)), title="", owner="", digest=digest, fingerprint=made))
            sizes.append(len(made.payload))
            self.files.append(file)
            for name, (make, _) in PEERS.items():
                hashes[name].append(make(picture))
        self.hashes = {name: np.stack(rows) for name, rows in hashes.items()}
        self.references = open_references(self.matcher, references, Path(tempfile.mkdtemp()))
        print(f"{len(references)} of {len(files)} registered, {statistics.mean(sizes):.0f} bytes each")

    def ask(self, file: Path, picture: Image.Image) -> set[str]:
        """Who finds the picture's own work: ours by verdict, the peers by name; anything found besides is wrong."""
        data = as_jpeg(picture)
        begin = time.thread_time()
        made = self.matcher.fingerprint(Content(data=data, name=file.name))
        found = self.references.compare(made) if isinstance(made, Fingerprint) else ()
        self.times.append(time.thread_time() - begin)
        self.asked += 1
        said = {str(c.verdict) for c in found if c.work_id == str(file)}
        for c in found:
            if c.work_id != str(file):
                self.wrong[str(c.verdict)] += 1
                self.pairs[file.stem, Path(c.work_id).stem, str(c.verdict)] += 1
        own = np.array([other == file for other in self.files])
        for name, (make, limit) in PEERS.items():
            near = (self.hashes[name] != make(picture)).sum(axis=1) <= limit
            said |= {name} if near[own].any() else set()
            self.wrong[name] += int(near[~own].sum())
        return said


def main(folder: Path, every: int, others_every: int) -> None:
    """Ask, count and print."""
    files = sorted(f for f in folder.rglob("*") if f.suffix.lower() in SUFFIXES)
    run = Run([file for n, file in enumerate(files) if n % REGISTERED_OF])
    asked = run.files[::every]
    said: dict[str, Counter[str]] = {name: Counter() for name in ALL_ALTERATIONS}
    for file in asked:
        picture = read(file)
        for name, alter in ALL_ALTERATIONS.items():
            told = run.ask(file, alter(picture, random.Random(f"{file.name} {name}")))
            said[name].update(told | ({"found"} if told & {Verdict.COPY, Verdict.PARTIAL} else set()))
    columns = ("found", str(Verdict.COPY), *PEERS)
    print(f"{'':12}", *(f"{column:>8}" for column in columns))
    for name, counts in said.items():
        print(f"{name:12}", *(f"{counts[column] / len(asked):8.3f}" for column in columns))
    means = [statistics.mean(counts[column] / len(asked) for counts in said.values()) for column in columns]
    print(f"{'mean':12}", *(f"{mean:8.4f}" for mean in means))
    for file in files[::REGISTERED_OF][::others_every]:
        picture = read(file)
        for name in OTHER_FORMS:
            run.ask(file, ALL_ALTERATIONS[name](picture, random.Random(f"{file.name} {name}")))
    print(f"wrong: {dict(run.wrong)} of {run.asked * (len(run.files) - 1)} pairs")
    print(run.pairs.most_common(40))
    times = sorted(1000 * t for t in run.times)
    p95 = times[int(0.95 * len(times))]
    print(f"ms of one core with decoding: median {statistics.median(times):.1f}, p95 {p95:.1f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(a) for a in (*sys.argv[2:4], "1", "1")[:2]))
