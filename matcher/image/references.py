"""The registered pictures, ready to be searched: same bytes, then PDQ, then local features."""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from config.settings import ImageMatcherSettings
from domain.findings import Comparison, Span, SpanUnit, Verdict
from domain.fingerprints import Fingerprint
from domain.reasons import Reason, ReasonCode
from matcher.image.candidates import RANK, candidates
from matcher.image.features import halves, mirror
from matcher.image.geometry import Agreement, agree
from matcher.image.overlay import lay
from matcher.image.payload import ORIENTATIONS, ImagePrint, unpack
from matcher.image.placement import lay_by_hash, mirrored
from matcher.image.shelf import Shelf
from matcher.image.verdict import Ruling, is_found, judge_features, judge_hash
from matcher.segments.snapshot import Snapshot
from matcher.worktypes import VERDICT_ORDER

MOST_NEAR = 500
"""Registered pictures that are reported as near duplicates of one: those nearest."""
MOST_VERIFIED = 16
"""Registered pictures that are compared with one keypoint by keypoint."""


class ImageReferences:
    """A `References` of pictures."""

    def __init__(self, snapshot: Snapshot, settings: ImageMatcherSettings) -> None:
        self._snapshot = snapshot
        self._settings = settings
        self._shelves = [Shelf.of(segment) for segment in snapshot.segments]
        self._bases = [shelf.base for shelf in self._shelves]

    def __len__(self) -> int:
        return len(self._snapshot)

    def compare(self, query: Fingerprint) -> Sequence[Comparison]:
        image = unpack(query)
        seen: list[tuple[int, Comparison]] = []
        for i in [shelf.base + row for shelf in self._shelves for row in shelf.same_bytes(image.digest)]:
            ruling = Ruling(verdict=Verdict.COPY, reason=Reason.of(ReasonCode.IMAGE_SAME_FILE))
            seen.append((i, self._comparison(i, image, ruling, "sha256", 1.0)))
        same = {i for i, _ in seen}
        for i, distance, form in self._near_hashes(image):
            if i not in same:
                seen.append((i, self._near_duplicate(i, image, distance, form)))
        copies = {i for i, comparison in seen if comparison.verdict is Verdict.COPY}
        for i, agreement, reversed_ in self._agreeing(image, copies):
            if (comparison := self._from_features(i, agreement, image, reversed_=reversed_)) is not None:
                seen.append((i, comparison))
        ranked = sorted(seen, key=lambda item: (VERDICT_ORDER[item[1].verdict], -item[1].similarity, item[0]))
        best: dict[str, Comparison] = {}
        for _, comparison in ranked:
            best.setdefault(comparison.work_id, comparison)
        return tuple(best.values())

    def _near_hashes(self, image: ImagePrint) -> list[tuple[int, int, int]]:
        """Registered pictures within the PDQ distance, nearest first: number, smallest distance, orientation."""
        forms = [image.whole] if image.quality >= self._settings.pdq_quality else []
        if image.trimmed_quality >= self._settings.pdq_quality and not (forms and (image.trimmed == forms[0]).all()):
            forms.append(image.trimmed)
        found = [np.empty((0, 3), np.int64)]
        for shelf in self._shelves if forms else ():
            asked, rows, distances = shelf.hashes.near(np.concatenate(forms), self._settings.pdq_distance)
            owners = shelf.hashed[rows]
            pairs = np.column_stack([distances, owners + np.int64(shelf.base), asked % ORIENTATIONS]).astype(np.int64)
            found.append(pairs[~shelf.removed[owners]])
        ranked = np.unique(np.concatenate(found), axis=0)
        ranked = ranked[np.sort(np.unique(ranked[:, 1], return_index=True)[1])[:MOST_NEAR]]
        return [(number, distance, form) for distance, number, form in ranked.tolist()]

    def _agreeing(self, image: ImagePrint, known: set[int]) -> list[tuple[int, Agreement, bool]]:
        """Registered pictures whose features are found again, upright or mirrored, but for those known already."""
        forms = [image.features]
        if not image.registered:
            forms.append(mirror(image.features))
        parts = [(0, image.features), *((0, half) for half in halves(image.features)), *enumerate(forms[1:], 1)]
        asked = [
            (candidate, form)
            for form, features in parts
            for candidate in candidates(features, self._shelves)
            if candidate.number not in known
        ]
        found = []
        ranked = sorted(asked, key=lambda item: (*RANK(item[0]), item[1]))
        for i, form in dict.fromkeys((candidate.number, form) for candidate, form in ranked[:MOST_VERIFIED]):
            shelf, row = self._place(i)
            agreement = agree(forms[form], shelf.keypoints.features(row), self._settings.feature_strength)
            if agreement is not None:
                found.append((i, agreement, form > 0))
        return found

    def _place(self, i: int) -> tuple[Shelf, int]:
        """The shelf on which a picture stands, and its row there."""
        shelf = self._shelves[bisect_right(self._bases, i) - 1]
        return shelf, i - shelf.base

    def _decoded(self, i: int) -> tuple[int, int]:
        shelf, row = self._place(i)
        width, height = shelf.decoded[row].tolist()
        return width, height

    def _near_duplicate(self, i: int, image: ImagePrint, distance: int, form: int) -> Comparison:
        shelf, row = self._place(i)
        work, content = shelf.thumbnail(row)
        overlay = lay_by_hash(work, content, image, form)
        ruling = judge_hash(distance, form, overlay, self._settings, photograph=work.is_photograph)
        return self._comparison(i, image, ruling, "pdq", 1 - distance / 256)

    def _from_features(self, i: int, found: Agreement, image: ImagePrint, *, reversed_: bool) -> Comparison | None:
        if not is_found(found, self._settings):
            return None
        shelf, row = self._place(i)
        placement = mirrored(found.placement) if reversed_ else found.placement
        work, _ = shelf.thumbnail(row)
        overlay = lay(work, image.thumbnail, placement)
        ruling = judge_features(found, overlay, self._settings, photograph=work.is_photograph)
        left, top, right, bottom = found.query_box
        box = (1 - right, top, 1 - left, bottom) if reversed_ else found.query_box
        span = Span(
            unit=SpanUnit.BOX, query=_pixels(box, image.decoded), work=_pixels(found.work_box, self._decoded(i))
        )
        reference = self._snapshot.reference(i)
        return Comparison(
            work_id=reference.work_id,
            reference=reference.digest,
            similarity=min(1.0, found.cells),
            verdict=ruling.verdict,
            method="local-features",
            reason=ruling.reason,
            spans=(span,),
        )

    def _comparison(self, i: int, image: ImagePrint, ruling: Ruling, method: str, similarity: float) -> Comparison:
        """A comparison of whole pictures."""
        span = Span(unit=SpanUnit.BOX, query=(0, 0, *image.decoded), work=(0, 0, *self._decoded(i)))
        reference = self._snapshot.reference(i)
        return Comparison(
            work_id=reference.work_id,
            reference=reference.digest,
            similarity=similarity,
            verdict=ruling.verdict,
            method=method,
            reason=ruling.reason,
            spans=(span,),
        )


def _pixels(box: tuple[float, float, float, float], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """A box of shares in whole pixels of a picture."""
    (left, top, right, bottom), (width, height) = box, size
    return int(left * width), int(top * height), int(np.ceil(right * width)), int(np.ceil(bottom * height))
