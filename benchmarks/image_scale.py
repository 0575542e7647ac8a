"""Pictures found among many: `python benchmarks/image_scale.py PHOTOS OTHERS COUNT...`.

PHOTOS is a folder of pictures that show different things. In name order two of five are registered, two of five go with
those of the folder OTHERS into a pool, and every second of the rest is asked for as a stranger. The register is filled
up to COUNT (100,000 and 300,000 unless given) with prints made of the pool's real descriptors: half of a print are
keypoints of one picture with noise added to their descriptors, half are drawn from all. Every tenth registered picture
is asked for in 31 alterations. Only the features are searched, without bytes and PDQ, which would find most of them.

Prints, for the budget of postings in force and for none, the share of pictures found that verification agrees with (a
picture that it does not agree with even when compared directly was lost before the search), milliseconds of process
time for the whole of search and verification and for the features before it, and bytes a picture.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.image_recall import SUFFIXES, read
from config.loading import load_settings
from matcher.image import candidates as search
from matcher.image.features import REGISTERED_MOST, REGISTERED_SIDE, Features, extract, halves, mirror, scaled
from matcher.image.geometry import agree
from matcher.image.hashes import HashIndex
from matcher.image.points import Points, described
from matcher.image.references import MOST_VERIFIED
from matcher.image.shelf import Shelf
from matcher.image.store import KeypointStore
from matcher.image.tables import tables
from matcher.image.thumbnail import COLOURS, TONES
from matcher.image.verdict import is_found
from matcher.image.words import WordIndex
from matcher.terms import PositionIndex
from tests.support.image_alterations import ALL_ALTERATIONS

SEED = 3
NOISE, FORMS = 0.022, 3
"""Deviation added to each entry of a descriptor: 11 bits of the signature change, and two of three words."""
SHELF = 50_000
"""Pictures of one segment."""
DRAWINGS_EVERY = 60
FEWEST = 60
ASKED_EVERY = 10
NO_BUDGET = 1 << 40

SETTINGS = load_settings().matcher.image


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


def shelf_of(base: int, prints: Sequence[Features]) -> Shelf:
    """A segment of prints, with nothing but features."""
    keypoints = KeypointStore.build(prints)
    words = np.concatenate([each.words for each in prints])
    nothing = np.empty((0, 32), np.uint8)
    return Shelf(
        base=base,
        removed=np.zeros(len(prints), bool),
        digests=np.zeros((len(prints), 32), np.uint8),
        bytes=PositionIndex.build(np.empty(0, np.uint64), np.empty(0, np.uint32)),
        decoded=np.zeros((len(prints), 2), np.uint32),
        hashes=HashIndex.build(nothing),
        hashed=np.empty(0, np.uint32),
        keypoints=keypoints,
        words=WordIndex.build(words, keypoints.signatures, keypoints.starts),
        tones=np.empty((0, TONES, TONES), np.uint8),
        colours=np.empty((0, COLOURS, COLOURS, 2), np.uint8),
        content=np.empty((0, 4), np.float32),
    )


@dataclass
class Answers:
    """What came of asking for pictures."""

    agreeing: int = 0
    """Pictures that verification agrees with when compared directly."""
    found: int = 0
    lost: str = ""
    asked: int = 0
    times: tuple[float, ...] = ()


def ask(query: Features, shelves: Sequence[Shelf]) -> tuple[list[int], float]:
    """The numbers of the registered pictures named, and milliseconds: as `ImageReferences` does it, both ways round."""
    begin = time.process_time()
    forms = (query, mirror(query))
    parts = [(0, query), *((0, half) for half in halves(query)), (1, forms[1])]
    ranked = sorted((c, n) for n, part in parts for c in search.candidates(part, shelves))
    named = []
    for candidate, n in ranked[:MOST_VERIFIED]:
        shelf = next(s for s in shelves if s.base <= candidate.number < s.base + len(s))
        found = agree(forms[n], shelf.keypoints.features(candidate.number - shelf.base))
        if found is not None and is_found(found, SETTINGS):
            named.append(candidate.number)
    return named, 1000 * (time.process_time() - begin)


def named_directly(query: Features, work: Features) -> bool:
    """Whether verification alone names the picture."""
    agreed = [agree(form, work) for form in (query, mirror(query))]
    return any(found is not None and is_found(found, SETTINGS) for found in agreed)


def asked_for(queries: Sequence[tuple[str, int, Features]], shelves: Sequence[Shelf]) -> Answers:
    """Ask for altered registered pictures."""
    answers, lost = Answers(), Counter[str]()
    times = []
    for name, number, query in queries:
        numbers, took = ask(query, shelves)
        times.append(took)
        direct = named_directly(query, shelves[0].keypoints.features(number))
        answers.asked += 1
        answers.agreeing += direct
        answers.found += direct and number in numbers
        lost[name] += direct and number not in numbers
    answers.times = tuple(times)
    answers.lost = ", ".join(f"{name} {count}" for name, count in lost.items() if count)
    return answers


def spread(times: Sequence[float]) -> str:
    """Median and 95th percentile."""
    return f"median {np.median(times):.1f}, p95 {np.quantile(times, 0.95):.1f} ms"


def main(photos: Path, others: Path, counts: Sequence[int]) -> None:
    """Register, fill, ask and print."""
    chance = np.random.default_rng(SEED)
    files = sorted(f for f in photos.rglob("*") if f.suffix.lower() in SUFFIXES)
    registered = [f for n, f in enumerate(files) if n % 5 < 2]
    drawings = sorted(f for f in others.rglob("*") if f.suffix.lower() in SUFFIXES)[::DRAWINGS_EVERY]
    pool = pool_of([f for n, f in enumerate(files) if n % 5 in {2, 3}] + drawings, chance)
    print(f"{len(registered)} registered, pool of {len(pool.pictures)} pictures, {pool.words.size} points")
    prints = [extract(grey(read(file)), registering=True) for file in registered]
    queries, taken = [], []
    for name, alter in ALL_ALTERATIONS.items():
        source = random.Random(7)
        for number in range(0, len(registered), ASKED_EVERY):
            picture = grey(alter(read(registered[number]), source))
            begin = time.process_time()
            queries.append((name, number, extract(picture, registering=False)))
            taken.append(1000 * (time.process_time() - begin))
    strangers = [extract(grey(read(f)), registering=False) for f in files[4::10]]
    print(f"features of a query: {spread(taken)}", flush=True)
    shelves = [shelf_of(0, prints)]
    for count in counts:
        while (base := shelves[-1].base + len(shelves[-1])) < count:
            shelves.append(shelf_of(base, [made(pool, chance) for _ in range(min(SHELF, count - base))]))
        size = sum(
            column.nbytes for s in shelves for part in (s.keypoints, s.words) for column in part.columns("").values()
        )
        print(f"{count} pictures in {len(shelves)} segments, {size / count:.0f} bytes of features each")
        ask(strangers[0], shelves)
        budget = search.BUDGET
        for search.BUDGET in (NO_BUDGET, budget):
            answers = asked_for(queries, shelves)
            alone = [ask(query, shelves) for query in strangers]
            share = f"{answers.found / answers.agreeing:.4f} of {answers.agreeing} that agree ({answers.asked} asked)"
            print(f"  budget {search.BUDGET}: found {share}, lost: {answers.lost or 'none'}")
            print(f"    copies: {spread(answers.times)}; strangers: {spread([took for _, took in alone])}", end="")
            print(f", {sum(bool(named) for named, _ in alone)} of {len(alone)} named", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [int(a) for a in sys.argv[3:]] or [100_000, 300_000])
