"""Uniform borders are cut off, and nothing else: as the plain way over whole lines says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.image.pdq import BORDER_SPREAD, BORDER_STEP, MOST_TRIMMED, SHORTEST_LEFT, Grey, inner_box


def trim(grey: Grey) -> Grey:
    left, top, right, bottom = inner_box(grey)
    return grey[top:bottom, left:right]


def border(grey: Grey) -> int:
    """How many lines at the top go, by numpy's percentiles."""
    lines = grey[: int(MOST_TRIMMED * grey.shape[0])]
    low, high = np.percentile(lines, (2, 98), axis=1)
    uniform = (high - low <= BORDER_SPREAD) & (np.abs(lines.mean(axis=1) - lines[0].mean()) <= BORDER_STEP)
    return len(lines) if uniform.all() else int(np.argmin(uniform))


@settings(max_examples=100, deadline=None)
@given(st.integers(3, 90), st.integers(3, 90), st.integers(1, 40), st.integers(0, 60), st.integers(0, 2**32))
def test_it_cuts_what_whole_lines_say(width: int, height: int, spread: int, framed: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    grey = chance.integers(90, 90 + spread, (height, width)).astype(np.uint8)
    grey[:framed] = chance.integers(80, 100)
    top, bottom, left, right = (border(form) for form in (grey, grey[::-1], grey.T, grey.T[::-1]))
    inner = grey[top : height - bottom, left : width - right]
    assert np.array_equal(trim(grey), inner if min(inner.shape) >= SHORTEST_LEFT else grey)


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_frame_of_any_shade_is_cut_off(shade: int) -> None:
    inner = np.random.default_rng(1).integers(0, 256, (60, 80)).astype(np.uint8)
    assert np.array_equal(trim(np.pad(inner, ((7, 3), (0, 9)), constant_values=shade)), inner)
