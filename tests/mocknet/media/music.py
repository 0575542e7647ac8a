"""Music made up from seeds, as MP3 and FLAC."""

from collections.abc import Mapping

import numpy as np

from matcher.decoding.sound import RATE
from tests.mocknet.media.cache import kept
from tests.support.music import piece
from tests.support.sound_alterations import Alteration, equalised, noise, sped, whole
from tests.support.sounds import encoded

SECONDS = 28
# The encoder knows no 8,000 samples a second; the same sound at 16,000.
MP3_RATE = 16_000
ALTERATIONS: Mapping[str, Alteration] = {
    "verbatim": lambda sound, _: sound,
    "noise": noise(20),
    "equalised": equalised,
    "part": lambda sound, _: sound[6 * RATE : 24 * RATE],
}


def as_mp3(seed: int, alteration: str = "verbatim") -> bytes:
    """The piece of a seed as a pirate publishes it."""

    def make() -> dict[str, bytes]:
        sound = ALTERATIONS[alteration](piece(seed, SECONDS), np.random.default_rng(seed))
        data = encoded(whole(sped(sound, RATE / MP3_RATE)), "mp3", "libmp3lame", rate=MP3_RATE, bit_rate=64_000)
        return {"piece.mp3": data}

    return kept(("mp3", seed, alteration), make)["piece.mp3"]


def as_flac(seed: int) -> bytes:
    """The piece as its owner files it."""
    return kept(
        ("flac", seed), lambda: {"piece.flac": encoded(whole(piece(seed, SECONDS)), "flac", "flac", rate=RATE)}
    )["piece.flac"]
