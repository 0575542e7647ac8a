"""Registered pictures found through words are those that comparing with every one would find."""

import random
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PIL import Image

from matcher.image.candidates import BUDGET, candidates
from matcher.image.features import Features, extract
from matcher.image.geometry import agree
from matcher.image.store import KeypointStore
from matcher.terms import LocalTermIndex
from tests.mocksite.pictures import drawing
from tests.support.image_alterations import cropped, jpeg, on_a_page, rotated, watermarked

REGISTERED = 40
ALTERED = (cropped(0.2), jpeg(20), rotated(5), watermarked, on_a_page)


def features(image: Image.Image, *, registering: bool) -> Features:
    return extract(np.asarray(image.convert("L"), np.uint8), registering=registering)


@lru_cache(maxsize=1)
def registered() -> Sequence[Features]:
    return [features(drawing(n), registering=True) for n in range(REGISTERED)]


def index(works: Sequence[Features]) -> LocalTermIndex:
    owners = np.repeat(np.arange(len(works), dtype=np.uint32), [len(work) for work in works])
    rows = np.concatenate([np.arange(len(work), dtype=np.uint32) for work in works])
    return LocalTermIndex.build(np.concatenate([work.words for work in works]).astype(np.uint64), owners, rows)


def test_words_lose_nothing_that_comparing_with_all_finds() -> None:
    works = registered()
    words, store = index(works), KeypointStore.of(works)
    every, found = 0, 0
    for n in range(0, REGISTERED, 4):
        for alter in ALTERED:
            query = features(alter(drawing(n), random.Random(n)), registering=False)
            agreed = agree(query, store.features(n))
            if agreed is None or agreed.strength < 6:
                continue
            every += 1
            found += n in candidates(query, words, store)
    assert every >= 40
    assert found == every


def test_a_word_that_stands_nearly_everywhere_is_passed_over() -> None:
    works = registered()
    crowd = np.zeros(BUDGET + 1, np.uint32)
    common = works[0].words[0]
    base = index(works)
    many = LocalTermIndex.build(
        np.concatenate([np.full(crowd.size, common, np.uint64), *[work.words.astype(np.uint64) for work in works]]),
        np.concatenate([crowd, np.repeat(np.arange(REGISTERED, dtype=np.uint32), [len(work) for work in works])]),
        np.concatenate([crowd, *[np.arange(len(work), dtype=np.uint32) for work in works]]),
    )
    store, query = KeypointStore.of(works), features(drawing(0), registering=False)
    assert len(many) > len(base)
    assert candidates(query, many, store)[0] == 0


def test_nothing_is_a_candidate_for_a_query_without_features() -> None:
    works = registered()
    flat = features(Image.new("L", (320, 240), 90), registering=False)
    assert candidates(flat, index(works), KeypointStore.of(works)) == []
