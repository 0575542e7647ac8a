"""Which tracks of one package share a recording, by Chromaprint on whole files, without our matcher.

`python benchmarks/shared_recordings.py` prints the pairs that agree best in any ten seconds; those from 0.75 on are
what `tests/evaluation/sound_corpus.py` leaves one of out.
"""

import itertools
import sys

from benchmarks.chromaprint import FRAMES_PER_SECOND, alike, chromaprint
from tests.evaluation.sound_corpus import PACKAGES, all_tracks

SECONDS, SHOWN = 10, 20


def main() -> None:
    """Ask of each pair and print."""
    asked = [(track.name, chromaprint(track.sound)) for track in all_tracks(_say, PACKAGES)]
    pairs = [
        (alike(prints, others, round(SECONDS * FRAMES_PER_SECOND)), one, other)
        for (one, prints), (other, others) in itertools.combinations(asked, 2)
        if one.split("/")[0] == other.split("/")[0]
    ]
    for share, one, other in sorted(pairs, reverse=True)[:SHOWN]:
        print(f"{share:.3f} {one} {other}")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
