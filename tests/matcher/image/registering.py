"""Registers of drawings, cut into segments as one likes."""

import random
from collections.abc import Collection, Sequence
from functools import lru_cache

import numpy as np
from PIL import Image

from config.loading import load_settings
from domain.fingerprints import Fingerprint
from domain.ids import WorkId, digest_of
from matcher.image.references import ImageReferences
from matcher.image.worktype import ImageMatcher
from matcher.segments.snapshot import Segment, Snapshot
from matcher.segments.strings import ByteStrings
from matcher.worktypes import KEY_BYTES, Content, Reference
from tests.mocksite.pictures import as_png, drawing
from tests.support.image_alterations import Alteration

MATCHER = ImageMatcher(load_settings().matcher.image)


@lru_cache(maxsize=200)
def reference(n: int) -> Reference:
    """Drawing n, registered."""
    made = MATCHER.fingerprint(Content(data=as_png(drawing(n)), name=f"{n}.png"), registering=True)
    assert isinstance(made, Fingerprint)
    digest = digest_of(made.payload)
    return Reference(work_id=WorkId(str(n)), title=str(n), owner="", digest=digest, fingerprint=made)


@lru_cache(maxsize=200)
def query(n: int, alter: Alteration | None = None) -> Fingerprint:
    """Drawing n as it is found, altered."""
    picture = alter(drawing(n), random.Random(n)) if alter else drawing(n)
    return query_of(picture)


def query_of(picture: Image.Image) -> Fingerprint:
    """The fingerprint of a picture that was found."""
    made = MATCHER.fingerprint(Content(data=as_png(picture), name="asked.png"))
    assert isinstance(made, Fingerprint)
    return made


def snapshot(references: Sequence[Reference], sizes: Sequence[int], removed: Collection[int] = ()) -> Snapshot:
    """The references in segments of those sizes, without those whose numbers are removed."""
    segments, base = [], 0
    for size in sizes:
        some = references[base : base + size]
        texts = [text for r in some for text in (r.work_id, r.title, r.owner, r.digest)]
        segments.append(
            Segment(
                name=str(base),
                base=base,
                columns={**MATCHER.segment(some), **texts_of(texts)},
                keys=np.zeros((size, KEY_BYTES), np.uint8),
                removed=np.array([base + row in removed for row in range(size)], bool),
                weight=0,
            )
        )
        base += size
    assert base == len(references)
    return Snapshot(segments)


def texts_of(texts: Sequence[str]) -> dict[str, np.ndarray]:
    """Texts as the columns in which a segment names its references."""
    return dict(ByteStrings.build(text.encode() for text in texts).columns("reference"))


def opened(references: Sequence[Reference], sizes: Sequence[int], removed: Collection[int] = ()) -> ImageReferences:
    """The references searchable."""
    return MATCHER.open(snapshot(references, sizes, removed))
