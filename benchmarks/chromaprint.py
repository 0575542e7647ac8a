"""The peer of the sound matcher: Chromaprint, through `fpcalc` (Debian: libchromaprint-tools)."""

import json
import subprocess
import tempfile

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import compiled
from matcher.decoding.sound import RATE, Sound
from tests.support.sounds import wav

FRAMES_PER_SECOND = 8.07
Prints = NDArray[np.uint32]


def chromaprint(sound: Sound) -> Prints:
    """Its fingerprint: about eight numbers of 32 bits a second."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        file.write(wav(sound, rate=RATE))
        file.flush()
        # It ends with 3 for files that end a little early, and prints the fingerprint all the same.
        out = subprocess.run(["fpcalc", "-raw", "-length", "0", "-json", file.name], capture_output=True, check=False)
    return np.array(json.loads(out.stdout)["fingerprint"], np.uint32)


@compiled
def alike(one: Prints, other: Prints, window: int) -> float:
    """The largest share of equal bits in `window` numbers in a row, over all ways to lay one along the other."""
    window = min(window, one.size, other.size)
    most = 0
    for apart in range(window - other.size, one.size - window + 1):
        first = max(0, apart)
        length = min(one.size - first, other.size - first + apart)
        equal = 0
        for k in range(length):
            equal += 32 - _ones(one[first + k] ^ other[first - apart + k])
            if k >= window:
                equal -= 32 - _ones(one[first + k - window] ^ other[first - apart + k - window])
            if k >= window - 1:
                most = max(most, equal)
    return most / (32 * window) if window else 0.0


@compiled
def _ones(bits: np.uint32) -> int:
    x = np.int64(bits)
    x -= (x >> 1) & 0x55555555
    x = (x & 0x33333333) + ((x >> 2) & 0x33333333)
    x = (x + (x >> 4)) & 0x0F0F0F0F
    return ((x * 0x01010101) & 0xFFFFFFFF) >> 24
