"""Registered pictures that may be in a query, found through the words of its keypoints.

Rare words first, until a budget of postings is read. Each posting votes for its picture and for the angle by which the
picture would be turned (weak geometry, Jégou et al. 2008). Of the pictures with most votes those lead whose keypoints,
filtered by signature, put the picture's centre in one place.
"""

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.image.features import Features
from matcher.image.payload import FINENESS, TURN
from matcher.image.store import KeypointStore
from matcher.terms import LocalTermIndex

F32 = NDArray[np.float32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]

BUDGET = 100_000
"""Postings read for one orientation of a query."""
MOST_VOTED, MOST_VERIFIED = 200, 10
TURNS = 16
FREQUENT = 20.0
"""A word in one of so many postings still weighs ln 2."""
WEIGHT_UNIT = 16
NEAR = 20
"""Bits of 64 in which two signatures of one keypoint may differ here."""
MOST_HITS = 64
CENTRE, LEVELS, ANGLE = 0.2, 1.6, 0.35
"""How far two keypoints may put the centre apart (share of the picture's side), and its level and angle (radians)."""


def candidates(query: Features, index: LocalTermIndex, store: KeypointStore) -> list[int]:
    """Registered pictures worth comparing keypoint by keypoint, best first."""
    pictures = len(store.sizes)
    if not len(index) or not len(query):
        return []
    first, last = index.ranges(query.words.astype(np.uint64))
    counts = last - first
    order = np.argsort(counts, kind="stable")
    order = order[(counts[order] > 0) & (np.cumsum(counts[order]) <= BUDGET)]
    if not order.size:
        return []
    _, inverse, times = np.unique(query.words, return_inverse=True, return_counts=True)
    rarity = np.log1p(len(index) / (FREQUENT * np.maximum(1, counts))) / np.sqrt(times[inverse])
    weights = np.minimum(255, np.rint(WEIGHT_UNIT * rarity)).astype(np.uint16)
    angles = (np.rint(query.angles * TURN) % 256).astype(np.uint8)
    votes = _votes(order, first, last, weights, angles, index.owners, index.positions, store.starts, store.angles)
    best = (votes + np.roll(votes, 1, axis=1)).max(axis=1)
    chosen = np.argsort(-best.astype(np.int64), kind="stable") if pictures <= MOST_VOTED else _largest(best)
    chosen = chosen[best[chosen] > 0]
    slots = np.full(pictures, -1, np.int16)
    slots[chosen] = np.arange(chosen.size)
    found, hits = _hits(
        order, first, last, index.owners, index.positions, slots, chosen.size, store.starts, store.signatures,
        query.signatures,
    )  # fmt: skip
    support = _support(
        found, hits, chosen, query.points, query.angles, query.levels, store.starts, store.sizes, store.places,
        store.angles, store.levels,
    )  # fmt: skip
    ranked = np.argsort(-support, kind="stable")[:MOST_VERIFIED]
    return [int(chosen[i]) for i in ranked if support[i] > 0]


def _largest(best: NDArray[np.uint16]) -> I64:
    rows = np.argpartition(-best.astype(np.int64), MOST_VOTED)[:MOST_VOTED]
    return np.asarray(rows[np.argsort(-best[rows].astype(np.int64), kind="stable")], np.int64)


@compiled
def _votes(
    order: I64,
    first: I64,
    last: I64,
    weights: NDArray[np.uint16],
    angles: U8,
    owners: U32,
    positions: U32,
    starts: I64,
    registered_angles: U8,
) -> NDArray[np.uint16]:
    """Votes by picture and sixteenth of a turn; a keypoint votes once for each."""
    votes = np.zeros((starts.size - 1, TURNS), np.uint16)
    for k in order:
        owner, given = np.uint32(0xFFFFFFFF), 0
        for row in range(first[k], last[k]):
            if owners[row] != owner:
                owner, given = owners[row], 0
            turn = ((int(angles[k]) - int(registered_angles[starts[owner] + positions[row]])) & 255) >> 4
            if not given >> turn & 1:
                given |= 1 << turn
                votes[owner, turn] += weights[k]
    return votes


@compiled
def _hits(
    order: I64,
    first: I64,
    last: I64,
    owners: U32,
    positions: U32,
    slots: NDArray[np.int16],
    chosen: int,
    starts: I64,
    signatures: U64,
    asked: U64,
) -> tuple[I64, NDArray[np.int32]]:
    """For each chosen picture how many postings have a signature near the query's, and which: keypoints of both."""
    counts = np.zeros(chosen, np.int64)
    pairs = np.zeros((chosen, MOST_HITS, 2), np.int32)
    for k in order:
        for row in range(first[k], last[k]):
            slot = slots[owners[row]]
            if slot < 0 or counts[slot] >= MOST_HITS:
                continue
            if ones(signatures[starts[owners[row]] + positions[row]] ^ asked[k]) <= NEAR:
                pairs[slot, counts[slot], 0], pairs[slot, counts[slot], 1] = k, positions[row]
                counts[slot] += 1
    return counts, pairs


@compiled
def _support(
    counts: I64,
    pairs: NDArray[np.int32],
    chosen: I64,
    points: F32,
    angles: F32,
    levels: U8,
    starts: I64,
    sizes: NDArray[np.uint16],
    places: NDArray[np.uint16],
    registered_angles: U8,
    registered_levels: U8,
) -> I64:
    """For each chosen picture how many of its hits agree about its centre, level and angle."""
    best = np.zeros(chosen.size, np.int64)
    centre = np.empty((MOST_HITS, 4), np.float32)
    for slot in range(chosen.size):
        width, height = np.float32(sizes[chosen[slot], 0]), np.float32(sizes[chosen[slot], 1])
        side = np.sqrt(width * height)
        for n in range(counts[slot]):
            k, row = pairs[slot, n, 0], starts[chosen[slot]] + pairs[slot, n, 1]
            rise = np.float32(levels[k]) - np.float32(registered_levels[row])
            turn = angles[k] - registered_angles[row] / TURN
            scale = 2.0 ** (rise / 3.0)
            right = width / 2 - places[row, 0] / FINENESS
            down = height / 2 - places[row, 1] / FINENESS
            centre[n, 0] = points[k, 0] + scale * (np.cos(turn) * right - np.sin(turn) * down)
            centre[n, 1] = points[k, 1] + scale * (np.sin(turn) * right + np.cos(turn) * down)
            centre[n, 2], centre[n, 3] = rise, turn
        for n in range(counts[slot]):
            reach = CENTRE * side * 2.0 ** (centre[n, 2] / 3.0)
            agreeing = 0
            for m in range(counts[slot]):
                turned = abs((centre[n, 3] - centre[m, 3] + np.pi) % (2 * np.pi) - np.pi)
                away = (centre[n, 0] - centre[m, 0]) ** 2 + (centre[n, 1] - centre[m, 1]) ** 2
                if turned <= ANGLE and abs(centre[n, 2] - centre[m, 2]) <= LEVELS and away <= reach * reach:
                    agreeing += 1
            best[slot] = max(best[slot], agreeing)
    return best


@compiled
def ones(x: np.uint64) -> int:
    """How many bits are set."""
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((x * np.uint64(0x0101010101010101)) >> np.uint64(56))
