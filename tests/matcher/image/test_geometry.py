"""What tells a copy from another photograph of the same thing."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray

from config.loading import load_settings
from matcher.image.features import Features, extract
from matcher.image.geometry import Agreement, agree
from tests.mocksite.pictures import drawing

SETTINGS = load_settings().matcher.image


@lru_cache(maxsize=1)
def features() -> Features:
    return extract(np.asarray(drawing(1).convert("L"), np.uint8), registering=True)


def moved(matrix: NDArray[np.float64], noise: float = 0.0) -> Agreement:
    """How a picture agrees with itself when its points are moved by `matrix`, and by pixels of noise."""
    own = features()
    points = own.points @ matrix.T + np.random.default_rng(3).normal(0, noise, own.points.shape)
    found = agree(replace(own, points=points.astype(np.float32)), own)
    assert found is not None
    return found


@pytest.mark.parametrize("matrix", [np.eye(2), np.diag([1.25, 1.0]), np.diag([1.0, 0.8])])
def test_what_was_only_stretched_agrees_to_the_pixel(matrix: NDArray[np.float64]) -> None:
    found = moved(matrix, noise=0.2)
    assert found.offset == 0.0
    assert found.skew <= SETTINGS.feature_skew / 4


def test_points_that_miss_by_pixels_are_told() -> None:
    assert moved(np.eye(2), noise=3.0).offset > SETTINGS.feature_offset


def test_another_point_of_view_skews_the_axes() -> None:
    assert moved(np.array([[1.0, 0.08], [0.0, 1.0]])).skew > SETTINGS.feature_skew
