"""Pictures found among many: `python benchmarks/image_scale.py PHOTOS OTHERS COUNT...`.

PHOTOS is a folder of pictures that show different things. In name order two of five are registered, two of five go with
those of the folder OTHERS into a pool, and every second of the rest is asked for as a stranger. The register is filled
up to COUNT (100,000 and 300,000 unless given) with prints made of the pool's real descriptors: half of a print are
keypoints of one picture with noise added to their descriptors, half are drawn from all; their PDQ hashes are random.
Every ASKED_EVERY-th registered picture is asked for in 31 alterations, as a file.

Prints the share of pictures that the features alone find of those that verification agrees with (a picture that it does
not agree with even when compared directly was lost before the search), the share that is found at all, milliseconds
of processor time from the decoded picture to the answer, for copies and for strangers, and bytes a picture.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.image_recall import SUFFIXES, read
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.image.decode import decode
from matcher.image.features import REGISTERED_MOST, REGISTERED_SIDE, Features, mirror, scaled
from matcher.image.geometry import agree
from matcher.image.hashes import HashIndex
from matcher.image.payload import ImagePrint, unpack
from matcher.image.points import Points, described
from matcher.image.references import ImageReferences
from matcher.image.shelf import beginnings
from matcher.image.store import KeypointStore
from matcher.image.tables import tables
from matcher.image.thumbnail import COLOURS, NEUTRAL, TONES
from matcher.image.verdict import is_found
from matcher.image.words import WordIndex
from matcher.segments.snapshot import Segment, Snapshot
from matcher.terms import PositionIndex
from matcher.worktypes import KEY_BYTES, Content, Reference
from tests.matcher.image.registering import MATCHER, snapshot, texts_of
from tests.mocksite.pictures import as_jpeg
from tests.support.image_alterations import ALL_ALTERATIONS

SEED = 3
NOISE, FORMS = 0.022, 3
"""Deviation added to each entry of a descriptor: 11 bits of the signature change, and two of three words."""
SEGMENT = 50_000
"""Pictures of one segment."""
DRAWINGS_EVERY = 60
FEWEST = 60
ASKED_EVERY = 20

SETTINGS = MATCHER._settings


@dataclass(frozen=True)
class Pool:
    """What register is filled with: real pictures' points, with `FORMS` noisy signatures and words of each."""

    pictures: list[tuple[tuple[int, int], Points, NDArray[np.uint64], NDArray[np.uint32]]]
    signatures: NDArray[np.uint64]
    words: NDArray[np.uint32]


def grey(picture: Image.Image) -> NDArray[np.uint8]:
    """The picture in grey."""
    return np.asarray(picture.convert("L"), np.uint8)


def pool_of(files: Sequence[Path], chance: np.random.Generator) -> Pool:
    """The pool made of these files; those with few points are left out."""
    pictures = []
    for file in files:
        image = scaled(grey(read(file)), REGISTERED_SIDE)
        points = described(image, REGISTERED_MOST)
        if len(points.points) < FEWEST:
            continue
        noisy = [points.descriptors + chance.normal(0, NOISE, points.descriptors.shape) for _ in range(FORMS)]
        told = [form.astype(np.float32) for form in noisy]
        signatures = np.stack([tables().signatures(form) for form in told])
        words = np.stack([tables().words(form) for form in told])
        pictures.append(((image.shape[1], image.shape[0]), points, signatures, words))
    return Pool(
        pictures=pictures,
        signatures=np.concatenate([signatures.ravel() for _, _, signatures, _ in pictures]),
        words=np.concatenate([words.ravel() for *_, words in pictures]),
    )


def made(pool: Pool, chance: np.random.Generator) -> Features:
    """A print of no picture."""
    size, points, signatures, words = pool.pictures[chance.integers(len(pool.pictures))]
    count = len(points.points)
    form, drawn = chance.integers(0, FORMS, count), chance.integers(0, pool.words.size, count)
    own = chance.random(count) < 0.5
    rows = np.arange(count)
    anywhere = chance.random((count, 2)) * np.array(size)
    none32, none64 = np.empty(0, np.uint32), np.empty(0, np.uint64)
    return Features(
        size=size,
        points=np.where(own[:, None], points.points.clip(0), anywhere).astype(np.float32),
        angles=np.where(own, points.angles, chance.random(count) * 2 * np.pi).astype(np.float32),
        levels=np.where(own, points.levels, chance.integers(0, 9, count)).astype(np.uint8),
        signatures=np.where(own, signatures[form, rows], pool.signatures[drawn]),
        words=np.where(own, words[form, rows], pool.words[drawn]).astype(np.uint32),
        mirrored_signatures=none64,
        mirrored_words=none32,
    )


def segment_of(base: int, prints: Sequence[Features], chance: np.random.Generator) -> Segment:
    """A segment of prints, with random bytes and hashes and nothing to be seen in the thumbnails."""
    count = len(prints)
    keypoints = KeypointStore.build(prints)
    words = np.concatenate([each.words for each in prints])
    digests, hashes = chance.integers(0, 256, (2, count, 32), np.uint8)
    rows = np.arange(count, dtype=np.uint32)
    columns = {
        "image.digests": digests,
        **PositionIndex.build(beginnings(digests), rows).columns("image.bytes"),
        "image.decoded": np.array([each.size for each in prints], np.uint32),
        **HashIndex.build(hashes).columns("image.pdq"),
        "image.hashed": rows,
        **keypoints.columns("image.keypoints"),
        "image.tones": np.zeros((count, TONES, TONES), np.uint8),
        "image.colours": np.full((count, COLOURS, COLOURS, 2), NEUTRAL, np.uint8),
        "image.content": np.tile(np.array([0, 0, 1, 1], np.float32), (count, 1)),
        **WordIndex.build(words, keypoints.signatures, keypoints.starts).columns("image.words"),
        **texts_of([text for n in range(count) for text in (f"filled {base + n}", "", "", "")]),
    }
    keys = np.zeros((count, KEY_BYTES), np.uint8)
    return Segment(name=str(base), base=base, columns=columns, keys=keys, removed=np.zeros(count, bool), weight=0)


def registered(file: Path) -> Reference:
    """A picture, registered by its name."""
    made = MATCHER.fingerprint(Content(data=as_jpeg(read(file)), name=file.name), registering=True)
    if not isinstance(made, Fingerprint):
        raise SystemExit(f"{file} is too plain to be registered")
    digest = digest_of(made.payload)
    return Reference(work_id=WorkId(file.stem), title="", owner="", digest=digest, fingerprint=made)


@dataclass
class Answers:
    """What came of asking for pictures."""

    asked: int = 0
    found: int = 0
    agreeing: int = 0
    """Pictures that verification agrees with when compared directly."""
    by_features: int = 0
    """Those of them that the features find."""


class Asker:
    """Asks for pictures, and keeps what each took."""

    def __init__(self, references: ImageReferences) -> None:
        self.references = references
        self.spent: list[float] = []

    def ask(self, data: bytes) -> tuple[ImagePrint | None, set[str]]:
        """The print of a file and the works named, in processor time of what follows decoding."""
        begin = time.process_time()
        decode(data, SETTINGS)
        decoded = time.process_time()
        made = MATCHER.fingerprint(Content(data=data, name="asked.jpg"))
        named = self.references.compare(made) if isinstance(made, Fingerprint) else ()
        self.spent.append(1000 * (time.process_time() - decoded - (decoded - begin)))
        return (unpack(made) if isinstance(made, Fingerprint) else None), {c.work_id for c in named}

    def by_features(self, image: ImagePrint) -> set[int]:
        """The numbers of the pictures that the features alone find."""
        found = self.references._agreeing(image, set())
        return {number for number, agreement, _ in found if is_found(agreement, SETTINGS)}

    def times(self) -> str:
        """Mean, median and 95th percentile."""
        mean, middle, most = np.mean(self.spent), np.median(self.spent), np.quantile(self.spent, 0.95)
        return f"mean {mean:.1f}, median {middle:.1f}, p95 {most:.1f} ms"


def named_directly(query: Features, work: Features) -> bool:
    """Whether verification alone names the picture."""
    agreed = [agree(form, work) for form in (query, mirror(query))]
    return any(found is not None and is_found(found, SETTINGS) for found in agreed)


def asked_for(
    asker: Asker, queries: Sequence[tuple[str, int, bytes]], works: Sequence[Reference]
) -> tuple[Answers, str]:
    """Ask for altered registered pictures; also which alterations lost some."""
    answers, lost = Answers(), Counter[str]()
    for name, number, data in queries:
        image, named = asker.ask(data)
        work = works[number]
        answers.asked += 1
        answers.found += work.work_id in named
        if image is not None and named_directly(image.features, unpack(work.fingerprint).features):
            found = number in asker.by_features(image)
            answers.agreeing += 1
            answers.by_features += found
            lost[name] += not found
    return answers, ", ".join(f"{name} {count}" for name, count in lost.items() if count)


def main(photos: Path, others: Path, counts: Sequence[int]) -> None:
    """Register, fill, ask and print."""
    cv2.setNumThreads(1)
    chance = np.random.default_rng(SEED)
    files = sorted(f for f in photos.rglob("*") if f.suffix.lower() in SUFFIXES)
    works = [registered(f) for n, f in enumerate(files) if n % 5 < 2]
    drawings = sorted(f for f in others.rglob("*") if f.suffix.lower() in SUFFIXES)[::DRAWINGS_EVERY]
    pool = pool_of([f for n, f in enumerate(files) if n % 5 in {2, 3}] + drawings, chance)
    print(f"{len(works)} registered, pool of {len(pool.pictures)} pictures, {pool.words.size} points", flush=True)
    own, source = [f for n, f in enumerate(files) if n % 5 < 2], random.Random(7)
    queries = [
        (name, number, as_jpeg(alter(read(own[number]), source)))
        for name, alter in ALL_ALTERATIONS.items()
        for number in range(0, len(own), ASKED_EVERY)
    ]
    strangers = [as_jpeg(read(f)) for f in files[4::10]]
    segments = list(snapshot(works, [len(works)]).segments)
    for count in counts:
        while (base := segments[-1].base + len(segments[-1])) < count:
            prints = [made(pool, chance) for _ in range(min(SEGMENT, count - base))]
            segments.append(segment_of(base, prints, chance))
        stored = sum(column.nbytes for segment in segments for column in segment.columns.values())
        print(f"{count} pictures in {len(segments)} segments, {stored / count:.0f} bytes each", flush=True)
        asker, alone = (Asker(MATCHER.open(Snapshot(segments))) for _ in range(2))
        asker.ask(strangers[0])
        asker.spent.clear()
        answers, lost = asked_for(asker, queries, works)
        named = [alone.ask(data)[1] for data in strangers]
        share = f"{answers.by_features / answers.agreeing:.4f} of {answers.agreeing} that agree, lost: {lost or 'none'}"
        print(f"  found {answers.found / answers.asked:.4f} of {answers.asked}; by features {share}")
        print(f"  copies: {asker.times()}; strangers: {alone.times()}, {sum(map(bool, named))} of {len(named)} named")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [int(a) for a in sys.argv[3:]] or [100_000, 300_000])
