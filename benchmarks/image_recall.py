"""Recall and false positives of the image matcher: `python benchmarks/image_recall.py PHOTOS [EVERY] [OTHERS_EVERY]`.

PHOTOS is a folder of pictures that show different things. Four of five are registered; of those every EVERY-th is
asked for in 31 alterations, and of the others every OTHERS_EVERY-th as it is. As the peer, the verdicts that PDQ alone
gives in the same run. Prints a row for each alteration, the false positives by verdict, and what a picture costs.
"""

import io
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from PIL import Image

from config.loading import load_settings
from domain.findings import Verdict
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.image.worktype import ImageMatcher
from matcher.segments.upkeep import open_references
from matcher.worktypes import Content, Reference
from tests.support.image_alterations import ALL_ALTERATIONS

SUFFIXES = {".jpg", ".jpeg", ".png"}
QUALITY = 90
REGISTERED_OF = 5
"""Of so many pictures the first is not registered."""


def read(file: Path) -> Image.Image:
    """A picture on white, at most 1024 pixels a side."""
    with Image.open(file) as opened:
        picture = opened.convert("RGBA")
    picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    picture.thumbnail((1024, 1024))
    return picture


def content(name: str, picture: Image.Image) -> Content:
    """The picture as a JPEG file."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return Content(data=out.getvalue(), name=f"{name}.jpg")


class Run:
    """One register, and what was asked of it."""

    def __init__(self, files: list[Path]) -> None:
        self.matcher = ImageMatcher(load_settings().matcher.image)
        self.files = files
        self.times: list[float] = []
        self.wrong: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str, str]] = Counter()
        self.asked = 0
        references, sizes = [], []
        for file in files:
            made = self.matcher.fingerprint(content(file.stem, read(file)), registering=True)
            if isinstance(made, Fingerprint):
                digest = digest_of(made.payload)
                references.append(
                    Reference(work_id=WorkId(str(file)), title="", owner="", digest=digest, fingerprint=made)
                )
                sizes.append(len(made.payload))
        self.references = open_references(self.matcher, references, Path(tempfile.mkdtemp()))
        self.known = {reference.work_id for reference in references}
        print(f"{len(references)} of {len(files)} registered, {statistics.mean(sizes):.0f} bytes each")

    def ask(self, file: Path, picture: Image.Image) -> tuple[str, str]:
        """Verdict on the picture's own work, and the method; anything found besides is wrong."""
        asked = content(file.stem, picture)
        begin = time.thread_time()
        made = self.matcher.fingerprint(asked)
        found = self.references.compare(made) if isinstance(made, Fingerprint) else ()
        self.times.append(time.thread_time() - begin)
        self.asked += 1
        for c in found:
            if c.work_id != str(file):
                self.wrong[str(c.verdict)] += 1
                self.pairs[file.stem, Path(c.work_id).stem, str(c.verdict)] += 1
        return next(((str(c.verdict), c.method) for c in found if c.work_id == str(file)), ("", ""))


def main(folder: Path, every: int, others_every: int) -> None:
    """Ask, count and print."""
    files = sorted(f for f in folder.rglob("*") if f.suffix.lower() in SUFFIXES)
    run = Run([file for n, file in enumerate(files) if n % REGISTERED_OF])
    rows = []
    for name, alter in ALL_ALTERATIONS.items():
        chance = random.Random(7)
        asked = [f for f in run.files[::every] if str(f) in run.known]
        said = Counter(run.ask(file, alter(read(file), chance)) for file in asked)
        copy = sum(n for (verdict, _), n in said.items() if verdict == Verdict.COPY)
        partial = sum(n for (verdict, _), n in said.items() if verdict == Verdict.PARTIAL)
        pdq = sum(n for (_, method), n in said.items() if method in {"pdq", "sha256"})
        rows.append((copy / len(asked), (copy + partial) / len(asked)))
        print(f"{name:12} found {rows[-1][1]:.3f}  copy {rows[-1][0]:.3f}  pdq {pdq / len(asked):.3f}", flush=True)
    for file in files[::REGISTERED_OF][::others_every]:
        run.ask(file, read(file))
    print("mean found, copy:", [round(statistics.mean(column), 4) for column in zip(*rows, strict=True)][::-1])
    print(f"wrong: {dict(run.wrong)} of {run.asked * (len(run.known) - 1)} pairs")
    print(run.pairs.most_common(40))
    times = sorted(1000 * t for t in run.times)
    print(
        f"ms of one core with decoding: median {statistics.median(times):.1f}, p95 {times[int(0.95 * len(times))]:.1f}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(a) for a in (*sys.argv[2:4], "1", "1")[:2]))
