"""Counting bits in compiled loops."""

from typing import Any

from numba.core import types
from numba.extending import intrinsic


@intrinsic  # type: ignore[untyped-decorator]  # numba has no types
def ones(_context: Any, _x: Any) -> Any:
    """How many bits of an unsigned 64-bit number are set: one instruction of the processor."""
    return types.int64(types.uint64), lambda _target, builder, _signature, arguments: builder.ctpop(arguments[0])
