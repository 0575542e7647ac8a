"""Recall per alteration, false accusations and speed of the film matcher, beside PDQ of single frames in the same run.

`python benchmarks/video_accuracy.py [--every N] [FILM…]`: the films of `tests.evaluation.film_corpus`, every second one
registered, every Nth of both asked for; then how fast each FILM is compared, in processor time of one core.

The peer is what vPDQ does by default: frames that are at most 31 bits apart (Facebook's Threat Exchange), as they are
and mirrored, counted where they lie within a second of one offset, at three speeds; its score is their share of the
query, and its threshold the highest score that any wrong film gets in this run.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from domain.findings import Verdict
from domain.fingerprints import Fingerprint
from matcher.video.payload import unpack
from matcher.video.prints import FilmPrint
from matcher.video.worktype import VideoMatcher
from matcher.worktypes import Content, References
from tests.evaluation.film_corpus import Item, read_items
from tests.evaluation.films import INNOCENT, copies, copies_of, prints_of, register
from tests.support.data import data_folder
from tests.support.drawn_films import matcher as usual_matcher
from tests.support.film_alterations import ALTERATIONS

DISTANCE, SPEEDS = 31, (1.0, 1.1, 1.25)

Scores = dict[str, float]


class FramesByPdq:
    """The peer, over the very frames that ours looks at."""

    def __init__(self, films: dict[str, FilmPrint]) -> None:
        self._films = films

    def scores(self, query: FilmPrint) -> Scores:
        """For each film the share of the query's frames that agree on one offset."""
        return {name: max(self._shares(query, film)) for name, film in self._films.items()}

    def _shares(self, query: FilmPrint, film: FilmPrint) -> Iterator[float]:
        for hashes in (query.frames.hashes, query.frames.mirrored):
            apart = np.bitwise_count(hashes[:, None] ^ film.frames.hashes[None]).sum(axis=2)
            asked, there = np.nonzero(apart <= DISTANCE)
            for speed in SPEEDS:
                offsets = np.round(film.frames.seconds[there] - speed * query.frames.seconds[asked])
                near = [np.unique(asked[np.abs(offsets - offset) <= 1]).size for offset in np.unique(offsets)]
                yield max(near, default=0) / len(query.frames)


def main() -> None:
    """Register, ask and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("films", nargs="*", type=Path)
    options = parser.parse_args()
    data = data_folder()
    if data is None:
        raise SystemExit("The test data is not on this machine: set PIRACY_MONITOR_TEST_DATA to where it is.")
    items, digest = read_items(data, print)
    registered, others, matcher = items[::2], items[1::2], usual_matcher()
    with tempfile.TemporaryDirectory() as folder:
        prints = prints_of(matcher, registered)
        references = register(matcher, prints, Path(folder))
        peer = FramesByPdq({name: unpack(made) for name, made in prints.items()})
        print(
            f"{len(references)} films registered, {len(others)} not; every {options.every} asked for; corpus {digest}"
        )
        threshold = ask_innocents(matcher, references, peer, others[:: options.every])
        ask_copies(matcher, references, peer, registered[:: options.every], threshold)
        for film in options.films:
            measure_speed(matcher, references, film)


def ask_innocents(matcher: VideoMatcher, references: References, peer: FramesByPdq, others: Sequence[Item]) -> float:
    """Print what clips of films that are not registered are called. Gives the peer's threshold."""
    verdicts, highest, asked = dict.fromkeys(Verdict, 0), 0.0, 0
    for item in others:
        clip = item.clip()
        for name in INNOCENT:
            made = matcher.fingerprint(Content(data=ALTERATIONS[name](clip), name="clip.mp4"))
            if not isinstance(made, Fingerprint):
                continue
            found, score = references.compare(made), max(peer.scores(unpack(made)).values())
            asked, highest = asked + 1, max(highest, score)
            if found:
                verdicts[found[0].verdict] += 1
                said = found[0].reason.sentence("en")
                print(f"  {item.name} ({name}) is like {found[0].work_id}: {said} Peer {score:.2f}", flush=True)
    pairs = asked * len(references)
    print(f"{asked} clips of films not registered ({pairs} pairs): {verdicts}; the peer's threshold is {highest:.2f}")
    return highest


def ask_copies(
    matcher: VideoMatcher, references: References, peer: FramesByPdq, registered: Sequence[Item], threshold: float
) -> None:
    """Print the share of altered clips that are found, for each alteration."""
    ours = {name: dict.fromkeys(("copy", "copy or partial", "wrong copy", "PDQ by frame"), 0) for name in ALTERATIONS}
    for item in registered:
        print(f"  {item.name}", flush=True)
        for name, data in copies_of(item):
            made = matcher.fingerprint(Content(data=data, name="clip.mp4"))
            if not isinstance(made, Fingerprint):
                continue
            found, scores, row = references.compare(made), peer.scores(unpack(made)), ours[name]
            copied = copies(found)
            row["copy"] += item.name in copied
            row["copy or partial"] += item.name in copied or (bool(found) and found[0].work_id == item.name)
            row["wrong copy"] += copied not in ([], [item.name])
            best = max(scores, key=lambda film: scores[film])
            row["PDQ by frame"] += best == item.name and scores[best] > threshold
    print(f"| alteration, of {len(registered)} | {' | '.join(next(iter(ours.values())))} |\n|---|---|---|---|---|")
    for name, row in ours.items():
        print(f"| {name} | {' | '.join(str(n) for n in row.values())} |", flush=True)


def measure_speed(matcher: VideoMatcher, references: References, file: Path) -> None:
    """Print how fast a whole film is decoded, fingerprinted and compared."""
    began, children = time.process_time(), _children()
    made = matcher.fingerprint(Content(data=file.read_bytes(), name=file.name))
    if not isinstance(made, Fingerprint):
        raise SystemExit(made.reason.sentence("en"))
    fingerprinted = time.process_time() - began + _children() - children
    began = time.process_time()
    references.compare(made)
    compared = time.process_time() - began
    film = unpack(made)
    speed = film.seconds / (fingerprinted + compared)
    print(
        f"{file.name}: {film.seconds:.0f} s, {len(film.frames)} frames, {len(film.scenes)} scenes:"
        f" {fingerprinted:.1f} s to fingerprint, {compared:.1f} s to compare, {speed:.0f} times as fast as it plays"
    )


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
