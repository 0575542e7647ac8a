"""The evaluation of film: altered clips of registered films, and clips of the films that are not."""

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from domain.findings import Comparison, Verdict
from domain.fingerprints import Abstention, Fingerprint
from domain.ids import WorkId, digest_of
from matcher.segments.upkeep import open_references
from matcher.video.worktype import VideoMatcher
from matcher.worktypes import Content, Reference, References
from tests.evaluation.film_corpus import Item, read_items
from tests.evaluation.report import Evaluation, Transformation
from tests.support.drawn_films import matcher as usual_matcher
from tests.support.film_alterations import ALTERATIONS
from tests.support.films import write_film

INNOCENT = ("encoded again", "mirrored")


def evaluate(data: Path, say: Callable[[str], None]) -> Evaluation:
    """The right work named first, as a copy or for a person, is found; a copy of any other is wrong."""
    items, digest = read_items(data, say)
    registered, others, matcher = items[::2], items[1::2], usual_matcher()
    with tempfile.TemporaryDirectory() as folder:
        references = register(matcher, prints_of(matcher, registered), Path(folder))
        transformations = altered(matcher, references, registered, say)
        accused, spent, shown = 0, 0.0, 0.0
        for item in others:
            say(f"video: {item.name} is not registered")
            clip = item.clip()
            for name in INNOCENT:
                data_of = ALTERATIONS[name](clip)
                began = time.process_time()
                accused += bool(copies(ask(matcher, references, data_of)))
                spent, shown = spent + time.process_time() - began, shown + clip.seconds
    return Evaluation(
        type="video",
        corpus_digest=digest,
        pairs=len(INNOCENT) * len(others) * len(registered),
        false_positives=accused,
        transformations=transformations,
        speed=shown / spent if spent else 0.0,
        unit="seconds of film a second, with decoding",
    )


def prints_of(matcher: VideoMatcher, items: Sequence[Item]) -> dict[str, Fingerprint]:
    """The fingerprints of films to register, by name."""
    made = {
        item.name: matcher.fingerprint(
            Content(data=write_film(item.work(), quality=20), name=item.name), registering=True
        )
        for item in items
    }
    return {name: fingerprint for name, fingerprint in made.items() if isinstance(fingerprint, Fingerprint)}


def register(matcher: VideoMatcher, prints: Mapping[str, Fingerprint], folder: Path) -> References:
    """Each film with an owner of its own."""
    return open_references(
        matcher,
        [
            Reference(work_id=WorkId(name), title=name, owner=name, digest=digest_of(name.encode()), fingerprint=made)
            for name, made in prints.items()
        ],
        folder,
    )


def altered(
    matcher: VideoMatcher, references: References, items: Sequence[Item], say: Callable[[str], None]
) -> tuple[Transformation, ...]:
    """What became of the clips of registered films under each alteration."""
    named, partial, wrong = (dict.fromkeys(ALTERATIONS, 0) for _ in range(3))
    for item in items:
        say(f"video: {item.name}")
        for name, data in copies_of(item):
            comparisons = ask(matcher, references, data)
            copied = item.name in copies(comparisons)
            named[name] += copied
            partial[name] += not copied and bool(comparisons) and comparisons[0].work_id == item.name
            wrong[name] += any(work_id != item.name for work_id in copies(comparisons))
    return tuple(
        Transformation(name=name, queries=len(items), copies=named[name], partial=partial[name], wrong=wrong[name])
        for name in ALTERATIONS
    )


def copies_of(item: Item) -> Iterator[tuple[str, bytes]]:
    """Each alteration and the file it makes of a clip of the film."""
    clip = item.clip()
    return ((name, alter(clip)) for name, alter in ALTERATIONS.items())


def ask(matcher: VideoMatcher, references: References, data: bytes) -> Sequence[Comparison]:
    made = matcher.fingerprint(Content(data=data, name="clip.mp4"))
    return () if isinstance(made, Abstention) else references.compare(made)


def copies(found: Sequence[Comparison]) -> list[str]:
    return [c.work_id for c in found if c.verdict is Verdict.COPY]
