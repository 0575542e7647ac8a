"""Small pictures are what plain means over all lines and columns make of large ones."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matcher.image.pdq import SIDE, _jarosz
from matcher.image.resampling import Bands, shrunk


def picture(width: int, height: int, channels: int) -> NDArray[np.uint8]:
    chance = np.random.default_rng(width * 1000 + height)
    return chance.integers(0, 256, (height, width, channels)).astype(np.uint8).squeeze(axis=() if channels > 1 else 2)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 90), st.integers(1, 90), st.sampled_from([1, 3]))
def test_each_pixel_is_the_mean_of_what_it_covers(width: int, height: int, to: int, down: int, channels: int) -> None:
    shown, size = picture(width, height, channels), (min(to, width), min(down, height))
    expected = cv2.resize(shown, size, interpolation=cv2.INTER_AREA).astype(int).reshape(size[1], size[0], -1)
    assert np.abs(shrunk(shown, size).astype(int).reshape(expected.shape) - expected).max() <= 1


def dense(bands: Bands, length: int) -> NDArray[np.float64]:
    """What every line weighs."""
    weights = np.zeros((len(bands.first), length))
    for row, first, few in zip(weights, bands.first, bands.weights, strict=True):
        assert 0 <= first <= length - few.size
        row[first : first + few.size] = few
    return weights


@pytest.mark.parametrize("length", [1, 2, 31, 64, 127, 128, 129, 500, 777, 1024, 3001])
def test_the_filter_of_a_hash_is_two_means_one_after_the_other(length: int) -> None:
    window = (length + 2 * SIDE - 1) // (2 * SIDE)
    after = (window + 2) // 2
    apart = np.arange(length)[None, :] - np.arange(length)[:, None]
    mean = ((apart >= after - window) & (apart < after)).astype(float)
    mean /= mean.sum(axis=1, keepdims=True)
    places = ((np.arange(SIDE) + 0.5) * length / SIDE).astype(int)
    assert np.allclose(dense(_jarosz(length), length), mean[places] @ mean, atol=1e-6)
