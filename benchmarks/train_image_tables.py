"""Make the tables of the image matcher: `python benchmarks/train_image_tables.py FOLDER... OUT`.

Shipped: made of the pictures and every 40th frame of the films in opencv-doc 4.6.0 (examples), and of every twelfth
drawing of openclipart-png 0.18 in name order from the fourth; Debian packages both. Each picture is altered in ways
whose geometry is known, so that the descriptors of one point before and after are paired. From the pairs come a
projection in which equal points differ alike in all directions (Fisher's discriminant), a rotation whose signs keep
most of it (Gong and Lazebnik 2011), and the cells of a product quantiser (Jégou et al. 2011).
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from matcher.image.features import REGISTERED_SIDE, scaled
from matcher.image.points import described
from matcher.image.tables import CODE, HALVES, PROJECTED, WORDS, Tables, write_tables

SEED = 5
FORMS = 8
"""Altered forms of each picture."""
NEAR, ANGLE, LEVEL = 2.0, 0.35, 1.0
"""How far a point, its direction (radians) and its level may be from where the alteration put them."""
FRAME_STEP, DRAWING_STEP, DRAWING_PHASE = 40, 12, 3
ROUNDS = 25
SMALLEST = 96

Grey = NDArray[np.uint8]
F32 = NDArray[np.float32]


def pictures(folders: list[Path]) -> Iterator[Grey]:
    """The pictures and frames below the folders, and of openclipart every twelfth."""
    files = sorted(f for folder in folders for f in folder.rglob("*") if f.suffix.lower() in {".png", ".jpg", ".avi"})
    drawings = [f for f in files if "openclipart" in str(f)]
    for file in [f for f in files if "openclipart" not in str(f)] + drawings[DRAWING_PHASE::DRAWING_STEP]:
        yield from frames(file) if file.suffix == ".avi" else on_white(file)


def on_white(file: Path) -> Iterator[Grey]:
    """The picture in grey, if it can be read and is large enough."""
    image = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
    if image is None or image.dtype != np.uint8 or min(image.shape[:2]) < SMALLEST:
        return
    if image.ndim == 3 and image.shape[2] == 4:
        cover = image[:, :, 3:].astype(np.float32) / 255
        image = (image[:, :, :3] * cover + 255 * (1 - cover)).astype(np.uint8)
    yield np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) if image.ndim == 3 else image, np.uint8)


def frames(file: Path) -> Iterator[Grey]:
    """Every so many frames of a film, in grey."""
    film, number = cv2.VideoCapture(str(file)), 0
    while (read := film.read())[0]:
        if number % FRAME_STEP == 0:
            yield np.asarray(cv2.cvtColor(read[1], cv2.COLOR_BGR2GRAY), np.uint8)
        number += 1


def altered(grey: Grey, chance: np.random.Generator) -> tuple[Grey, NDArray[np.float64]]:
    """The picture turned, scaled and stretched by chance, then blurred, grained, brightened or packed; with the map."""
    height, width = grey.shape
    turn, grow = chance.normal(0, 0.15), np.exp(chance.normal(0, 0.3))
    stretch = np.diag(np.exp(chance.normal(0, 0.05, 2)))
    linear = grow * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ stretch
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]]) @ linear.T
    matrix = np.column_stack([linear, -corners.min(axis=0)])
    size = np.ceil(np.ptp(corners, axis=0)).astype(int)
    out = cv2.warpAffine(grey, matrix, tuple(size.tolist()), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    kind = chance.integers(0, 5)
    if kind == 0:
        out = cv2.GaussianBlur(out, (0, 0), chance.uniform(0.5, 2.0))
    elif kind == 1:
        out = np.clip(out + chance.normal(0, chance.uniform(4, 20), out.shape), 0, 255).astype(np.uint8)
    elif kind == 2:
        out = np.clip(chance.uniform(0.6, 1.6) * (out - 128.0) + 128 + chance.normal(0, 20), 0, 255).astype(np.uint8)
    else:
        quality = int(chance.integers(10, 60))
        packed = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        out = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)
    return np.asarray(out, np.uint8), matrix


def pairs(grey: Grey, chance: np.random.Generator) -> tuple[F32, F32]:
    """Descriptors of the same points before and after alterations."""
    first = scaled(grey, REGISTERED_SIDE)
    own = described(first, 200)
    before, after = [], []
    for _ in range(FORMS):
        other, matrix = altered(first, chance)
        found = described(other, 400)
        if not len(found.points) or not len(own.points):
            continue
        scale, turn = np.sqrt(np.linalg.det(matrix[:, :2])), np.arctan2(matrix[1, 0], matrix[0, 0])
        moved = own.points @ matrix[:, :2].T + matrix[:, 2]
        apart = np.linalg.norm(moved[:, None] - found.points[None], axis=2)
        apart += 1e6 * (np.abs((own.angles[:, None] + turn - found.angles[None] + np.pi) % (2 * np.pi) - np.pi) > ANGLE)
        levels = own.levels[:, None] + 3 * np.log2(scale) - found.levels[None].astype(float)
        apart += 1e6 * (np.abs(levels) > LEVEL)
        nearest = apart.argmin(axis=1)
        good = apart[np.arange(len(nearest)), nearest] <= NEAR * max(1.0, scale)
        before.append(own.descriptors[good])
        after.append(found.descriptors[nearest[good]])
    empty = [np.empty((0, 128), np.float32)]
    return np.concatenate(before or empty), np.concatenate(after or empty)


def fisher(before: F32, after: F32) -> tuple[F32, F32]:
    """Mean, and the projection that makes differences of one point equal in all directions, strongest first."""
    both = np.concatenate([before, after]).astype(np.float64)
    mean = both.mean(axis=0)
    apart = (before - after).astype(np.float64)
    within = apart.T @ apart / (2 * len(apart)) + 1e-7 * np.eye(before.shape[1])
    total = np.cov(both.T)
    values, vectors = np.linalg.eigh(within)
    whiten = vectors / np.sqrt(values)
    strengths, turned = np.linalg.eigh(whiten.T @ total @ whiten)
    order = np.argsort(-strengths)[:PROJECTED]
    print("strengths", np.round(strengths[order][[0, 15, 31, 47, 63]], 2))
    return mean.astype(np.float32), (whiten @ turned[:, order]).astype(np.float32)


def rotation(values: F32) -> F32:
    """The rotation that brings values nearest to their signs (iterative quantisation)."""
    turn = np.linalg.qr(np.random.default_rng(SEED).standard_normal((PROJECTED, PROJECTED)))[0]
    for _ in range(ROUNDS):
        left, _, right = np.linalg.svd(np.sign(values @ turn).T @ values)
        turn = (left @ right).T
    return turn.astype(np.float32)


def cells(values: F32) -> F32:
    """Centres of `WORDS` cells (Lloyd's algorithm)."""
    chance = np.random.default_rng(SEED)
    centres = values[chance.choice(len(values), WORDS, replace=False)]
    for _ in range(ROUNDS):
        nearest = (values @ centres.T - (centres**2).sum(axis=1) / 2).argmax(axis=1)
        order = np.argsort(nearest, kind="stable")
        full, first = np.unique(nearest[order], return_index=True)
        counts = np.diff(np.append(first, len(values)))
        centres[full] = np.add.reduceat(values[order], first, axis=0) / counts[:, None]
    return centres


def main(folders: list[Path], out: Path) -> None:
    """Train, write, and say how often paired and unpaired points have one word."""
    chance = np.random.default_rng(SEED)
    cv2.setRNGSeed(SEED)
    made = [pairs(grey, chance) for grey in pictures(folders)]
    before, after = (np.concatenate(side) for side in zip(*made, strict=True))
    mean, projection = fisher(before, after)
    first = (before - mean) @ projection
    spread = first.std(axis=0)
    halved = (projection / np.sqrt(spread)).astype(np.float32)
    signs = halved @ rotation((before - mean) @ halved)
    centres = np.stack([cells(np.ascontiguousarray(first[:, half])) for half in HALVES])
    tables = Tables(mean=mean, projection=projection[:, :CODE], signs=signs, centres=centres)
    print(f"{len(made)} pictures, {len(before)} pairs")
    one, two = tables.words(before), tables.words(after)
    apart = np.bitwise_count(tables.signatures(before) ^ tables.signatures(after))
    other = np.bitwise_count(tables.signatures(before) ^ np.roll(tables.signatures(after), 9999))
    print(f"one word: paired {np.mean(one == two):.3f}, not {np.mean(one == np.roll(two, 9999)):.2e}")
    print("bits apart, paired:", np.quantile(apart, (0.1, 0.5, 0.9)), "not:", np.quantile(other, (0.001, 0.01, 0.5)))
    print("digest", write_tables(tables, out))


if __name__ == "__main__":
    main([Path(p) for p in sys.argv[1:-1]], Path(sys.argv[-1]))
