"""Recall and false positives of the image matcher beside imagehash and pdqhash, in one run.

`pip install imagehash pdqhash`, then `python benchmarks/image_recall.py PHOTOS [EVERY] [FORMS]`. PHOTOS is a folder of
pictures that show different things; the photographs of the evaluation (`tests/evaluation/image_sources.py`) join them.
Four of five are registered; of those every EVERY-th is asked for in 31 alterations, and every one of the others in the
first FORMS of them. The peers compare each hash with every registered one, at the distance their makers name: 31 of
256 bits for PDQ, 10 of 64 for the others. A negative pair is an asked picture, altered, and a registered one that it
was not made of. Prints a row for each alteration, the false positives by verdict, and what a picture costs.
"""

import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import imagehash
import numpy as np
import pdqhash
from numpy.typing import NDArray
from PIL import Image

from config.loading import load_settings
from domain.findings import Verdict
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.image.decode import decode
from matcher.image.worktype import ImageMatcher
from matcher.segments.upkeep import open_references
from matcher.worktypes import Content, Reference
from tests.evaluation.image_sources import Picture, on_white, photographs, without_duplicates
from tests.mocksite.pictures import as_jpeg
from tests.support.data import data_folder
from tests.support.image_alterations import ALL_ALTERATIONS

SUFFIXES = {".jpg", ".jpeg", ".png"}
REGISTERED_OF = 5
"""Of so many pictures the first is not registered."""
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

    def __init__(self, pictures: list[Picture]) -> None:
        self.settings = load_settings().matcher.image
        self.matcher = ImageMatcher(self.settings)
        self.spent: list[float] = []
        self.wrong: Counter[str] = Counter()
        self.named: Counter[tuple[str, str, str]] = Counter()
        self.pairs = 0
        references, sizes, self.names = [], [], []
        hashes: dict[str, list[Bits]] = {name: [] for name in PEERS}
        for picture in pictures:
            shown = picture.image()
            made = self.matcher.fingerprint(Content(data=as_jpeg(shown), name=picture.name), registering=True)
            if not isinstance(made, Fingerprint):
                continue
            digest, work = digest_of(made.payload), WorkId(picture.name)
            references.append(Reference(work_id=work, title="", owner="", digest=digest, fingerprint=made))
            sizes.append(len(made.payload))
            self.names.append(picture.name)
            for name, (make, _) in PEERS.items():
                hashes[name].append(make(shown))
        self.hashes = {name: np.stack(rows) for name, rows in hashes.items()}
        self.references = open_references(self.matcher, references, Path(tempfile.mkdtemp()))
        print(f"{len(references)} of {len(pictures)} registered, {statistics.mean(sizes):.0f} bytes each", flush=True)

    def ask(self, name: str, shown: Image.Image) -> set[str]:
        """Who finds the picture's own work: ours by verdict, the peers by name; anything found besides is wrong."""
        data = as_jpeg(shown)
        begin = time.thread_time()
        decode(data, self.settings)
        decoded = time.thread_time()
        made = self.matcher.fingerprint(Content(data=data, name=name))
        found = self.references.compare(made) if isinstance(made, Fingerprint) else ()
        self.spent.append(time.thread_time() - decoded - (decoded - begin))
        own = np.array([other == name for other in self.names])
        self.pairs += int(np.count_nonzero(~own))
        for c in found:
            if c.work_id != name:
                self.wrong[str(c.verdict)] += 1
                self.named[name, c.work_id, str(c.verdict)] += 1
        said = {str(c.verdict) for c in found if c.work_id == name}
        for peer, (make, limit) in PEERS.items():
            near = (self.hashes[peer] != make(shown)).sum(axis=1) <= limit
            said |= {peer} if near[own].any() else set()
            self.wrong[peer] += int(near[~own].sum())
        return said

    def say_wrong(self, of: str) -> None:
        """Print what was said of other works so far."""
        print(f"wrong among {of}: {dict(self.wrong)} of {self.pairs} pairs")
        print(self.named.most_common(20), flush=True)


def gathered(folder: Path) -> list[Picture]:
    """The pictures of a folder and the photographs of the evaluation, each once, in the order of their names."""
    files = sorted(f for f in folder.rglob("*") if f.suffix.lower() in SUFFIXES)
    found = [Picture(name=file.stem, series="photos", read=file.read_bytes) for file in files]
    data, missing = data_folder(), list[str]()
    # Not the stills: two of them are of one film.
    found += [p for p in photographs(data, missing) if p.series != "film"] if data else []
    print(f"not on this machine: {missing}" if missing else f"{len(found)} photographs")
    return without_duplicates(found)


def main(folder: Path, every: int, forms: int) -> None:
    """Ask, count and print."""
    cv2.setNumThreads(1)
    pictures = gathered(folder)
    run = Run([picture for n, picture in enumerate(pictures) if n % REGISTERED_OF])
    asked = [picture for picture in pictures if picture.name in set(run.names)][::every]
    said: dict[str, Counter[str]] = {name: Counter() for name in ALL_ALTERATIONS}
    for picture in asked:
        shown = picture.image()
        for name, alter in ALL_ALTERATIONS.items():
            told = run.ask(picture.name, alter(shown, random.Random(f"{picture.name} {name}")))
            said[name].update(told | ({"found"} if told & {Verdict.COPY, Verdict.PARTIAL} else set()))
    columns = ("found", str(Verdict.COPY), *PEERS)
    print(f"{len(asked)} asked for in each:")
    print(f"{'':12}", *(f"{column:>8}" for column in columns))
    for name, counts in said.items():
        print(f"{name:12}", *(f"{counts[column] / len(asked):8.3f}" for column in columns))
    means = [statistics.mean(counts[column] / len(asked) for counts in said.values()) for column in columns]
    print(f"{'mean':12}", *(f"{mean:8.4f}" for mean in means))
    run.say_wrong("copies")
    for picture in pictures[::REGISTERED_OF]:
        shown = picture.image()
        for name, alter in list(ALL_ALTERATIONS.items())[:forms]:
            run.ask(picture.name, alter(shown, random.Random(f"{picture.name} {name}")))
    run.say_wrong("all")
    spent = sorted(1000 * t for t in run.spent)
    p95 = spent[int(0.95 * len(spent))]
    print(f"ms of one core after decoding: mean {statistics.mean(spent):.1f}, p95 {p95:.1f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int((sys.argv[2:] or ["1"])[0]), int((sys.argv[3:] or ["31"])[0]))
