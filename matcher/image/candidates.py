"""Registered pictures that may be in a query, found through the words of its keypoints.

Rare words first, until a budget of postings is read. A posting whose tag is near votes for its picture, the more the
rarer the word and the nearer the tag. Of the pictures with most votes those lead whose keypoints, filtered by
signature, put the picture's centre in one place (weak geometry, Jégou et al. 2008). Budget, votes and ranks are
counted over all shelves, so that what is found does not depend on how the register is cut into them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.image.bits import ones
from matcher.image.features import Features
from matcher.image.payload import FINENESS, TURN
from matcher.image.shelf import Shelf
from matcher.image.store import KeypointStore
from matcher.image.words import KEYPOINT_BITS, Hits

F32 = NDArray[np.float32]
I16 = NDArray[np.int16]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]

BUDGET = 500_000
"""Postings read for one orientation of a query."""
MOST_VOTED = 200
FREQUENT = 20.0
"""A word in one of so many postings still weighs ln 2."""
WEIGHT_UNIT = 16
NEAR_TAG, NEAR = 8, 20
"""Bits of 32 in which two tags, and of 64 in which two signatures, of one keypoint may differ here."""
FEWEST_AGREEING = 3
"""Verification needs more points, but looks for them by signature alone, without words."""
MOST_HITS = 64
CENTRE, LEVELS, ANGLE = 0.2, 1.6, 0.35
"""How far two keypoints may put the centre apart (share of the picture's side), and its level and angle (radians)."""
GAIN = np.rint(16 * np.exp(-((np.arange(NEAR_TAG + 1) / 6.0) ** 2))).astype(np.uint32)
"""What a vote weighs, by the bits its tag is away."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered picture worth comparing keypoint by keypoint; by `RANK` the best comes first."""

    behind: bool
    """Whether another has more votes. Along an edge or in a pattern many keypoints are alike, and support is counted of
    few of them: the one with most votes is compared whatever its support."""
    unsupported: int
    """How many keypoints agree about where it lies, negative."""
    number: int


RANK = attrgetter("behind", "unsupported", "number")


def candidates(query: Features, shelves: Sequence[Shelf]) -> list[Candidate]:
    """Registered pictures that at least `FEWEST_AGREEING` of the query's keypoints support, best first."""
    hits, weights = _hits(query, shelves)
    voted = [_voted(shelf, of_shelf, weights) for shelf, of_shelf in zip(shelves, hits, strict=True)]
    every = np.concatenate([np.empty(0, np.uint32), *(votes for _, votes in voted)])
    least, most = _least(every), every.max(initial=0)
    found = []
    for shelf, of_shelf, (rows, votes) in zip(shelves, hits, voted, strict=True):
        enough = votes >= least
        chosen, behind = rows[enough], votes[enough] < most
        support = _supported(query, shelf.keypoints, of_shelf, chosen)
        found += [
            Candidate(behind=late, unsupported=-count, number=shelf.base + row)
            for row, late, count in zip(chosen.tolist(), behind.tolist(), support.tolist(), strict=True)
            if count >= FEWEST_AGREEING
        ]
    return sorted(found, key=RANK)


def _hits(query: Features, shelves: Sequence[Shelf]) -> tuple[list[Hits], U32]:
    """Pairs of keypoints that share a word and nearly the tag, shelf by shelf; what each of the query's weighs."""
    lists = [shelf.words.lists(query.words) for shelf in shelves]
    counts = np.zeros(len(query), np.int64)
    for first, last in lists:
        counts += last - first
    order = np.argsort(counts, kind="stable")
    order = order[(counts[order] > 0) & (np.cumsum(counts[order]) <= BUDGET)]
    total = sum(len(shelf.words) for shelf in shelves)
    _, inverse, times = np.unique(query.words, return_inverse=True, return_counts=True)
    rarity = np.log1p(total / (FREQUENT * np.maximum(1, counts))) / np.sqrt(times[inverse])
    found = [
        shelf.words.hits(order, ranges, query.signatures, NEAR_TAG)
        for shelf, ranges in zip(shelves, lists, strict=True)
    ]
    return found, np.rint(WEIGHT_UNIT * rarity).astype(np.uint32)


def _voted(shelf: Shelf, hits: Hits, weights: U32) -> tuple[I64, U32]:
    """The pictures that have votes and are not removed, and how many."""
    votes = _votes(hits.asked, hits.posting, hits.apart, weights, GAIN, len(shelf))
    rows = np.flatnonzero(votes)
    rows = rows[~shelf.removed[rows]]
    return rows, votes[rows]


def _least(votes: U32) -> int:
    """The votes of the last of those with most: as many, or more with equal votes."""
    return int(np.partition(votes, -MOST_VOTED)[-MOST_VOTED]) if votes.size > MOST_VOTED else 1


@compiled
def _votes(asked: U16, posting: U32, apart: U8, weights: U32, gain: U32, pictures: int) -> U32:
    """Votes by picture; a keypoint votes once for each."""
    votes = np.zeros(pictures, np.uint32)
    before = np.int64(-1)
    for n in range(asked.size):
        picture = posting[n] >> np.uint32(KEYPOINT_BITS)
        vote = np.int64(picture) << 16 | np.int64(asked[n])
        if vote != before:
            votes[picture] += weights[asked[n]] * gain[apart[n]]
        before = vote
    return votes


def _supported(query: Features, store: KeypointStore, hits: Hits, rows: I64) -> I64:
    """For each picture of `rows` how many keypoints agree about where it lies."""
    slots = np.full(len(store), -1, np.int16)
    slots[rows] = np.arange(rows.size)
    counts, pairs = _pairs(hits.asked, hits.posting, slots, rows.size, store.starts, store.signatures, query.signatures)
    return _support(
        counts, pairs, rows, query.points, query.angles, query.levels, store.starts, store.sizes, store.places,
        store.angles, store.levels,
    )  # fmt: skip


@compiled
def _pairs(
    asked: U16, posting: U32, slots: I16, chosen: int, starts: I64, signatures: U64, wanted: U64
) -> tuple[I64, NDArray[np.int32]]:
    """For each chosen picture how many hits have a signature near the query's, and which: keypoints of both."""
    counts = np.zeros(chosen, np.int64)
    pairs = np.zeros((chosen, MOST_HITS, 2), np.int32)
    for n in range(asked.size):
        picture, keypoint = posting[n] >> np.uint32(KEYPOINT_BITS), posting[n] & np.uint32((1 << KEYPOINT_BITS) - 1)
        slot = slots[picture]
        if slot < 0 or counts[slot] >= MOST_HITS:
            continue
        if ones(signatures[starts[picture] + keypoint] ^ wanted[asked[n]]) <= NEAR:
            pairs[slot, counts[slot], 0], pairs[slot, counts[slot], 1] = asked[n], keypoint
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
    centre = np.empty((MOST_HITS, 5), np.float32)
    for slot in range(chosen.size):
        width, height = np.float32(sizes[chosen[slot], 0]), np.float32(sizes[chosen[slot], 1])
        side = np.sqrt(width * height)
        if counts[slot] < FEWEST_AGREEING:
            continue
        for n in range(counts[slot]):
            k, row = pairs[slot, n, 0], starts[chosen[slot]] + pairs[slot, n, 1]
            rise = np.float32(levels[k]) - np.float32(registered_levels[row])
            turn = (angles[k] - registered_angles[row] / TURN) % (2 * np.pi)
            scale = 2.0 ** (rise / 3.0)
            right = width / 2 - places[row, 0] / FINENESS
            down = height / 2 - places[row, 1] / FINENESS
            centre[n, 0] = points[k, 0] + scale * (np.cos(turn) * right - np.sin(turn) * down)
            centre[n, 1] = points[k, 1] + scale * (np.sin(turn) * right + np.cos(turn) * down)
            centre[n, 2], centre[n, 3], centre[n, 4] = rise, turn, (CENTRE * side * scale) ** 2
        for n in range(counts[slot]):
            agreeing = 0
            for m in range(counts[slot]):
                turned = abs(centre[n, 3] - centre[m, 3])
                away = (centre[n, 0] - centre[m, 0]) ** 2 + (centre[n, 1] - centre[m, 1]) ** 2
                near = (turned <= ANGLE) | (turned >= 2 * np.pi - ANGLE)
                agreeing += near & (abs(centre[n, 2] - centre[m, 2]) <= LEVELS) & (away <= centre[n, 4])
            best[slot] = max(best[slot], agreeing)
    return best
