"""The evaluation of sound: altered clips of registered tracks, and clips of tracks that are not registered."""

import itertools
import resource
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from config.loading import load_settings
from domain.findings import Comparison, Verdict
from domain.fingerprints import Fingerprint
from matcher.audio.worktype import AudioMatcher
from matcher.decoding.sound import RATE, Sound
from matcher.segments.upkeep import open_references
from matcher.worktypes import Content, References
from tests.evaluation.report import Evaluation, Transformation
from tests.evaluation.sound_corpus import SoundCorpus, Track, alterations, cut, read_corpus, sound_fingerprint
from tests.support.sound_alterations import Alteration, whole

LENGTHS = (10, 30)
CLIPS = 15
"""Of registered tracks, for each alteration and length."""
CLIPS_A_TRACK = 5
"""Of each unregistered track, for each length."""
WHOLE_FILES = 8


def evaluate(_data: Path, say: Callable[[str], None]) -> Evaluation:
    """*Copy* for any work but the right one, or on a negative, is wrong."""
    corpus = read_corpus(say)
    altered = alterations(say)
    matcher = AudioMatcher(load_settings().matcher.audio)
    transformations = []
    asked = accused = waiting = 0
    with tempfile.TemporaryDirectory() as folder:
        references = open_references(matcher, [track.reference for track in corpus.registered], Path(folder))
        for seconds, (name, alter) in itertools.product(LENGTHS, altered.items()):
            clips = altered_clips(corpus, name, alter, seconds, CLIPS)
            became = _recall(f"{seconds}s {name}", references, clips)
            say(f"audio: {became.name}: {became.copies} copy, {became.found} found, {became.wrong} wrong, of {CLIPS}")
            transformations.append(became)
        for track, name, sound in innocents(corpus, altered, LENGTHS):
            called = references.compare(sound_fingerprint(sound))
            asked += 1
            accused += bool(_copies(called))
            waiting += bool(called) and not _copies(called)
            if called:
                best = called[0]
                say(f"audio: {track.name} ({name}) is called {best.verdict} of {best.work_id}: {best.reason.values}")
        say(f"audio: of {asked} clips of unregistered tracks {accused} are called copies and {waiting} partial")
        speed = _speed(matcher, references, corpus.unregistered[:: len(corpus.unregistered) // WHOLE_FILES])
    return Evaluation(
        type="audio",
        corpus_digest=corpus.digest,
        pairs=asked * len(corpus.registered),
        false_positives=accused,
        transformations=tuple(transformations),
        speed=speed,
        unit="times as fast as it plays",
    )


def altered_clips(
    corpus: SoundCorpus, name: str, alter: Alteration, seconds: int, count: int
) -> Iterator[tuple[Track, Sound]]:
    """Clips from random places of tracks spread over all that are registered, other ones for each alteration."""
    chance = np.random.default_rng([seconds, *name.encode()])
    first = int(chance.integers(len(corpus.registered)))
    for n in range(count):
        track = corpus.registered[(first + n * len(corpus.registered) // count) % len(corpus.registered)]
        yield track, whole(alter(cut(track.sound, chance.uniform(0.05, 0.95), seconds), chance))


def innocents(
    corpus: SoundCorpus, altered: Mapping[str, Alteration], lengths: Sequence[int]
) -> Iterator[tuple[Track, str, Sound]]:
    """Clips of unregistered tracks, a third of them altered."""
    chance, names = np.random.default_rng(1), itertools.cycle(altered)
    places = itertools.product(lengths, corpus.unregistered, range(CLIPS_A_TRACK))
    for n, (seconds, track, place) in enumerate(places):
        name = "clip" if n % 3 else next(names)
        clip = cut(track.sound, (place + 0.5) / CLIPS_A_TRACK, seconds)
        yield track, f"{seconds}s {name}", whole(altered[name](clip, chance))


def _recall(name: str, references: References, clips: Iterator[tuple[Track, Sound]]) -> Transformation:
    """What became of altered clips of registered tracks."""
    queries = named = partial = wrong = 0
    for track, sound in clips:
        queries += 1
        called = references.compare(sound_fingerprint(sound))
        copied = _copies(called)[:1] == [track.name]
        named += copied
        partial += not copied and bool(called) and called[0].work_id == track.name
        wrong += any(work_id != track.name for work_id in _copies(called))
    return Transformation(name=name, queries=queries, copies=named, partial=partial, wrong=wrong)


def _copies(called: Sequence[Comparison]) -> list[str]:
    return [comparison.work_id for comparison in called if comparison.verdict is Verdict.COPY]


def _speed(matcher: AudioMatcher, references: References, tracks: tuple[Track, ...]) -> float:
    """Seconds of sound that are decoded, fingerprinted and compared in one second of processor time."""
    began = _processor_time()
    for track in tracks:
        made = matcher.fingerprint(Content(data=track.data, name=track.name))
        assert isinstance(made, Fingerprint), made
        references.compare(made)
    return sum(track.sound.size for track in tracks) / RATE / (_processor_time() - began)


def _processor_time() -> float:
    """Of this process and the decoders that it started."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
