"""The evaluation of pictures: altered copies of registered ones, and pictures that are not registered.

Of each kind some are registered. *Found* is a copy or partial match of the right work; *copies* counts the verdict
*copy* alone. *Wrong* is another work called a copy: what is called *partial* waits for a person and is counted apart.
"""

import hashlib
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from config.loading import load_settings
from domain.findings import Verdict
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.image.worktype import ImageMatcher
from matcher.segments.upkeep import open_references
from matcher.worktypes import Content, Reference, References
from tests.evaluation.image_pages import kinds
from tests.evaluation.image_sources import Picture, cutouts, drawings, photographs, without_duplicates
from tests.evaluation.report import Evaluation, Transformation
from tests.mocksite.pictures import as_jpeg, as_png
from tests.support.image_alterations import ALL_ALTERATIONS

REGISTERED = {"photo": (2, 3), "cutout": (1, 2), "drawing": (1, 3)}
"""Share of the large enough pictures of each kind that are registered."""
LARGE_ENOUGH = 192
"""Shortest side of what is registered: a quarter of it is the least the matcher judges."""
ASKED = {"photo": 16, "cutout": 4, "drawing": 16}
"""Pictures of each kind that are asked for in every alteration."""
PAGES, PAGES_ASKED = 40, 2
"""Drawn pages of each kind registered, and as many not; and those of each kind asked for in every alteration."""
SEED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture of the corpus and its kind."""

    name: str
    kind: str
    image: Callable[[], Image.Image]


@dataclass(slots=True)
class Tally:
    """What was asked of one kind of pictures, and what was said of other works."""

    pairs: int = 0
    copies: int = 0
    partials: int = 0
    named: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Who was called a copy of whom, and how often."""

    def as_json(self) -> dict[str, Any]:
        return {"pairs": self.pairs, "copies": self.copies, "partials": self.partials}


class Corpus:
    """Pictures, some of them registered."""

    def __init__(self, data: Path, say: Callable[[str], None]) -> None:
        missing: list[str] = []
        real = {"photo": photographs(data, missing), "cutout": cutouts(missing), "drawing": drawings(missing)}
        self.registered: list[Shown] = []
        self.others: list[Shown] = []
        digest = hashlib.sha256()
        for kind, pictures in real.items():
            chosen = without_duplicates(pictures)
            for picture in chosen:
                digest.update(picture.read())
            self._share_out(kind, chosen)
        for kind, draw in kinds(missing).items():
            pages = [Shown(name=f"{kind} {n}", kind=kind, image=_drawn(draw, n)) for n in range(2 * PAGES)]
            self.registered += pages[:PAGES]
            self.others += pages[PAGES:]
        self.digest = digest.hexdigest()
        for name in missing:
            say(f"image: {name} is not on this machine and is left out")

    def _share_out(self, kind: str, pictures: list[Picture]) -> None:
        """Pictures in an order of their own; of those large enough the share of their kind is registered."""
        part, of = REGISTERED[kind]
        ordered = sorted(pictures, key=lambda picture: hashlib.sha256(f"{SEED}{picture.name}".encode()).digest())
        large = 0
        for picture in ordered:
            enough = min(picture.size) >= LARGE_ENOUGH
            chosen = enough and large % of < part
            large += enough
            shown = Shown(name=picture.name, kind=kind, image=picture.image)
            (self.registered if chosen else self.others).append(shown)

    def asked(self) -> Iterator[Shown]:
        """Those registered pictures that are asked for: evenly from each kind."""
        for kind in dict.fromkeys(shown.kind for shown in self.registered):
            own = [shown for shown in self.registered if shown.kind == kind]
            count = min(len(own), ASKED.get(kind, PAGES_ASKED))
            yield from (own[n * len(own) // count] for n in range(count))


class Run:
    """One register, and what was asked of it."""

    def __init__(self, corpus: Corpus, folder: Path) -> None:
        self.corpus = corpus
        self.matcher = ImageMatcher(load_settings().matcher.image)
        self.tallies: dict[str, Tally] = {}
        self.found: dict[tuple[str, str], Counter[str]] = {}
        self.spent, self.compared = 0.0, 0
        made = [self._reference(shown) for shown in corpus.registered]
        kept = [reference for reference in made if reference is not None]
        self.known = {reference.work_id for reference in kept}
        self.references: References = open_references(self.matcher, kept, folder)

    def _reference(self, shown: Shown) -> Reference | None:
        """None for what is too plain to be registered."""
        content = Content(data=as_png(shown.image()), name=f"{shown.name}.png")
        made = self.matcher.fingerprint(content, registering=True)
        if not isinstance(made, Fingerprint):
            return None
        digest = digest_of(made.payload)
        return Reference(work_id=WorkId(shown.name), title="", owner="", digest=digest, fingerprint=made)

    def ask(self, shown: Shown, picture: Image.Image, alteration: str) -> None:
        """Count what is said of a picture."""
        content = Content(data=as_jpeg(picture), name="asked.jpg")
        began = time.process_time()
        made = self.matcher.fingerprint(content)
        found = self.references.compare(made) if isinstance(made, Fingerprint) else ()
        self.spent, self.compared = self.spent + time.process_time() - began, self.compared + 1
        tally = self.tallies.setdefault(shown.kind, Tally())
        own = self.found.setdefault((shown.kind, alteration), Counter())
        own["asked"] += 1
        tally.pairs += len(self.known - {shown.name})
        for c in found:
            if c.work_id == shown.name:
                own[c.verdict] += 1
            elif c.verdict is Verdict.COPY:
                own["wrong"] += 1
                tally.copies += 1
                tally.named[shown.name, c.work_id] += 1
            else:
                tally.partials += 1

    def transformation(self, kind: str, alteration: str) -> Transformation:
        """How one kind fared in one alteration."""
        own = self.found[kind, alteration]
        return Transformation(
            name=f"{kind}: {alteration}",
            queries=own["asked"],
            copies=own[Verdict.COPY],
            partial=own[Verdict.PARTIAL],
            wrong=min(own["wrong"], own["asked"]),
        )


def evaluate(data: Path, say: Callable[[str], None]) -> Evaluation:
    """A negative pair is a picture against a registered work that it is not; only *copy* accuses."""
    say("image: reading")
    corpus = Corpus(data, say)
    with tempfile.TemporaryDirectory() as folder:
        run = Run(corpus, Path(folder))
        say(f"image: {len(run.known)} registered, {len(corpus.others)} not")
        altered = _ask_for_copies(run, say)
        say("image: those that are not registered")
        for shown in corpus.others:
            run.ask(shown, shown.image(), "not registered")
    _say_so_far(run, say)
    for tally in run.tallies.values():
        for (asked, named), times in tally.named.most_common():
            say(f"image: {asked} was called a copy of {named} {times} times")
    return Evaluation(
        type="image",
        corpus_digest=corpus.digest,
        pairs=sum(tally.pairs for tally in run.tallies.values()),
        false_positives=sum(tally.copies for tally in run.tallies.values()),
        transformations=tuple(run.transformation(kind, name) for kind in altered for name in ALL_ALTERATIONS),
        speed=run.compared / run.spent,
        unit="images/s",
        details={
            "registered": len(run.known),
            "unregistered": len(corpus.others),
            "kinds": {kind: tally.as_json() for kind, tally in run.tallies.items()},
        },
    )


def _ask_for_copies(run: Run, say: Callable[[str], None]) -> list[str]:
    """Ask for the altered copies; returns the kinds there were."""
    kinds_asked: dict[str, None] = {}
    for shown in run.corpus.asked():
        if shown.name not in run.known:
            continue
        if shown.kind not in kinds_asked:
            _say_so_far(run, say)
            say(f"image: copies of each {shown.kind}")
        kinds_asked[shown.kind] = None
        picture = shown.image()
        for name, alter in ALL_ALTERATIONS.items():
            run.ask(shown, alter(picture, random.Random(f"{shown.name} {name}")), name)
    _say_so_far(run, say)
    return list(kinds_asked)


def _say_so_far(run: Run, say: Callable[[str], None]) -> None:
    for kind, tally in run.tallies.items():
        own = sum((counts for (k, _), counts in run.found.items() if k == kind), Counter())
        say(f"image: {kind}: {dict(own)}, of others {tally.as_json()}")


def _drawn(draw: Callable[[int], Image.Image], number: int) -> Callable[[], Image.Image]:
    return lambda: draw(number)
