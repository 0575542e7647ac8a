"""Registered pictures found through words are those that comparing with every one would find."""

import random

import numpy as np
import pytest
from PIL import Image

from matcher.image import candidates as module
from matcher.image.candidates import candidates
from matcher.image.features import Features, extract
from matcher.image.geometry import agree
from matcher.image.payload import unpack
from matcher.image.references import MOST_VERIFIED
from matcher.image.shelf import Shelf
from matcher.image.words import KEYPOINT_BITS, MOST_KEYPOINTS, WordIndex
from tests.matcher.image.registering import reference, snapshot
from tests.mocksite.pictures import drawing
from tests.support.image_alterations import cropped, jpeg, on_a_page, rotated, watermarked

REGISTERED = 40
ALTERED = (cropped(0.2), jpeg(20), rotated(5), watermarked, on_a_page)


def features(image: Image.Image) -> Features:
    return extract(np.asarray(image.convert("L"), np.uint8), registering=False)


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    made = snapshot([reference(n) for n in range(REGISTERED)], [REGISTERED])
    return Shelf.of(made.segments[0])


def numbers(query: Features, shelf: Shelf) -> list[int]:
    return [candidate.number for candidate in candidates(query, [shelf])]


def test_words_lose_nothing_that_comparing_with_all_finds(shelf: Shelf) -> None:
    every, found = 0, 0
    for n in range(0, REGISTERED, 4):
        for alter in ALTERED:
            query = features(alter(drawing(n), random.Random(n)))
            agreed = agree(query, shelf.keypoints.features(n))
            if agreed is None or agreed.strength < 6:
                continue
            every += 1
            found += n in numbers(query, shelf)[:MOST_VERIFIED]
    assert every >= 40
    assert found == every


def test_words_beyond_the_budget_are_passed_over(monkeypatch: pytest.MonkeyPatch, shelf: Shelf) -> None:
    query = features(drawing(0))
    first, last = shelf.words.lists(query.words)
    counts = np.sort((last - first)[last > first])
    hits, _ = module._hits(query, [shelf])
    every = np.unique(hits[0].asked).size
    monkeypatch.setattr(module, "BUDGET", int(counts[: counts.size // 2].sum()))
    hits, _ = module._hits(query, [shelf])
    assert 0 < np.unique(hits[0].asked).size < every
    assert numbers(query, shelf)[0] == 0


def test_the_picture_with_most_votes_comes_first_whatever_its_support(
    monkeypatch: pytest.MonkeyPatch, shelf: Shelf
) -> None:
    monkeypatch.setattr(module, "_supported", lambda *asked: np.where(asked[-1] == 0, 3, 60))
    assert numbers(features(drawing(0)), shelf)[0] == 0


def test_nothing_is_a_candidate_for_a_query_without_features(shelf: Shelf) -> None:
    assert numbers(features(Image.new("L", (320, 240), 90)), shelf) == []


def test_nothing_is_a_candidate_where_nothing_is_registered() -> None:
    assert candidates(features(drawing(0)), []) == []
    nothing = WordIndex.build(np.empty(0, np.uint32), np.empty(0, np.uint64), np.zeros(1, np.int64))
    first, last = nothing.lists(np.array([3, 5], np.uint32))
    assert (first == last).all()


def test_the_postings_of_a_word_are_all_keypoints_that_have_it(shelf: Shelf) -> None:
    words = [unpack(reference(n).fingerprint).features.words for n in range(REGISTERED)]
    asked = words[3][:40]
    for word, first, last in zip(asked, *shelf.words.lists(asked), strict=True):
        postings = shelf.words.postings[first:last].tolist()
        named = [(posting >> KEYPOINT_BITS, posting % MOST_KEYPOINTS) for posting in postings]
        assert named == [(n, k) for n, each in enumerate(words) for k in np.flatnonzero(each == word).tolist()]
        rows = [int(shelf.keypoints.starts[n]) + k for n, k in named]
        assert np.array_equal(shelf.words.tags[first:last], shelf.keypoints.signatures[rows].astype(np.uint32))


def test_a_picture_of_more_keypoints_than_a_posting_can_name_is_refused() -> None:
    count = MOST_KEYPOINTS + 1
    with pytest.raises(ValueError, match="256 keypoints"):
        WordIndex.build(np.zeros(count, np.uint32), np.zeros(count, np.uint64), np.array([0, count]))
