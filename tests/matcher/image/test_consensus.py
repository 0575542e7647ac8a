"""The compiled search for shared keypoints, and for the map that explains them, say what the plain one says."""

from dataclasses import replace

import numpy as np

from matcher.image.consensus import MOST_MATCHES, NEAR, consensus, matches
from matcher.image.features import Features, extract
from tests.mocksite.pictures import drawing


def features(n: int) -> Features:
    return extract(np.asarray(drawing(n).convert("L"), np.uint8), registering=True)


def test_matches_are_the_nearest_either_way() -> None:
    for n in range(1, 5):
        work, query = features(n), features(n + 1)
        apart = np.bitwise_count(work.signatures[:, None] ^ query.signatures[None, :]).astype(int)
        pairs = {(int(apart[i, j]), i, int(j)) for i, j in enumerate(apart.argmin(axis=1))}
        pairs |= {(int(apart[i, j]), int(i), j) for j, i in enumerate(apart.argmin(axis=0))}
        expected = sorted(pair for pair in pairs if pair[0] <= NEAR)[:MOST_MATCHES]
        rows, asked, distances = matches(work, query)
        assert list(zip(distances.tolist(), rows.tolist(), asked.tolist(), strict=True)) == expected


def test_the_map_is_found_among_points_that_went_elsewhere() -> None:
    own, chance = features(1), np.random.default_rng(3)
    matrix = np.array([[1.2, 0.1, 30.0], [-0.05, 1.1, -12.0]])
    points = own.points @ matrix[:, :2].T + matrix[:, 2]
    lost = chance.random(len(own)) < 0.4
    points[lost] = chance.random((int(lost.sum()), 2)) * 400
    rows = np.arange(len(own))
    found = consensus(own, replace(own, points=points.astype(np.float32)), rows, rows)
    assert found is not None
    kept, seen = found
    assert np.allclose(seen, matrix, atol=0.5)
    assert kept[~lost].mean() > 0.5
    assert kept[lost].mean() < 0.1


def test_points_on_one_line_make_no_map() -> None:
    own = features(1)
    line = np.column_stack([np.arange(len(own)), np.arange(len(own))]).astype(np.float32)
    rows = np.arange(len(own))
    assert consensus(replace(own, points=line), own, rows, rows) is None
