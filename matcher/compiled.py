"""Functions compiled to machine code."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
T = TypeVar("T")


def compiled(function: Callable[P, T]) -> Callable[P, T]:
    """`function` as numba compiles it: kept on disk between runs, and running beside other Python threads."""
    return cast("Callable[P, T]", numba.njit(cache=True, nogil=True)(function))
