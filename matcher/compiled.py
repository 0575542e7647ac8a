"""Functions compiled to machine code."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba
import numpy as np
from numba.core.caching import NullCache

P = ParamSpec("P")
T = TypeVar("T")

_dispatchers: list[Any] = []
NOTHING = np.zeros(1)


def compiled(function: Callable[P, T]) -> Callable[P, T]:
    """`function` as numba compiles it: kept on disk between runs, and running beside other Python threads."""
    dispatcher = numba.njit(cache=True, nogil=True)(function)
    _dispatchers.append(dispatcher)
    return cast("Callable[P, T]", dispatcher)


def keep_in_memory() -> None:
    """From now on compile for types not met before without touching the disk, for a process that can open no file."""
    for dispatcher in _dispatchers:
        dispatcher._cache = NullCache()
    # The compiler loads its own parts when it first compiles something; it may have found everything on disk so far.
    numba.njit(lambda numbers: numbers.sum())(NOTHING)
