"""Music of Debian packages, three of five tracks of it registered, and recorded speech to lay over it."""

import hashlib
import wave
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.audio.payload import pack
from matcher.audio.peaks import QUERY_REACH, WORK_REACH, peaks_of
from matcher.decoding.sound import RATE, Sound, decode
from matcher.worktypes import Reference
from tests.support.sound_alterations import ALTERATIONS, Alteration, Samples, mixed

PACKAGES: Mapping[str, Path] = {
    "asc-music": Path("/usr/share/games/asc/music"),
    "planetblupi-music-ogg": Path("/usr/share/planetblupi/music"),
    "singularity-music": Path("/usr/share/games/singularity/music"),
    "wesnoth-1.16-music": Path("/usr/share/games/wesnoth/1.16/data/core/music"),
    "hyperrogue-music": Path("/usr/share/hyperrogue/music"),
    "drascula-music": Path("/usr/share/scummvm/drascula/audio"),
}
CONFIRMING: Mapping[str, Path] = {
    "hedgewars-data": Path("/usr/share/games/hedgewars/Data/Music"),
    "extremetuxracer-data": Path("/usr/share/games/etr/music"),
    "xmoto-data": Path("/usr/share/games/xmoto/Textures/Musics"),
    "btanks-data": Path("/usr/share/games/btanks/data"),
    "lincity-ng-data": Path("/usr/share/games/lincity-ng/music/default"),
}
"""Music on which nothing was ever chosen."""
SPEECH_PACKAGE, SPEECH = "asterisk-core-sounds-en-wav", Path("/usr/share/asterisk/sounds/en_US_f_Allison")
ENDINGS = {".ogg", ".mp3", ".opus", ".flac"}
LONGEST, SHORTEST = 400, 40
"""Seconds of a track that are used, and of the shortest that is."""
REGISTERED_OF_FIVE = (0, 2, 4)
REPEATED = frozenset(
    {
        "drascula-music/track30.ogg",
        "drascula-music/track9.ogg",
        "singularity-music/March Thee to Dis.ogg",
        "singularity-music/Media Threat.ogg",
    }
)
"""Tracks left out: three quarters of Chromaprint's bits agree for ten seconds with another track of their package.

`benchmarks/shared_recordings.py` prints these pairs; it knows nothing of the matcher.
"""


@dataclass(frozen=True)
class Track:
    """A piece of music; those of one package have one owner."""

    name: str
    data: bytes
    sound: Sound

    @property
    def reference(self) -> Reference:
        """The track as the register holds it."""
        owner = self.name.split("/")[0]
        made = sound_fingerprint(self.sound, registering=True)
        work = WorkId(self.name)
        return Reference(work_id=work, title=self.name, owner=owner, digest=digest_of(self.data), fingerprint=made)


@dataclass(frozen=True)
class SoundCorpus:
    """Registered and unregistered tracks, and what they were read from."""

    registered: tuple[Track, ...]
    unregistered: tuple[Track, ...]
    digest: str


def read_corpus(say: Callable[[str], None], packages: Mapping[str, Path] = PACKAGES) -> SoundCorpus:
    """The tracks of the packages that are installed; those that are not are named."""
    tracks = [track for track in all_tracks(say, packages) if track.name not in REPEATED]
    digest = hashlib.sha256(b"".join(f"{t.name} {digest_of(t.data)}\n".encode() for t in tracks)).hexdigest()
    registered = [track for n, track in enumerate(tracks) if n % 5 in REGISTERED_OF_FIVE]
    others = [track for n, track in enumerate(tracks) if n % 5 not in REGISTERED_OF_FIVE]
    return SoundCorpus(registered=tuple(registered), unregistered=tuple(others), digest=digest)


def sound_fingerprint(sound: Sound, *, registering: bool = False) -> Fingerprint:
    """As the work type makes it of a file with these samples."""
    return pack(sound.size, peaks_of(sound, WORK_REACH if registering else QUERY_REACH))


def cut(sound: Sound, share: float, seconds: int) -> Samples:
    """A clip, the given share of the way from first to last."""
    start = int(share * (sound.size - seconds * RATE))
    return sound[start : start + seconds * RATE].astype(np.float64)


def alterations(say: Callable[[str], None]) -> Mapping[str, Alteration]:
    """All alterations; the voices are recorded ones where those are installed."""
    if not SPEECH.is_dir():
        say(f"audio: {SPEECH_PACKAGE} is not installed; the voices are made up")
        return ALTERATIONS
    return {**ALTERATIONS, "voice 0 dB": _recorded_voice(0), "voice -6 dB": _recorded_voice(-6)}


def _recorded_voice(decibels: float) -> Alteration:
    def alter(sound: Samples, chance: np.random.Generator) -> Samples:
        prompts = _prompts()
        spoken: list[Samples] = []
        while sum(prompt.size for prompt in spoken) < sound.size:
            spoken.append(prompts[int(chance.integers(len(prompts)))])
        return mixed(sound, np.concatenate(spoken)[: sound.size], decibels)

    return alter


@lru_cache(maxsize=1)
def _prompts() -> list[Samples]:
    """Spoken sentences of a second and a half or more, at RATE as the package has them."""
    found = []
    for path in sorted(SPEECH.glob("*.wav")):
        with wave.open(str(path)) as file:
            samples: NDArray[np.int16] = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        if samples.size >= 1.5 * RATE:
            found.append(samples.astype(np.float64))
    return found


def all_tracks(say: Callable[[str], None], packages: Mapping[str, Path]) -> Iterator[Track]:
    """All tracks that are long enough, each recording file once."""
    seen = set()
    for package, folder in packages.items():
        if not folder.is_dir():
            say(f"audio: {package} is not installed and left out")
            continue
        for path in sorted(folder.rglob("*")):
            if path.suffix not in ENDINGS:
                continue
            data = path.read_bytes()
            sound = decode(data, seconds=LONGEST, timeout=120)
            if not isinstance(sound, np.ndarray) or sound.size < SHORTEST * RATE:
                continue
            if (digest := digest_of(sound.tobytes())) not in seen:
                seen.add(digest)
                yield Track(name=f"{package}/{path.name}", data=data, sound=sound)
