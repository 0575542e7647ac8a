"""Hostile bytes to samples, within bounds that hold whatever the file does."""

import numpy as np
from numpy.typing import NDArray

from domain.reasons import Reason, ReasonCode
from matcher.decoding.process import DecodingError, decoded

RATE = 8000
"""Samples a second: what a telephone carries, which is where copies of music agree."""
MEMORY = 1 << 30
"""Bytes of address space of the decoding process, of which its libraries take a third."""

Sound = NDArray[np.int16]


def decode(data: bytes, *, seconds: int, timeout: float) -> Sound | Reason:
    """The first `seconds` of sound in `data`, mono at RATE; or why there is none. Never raises for bad content."""
    most = 2 * RATE * seconds
    try:
        samples = b"".join(decoded(data, "sound", RATE, seconds, memory=MEMORY, timeout=timeout, most=most))
    except DecodingError as error:
        return error.reason
    if not samples:
        return Reason.of(ReasonCode.UNREADABLE, problem="it holds no sound")
    return np.frombuffer(samples, np.int16, count=len(samples) // 2)
