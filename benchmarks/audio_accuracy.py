"""Recall per alteration and false accusations of the audio matcher, beside Chromaprint on the very same clips.

`python benchmarks/audio_accuracy.py [CLIPS] [confirm]` on the corpus of `piracy-monitor evaluate audio`, or on music
that nothing was tuned on. Chromaprint finds the track with most equal bits, and is given the threshold at which it
accuses none of these unregistered clips.
"""

import itertools
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.chromaprint import alike, chromaprint
from config.loading import load_settings
from domain.findings import Verdict
from matcher.audio.worktype import AudioMatcher
from matcher.decoding.sound import Sound
from matcher.segments.upkeep import open_references
from tests.evaluation.sound_corpus import CONFIRMING, PACKAGES, SoundCorpus, alterations, read_corpus, sound_fingerprint
from tests.evaluation.sounds import altered_clips, innocents

LENGTHS = (10, 30)


class Chromaprint:
    """The registered tracks as Chromaprint knows them."""

    def __init__(self, corpus: SoundCorpus) -> None:
        self._known = {track.name: chromaprint(track.sound) for track in corpus.registered}

    def best(self, sound: Sound) -> tuple[float, str]:
        """The share of equal bits with the track that has most of them, and that track."""
        asked = chromaprint(sound)
        return max((alike(known, asked, asked.size), name) for name, known in self._known.items())


def main() -> None:
    """Register, ask both and print."""
    clips = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    packages = CONFIRMING if "confirm" in sys.argv else PACKAGES
    corpus, altered = read_corpus(print, packages), alterations(print)
    matcher, peer = AudioMatcher(load_settings().matcher.audio), Chromaprint(corpus)
    print(f"{len(corpus.registered)} tracks registered, {len(corpus.unregistered)} not; corpus {corpus.digest[:12]}")
    with tempfile.TemporaryDirectory() as folder:
        references = open_references(matcher, [track.reference for track in corpus.registered], Path(folder))
        for seconds in LENGTHS:
            called = {Verdict.COPY: 0, Verdict.PARTIAL: 0}
            shares = []
            for _, _, sound in innocents(corpus, altered, (seconds,)):
                found = references.compare(sound_fingerprint(sound))
                if found:
                    called[found[0].verdict] += 1
                shares.append(peer.best(sound)[0])
            print(f"{seconds} s, {len(shares)} unregistered: {called}; the peer's threshold is {max(shares):.3f}")
            print("| alteration | copy | copy or partial | another work | Chromaprint |\n|---|---|---|---|---|")
            for name, alter in altered.items():
                rows = [
                    (track.name, references.compare(sound_fingerprint(sound)), peer.best(sound))
                    for track, sound in itertools.islice(altered_clips(corpus, name, alter, seconds, clips), clips)
                ]
                copy = [bool(f) and f[0].work_id == right and f[0].verdict is Verdict.COPY for right, f, _ in rows]
                either = [bool(f) and f[0].work_id == right for right, f, _ in rows]
                other = sum(c.verdict is Verdict.COPY and c.work_id != right for right, f, _ in rows for c in f)
                theirs = [share > max(shares) and best == right for right, _, (share, best) in rows]
                figures = [f"{np.mean(each):.2f}" for each in (copy, either)]
                print(f"| {name} | {' | '.join(figures)} | {other} | {np.mean(theirs):.2f} |", flush=True)


if __name__ == "__main__":
    main()
