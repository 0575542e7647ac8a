"""Recall per alteration, false accusations and speed of the audio matcher, beside Chromaprint in the same run.

`python benchmarks/audio_accuracy.py SECONDS FOLDER…`: music files under the folders, every second one registered.
Chromaprint is asked through `fpcalc` (Debian: libchromaprint-tools) if that is installed, with the threshold at which
it makes no false accusation on these very clips.
"""

import itertools
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from config.loading import load_settings
from domain.findings import Verdict
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.audio.payload import pack
from matcher.audio.peaks import peaks_of
from matcher.audio.worktype import AudioMatcher
from matcher.decoding.sound import RATE, Sound, decode
from matcher.segments.upkeep import open_references
from matcher.worktypes import Content, Reference, References
from tests.support.sound_alterations import ALTERATIONS, whole
from tests.support.sounds import wav

ENDINGS = {".ogg", ".mp3", ".opus", ".flac"}
CLIPS = 12
"""Of registered tracks, for each alteration."""
CLIPS_A_TRACK = 4
"""Of each track that is not registered."""


@dataclass(frozen=True)
class Track:
    """A piece of music; each has an owner of its own."""

    path: Path
    data: bytes
    sound: Sound

    @property
    def reference(self) -> Reference:
        """The track as the register holds it."""
        name = WorkId(str(self.path))
        return Reference(
            work_id=name, title=name, owner=name, digest=digest_of(self.data), fingerprint=fingerprint(self.sound)
        )


def read_tracks(folders: list[str]) -> list[Track]:
    """All tracks of forty seconds or more, each once."""
    tracks: dict[str, Track] = {}
    for path in sorted(p for folder in folders for p in Path(folder).rglob("*") if p.suffix in ENDINGS):
        data = path.read_bytes()
        sound = decode(data, seconds=400, timeout=120)
        if isinstance(sound, np.ndarray) and sound.size >= 40 * RATE:
            tracks.setdefault(digest_of(sound.tobytes()), Track(path, data, sound))
    return list(tracks.values())


class Chromaprint:
    """The peer: whole fingerprints slid along each other, by the share of equal bits."""

    def __init__(self, tracks: list[Track]) -> None:
        self._known = [self.ask(track.sound) for track in tracks]

    def ask(self, sound: Sound) -> NDArray[np.uint32]:
        """Its fingerprint: about eight numbers a second."""
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            file.write(wav(sound, rate=RATE))
            file.flush()
            command = ["fpcalc", "-raw", "-length", "0", "-json", file.name]
            # It ends with 3 for files that end a little early, and prints the fingerprint all the same.
            out = subprocess.run(command, capture_output=True, check=False)
        return np.array(json.loads(out.stdout)["fingerprint"], np.uint32)

    def best(self, sound: Sound) -> tuple[float, int]:
        """Share of equal bits with the track that has most of them, and the number of that track."""
        asked = self.ask(sound)
        shares = []
        for known in self._known:
            rows = np.lib.stride_tricks.sliding_window_view(known, min(known.size, asked.size))
            equal = 32 - np.bitwise_count(rows ^ asked[: rows.shape[1]]).mean(axis=1)
            shares.append(float(equal.max()) / 32)
        return max(shares), int(np.argmax(shares))


def main() -> None:
    """Register, ask and print."""
    seconds = int(sys.argv[1])
    matcher = AudioMatcher(load_settings().matcher.audio)
    tracks = read_tracks(sys.argv[2:])
    registered, others = tracks[::2], tracks[1::2]
    with tempfile.TemporaryDirectory() as cache:
        references = open_references(matcher, [track.reference for track in registered], Path(cache))
        peer = Chromaprint(registered) if shutil.which("fpcalc") else None
        minutes = sum(track.sound.size for track in registered) / RATE / 60
        print(
            f"{len(registered)} tracks registered ({minutes:.0f} minutes), {len(others)} not; clips of {seconds} s",
            flush=True,
        )
        threshold = ask_innocents(references, peer, others, seconds)
        ask_copies(references, peer, registered, seconds, threshold)
        measure_speed(matcher, references, registered[:8])


def fingerprint(sound: Sound) -> Fingerprint:
    """As the work type makes it of a file with these samples."""
    return pack(sound.size, peaks_of(sound))


def ask_innocents(references: References, peer: Chromaprint | None, others: list[Track], seconds: int) -> float:
    """Print what clips of unregistered tracks are called; a third of them are altered. Gives the peer's threshold."""
    chance, names = np.random.default_rng(1), itertools.cycle(ALTERATIONS)
    verdicts = dict.fromkeys(Verdict, 0)
    highest, asked = 0.0, 0
    for track, number in itertools.product(others, range(CLIPS_A_TRACK)):
        clip = cut(track.sound, (number + 0.5) / CLIPS_A_TRACK, seconds)
        name = next(names) if asked % 3 == 0 else "clip"
        sound = whole(ALTERATIONS[name](clip, chance))
        share = peer.best(sound)[0] if peer else 0.0
        found = references.compare(fingerprint(sound))
        asked += 1
        if found:
            verdicts[found[0].verdict] += 1
            said = f"{track.path.name} ({name}) is like {Path(found[0].work_id).name}"
            print(f"  {found[0].verdict}: {said}: {dict(found[0].reason.values)}; peer {share:.3f}", flush=True)
        else:
            # Tracks that share a recording are printed above, and set no threshold.
            highest = max(highest, share)
    pairs = asked * len(references)
    print(
        f"{asked} clips of unregistered tracks ({pairs} pairs): {verdicts}; the peer's threshold is {highest:.3f}",
        flush=True,
    )
    return highest


def ask_copies(
    references: References,
    peer: Chromaprint | None,
    registered: list[Track],
    seconds: int,
    threshold: float,
) -> None:
    """Print the share of altered clips that are found, for each alteration."""
    print("| alteration | copy | copy or partial | wrong work | Chromaprint |")
    print("|---|---|---|---|---|")
    chance = np.random.default_rng(2)
    chosen = [int(n * len(registered) / CLIPS) for n in range(CLIPS)]
    for name, alter in ALTERATIONS.items():
        copies = either = wrong = peers = 0
        for number in chosen:
            sound = whole(alter(cut(registered[number].sound, chance.uniform(0.1, 0.9), seconds), chance))
            found = references.compare(fingerprint(sound))
            right = bool(found) and found[0].work_id == str(registered[number].path)
            either += right
            copies += right and found[0].verdict is Verdict.COPY
            wrong += any(c.verdict is Verdict.COPY and c.work_id != str(registered[number].path) for c in found)
            share, best = peer.best(sound) if peer else (0.0, -1)
            peers += share > threshold and best == number
        figures = " | ".join(f"{n / CLIPS:.3f}" for n in (copies, either))
        print(f"| {name} | {figures} | {wrong} | {peers / CLIPS:.3f} |", flush=True)


def measure_speed(matcher: AudioMatcher, references: References, tracks: list[Track]) -> None:
    """Print how fast whole files are compared."""
    began = time.perf_counter()
    for track in tracks:
        made = matcher.fingerprint(Content(data=track.data, name=track.path.name))
        if isinstance(made, Fingerprint):
            references.compare(made)
    took = time.perf_counter() - began
    sound = sum(track.sound.size for track in tracks) / RATE
    speed = sound / took
    print(f"{len(tracks)} whole files, {sound:.0f} s of sound: {speed:.0f} times as fast as it plays, with decoding")


def cut(sound: Sound, share: float, seconds: int) -> NDArray[np.float64]:
    """A clip, the given share of the way from first to last."""
    start = int(share * (sound.size - seconds * RATE))
    return sound[start : start + seconds * RATE].astype(np.float64)


if __name__ == "__main__":
    main()
