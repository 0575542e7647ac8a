"""The registered pictures, ready to be searched: same bytes, then PDQ, then local features."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from config.settings import ImageMatcherSettings
from domain.findings import Comparison, Span, SpanUnit, Verdict
from domain.fingerprints import Fingerprint
from domain.reasons import Reason, ReasonCode
from matcher.image.candidates import candidates
from matcher.image.features import mirror
from matcher.image.geometry import Agreement, agree
from matcher.image.hashes import HashIndex
from matcher.image.payload import ImagePrint, unpack
from matcher.image.store import KeypointStore
from matcher.terms import LocalTermIndex
from matcher.worktypes import VERDICT_ORDER, Reference

U32 = NDArray[np.uint32]

PARTIAL_INLIERS, COPY_INLIERS = 8, 12
"""Fewer points fit any map: two icons drawn with one stroke agree to the pixel in nine."""


class ImageReferences:
    """A `References` of pictures."""

    def __init__(self, references: Sequence[Reference], settings: ImageMatcherSettings) -> None:
        self._settings = settings
        prints = [unpack(reference.fingerprint) for reference in references]
        self._works = [(reference.work_id, reference.digest) for reference in references]
        self._decoded = [image.decoded for image in prints]
        self._by_bytes: dict[str, list[int]] = {}
        for i, image in enumerate(prints):
            self._by_bytes.setdefault(image.digest, []).append(i)
        trusted = [
            (i, image_hash)
            for i, image in enumerate(prints)
            for image_hash, quality in ((image.whole[0], image.quality), (image.trimmed[0], image.trimmed_quality))
            if quality >= settings.pdq_quality
        ]
        self._hash_owner = np.array([i for i, _ in trusted], np.int32)
        hashes = np.stack([h for _, h in trusted]) if trusted else np.empty((0, 32), np.uint8)
        self._hashes = HashIndex(hashes)
        self._keypoints = KeypointStore.of([image.features for image in prints])
        words = [image.features.words for image in prints]
        self._words = self._make_words(words)

    def __len__(self) -> int:
        return len(self._works)

    def compare(self, query: Fingerprint) -> Sequence[Comparison]:
        image = unpack(query)
        found: dict[int, Comparison] = {}
        for i in self._by_bytes.get(image.digest, ()):
            found[i] = self._comparison(i, image, Verdict.COPY, "sha256", 1.0, Reason.of(ReasonCode.IMAGE_SAME_FILE))
        for i, distance, form in self._near_hashes(image):
            if i not in found:
                found[i] = self._near_duplicate(i, image, distance, form)
        seen = [*found.items()]
        for i, agreement, mirrored in self._agreeing(image, set(found)):
            if (comparison := self._from_features(i, agreement, image, mirrored=mirrored)) is not None:
                seen.append((i, comparison))
        ranked = sorted(seen, key=lambda item: (VERDICT_ORDER[item[1].verdict], -item[1].similarity, item[0]))
        best: dict[str, Comparison] = {}
        for _, comparison in ranked:
            best.setdefault(comparison.work_id, comparison)
        return tuple(best.values())

    def _near_hashes(self, image: ImagePrint) -> list[tuple[int, int, int]]:
        """Registered pictures within the PDQ distance: row, smallest distance, orientation."""
        forms = [
            hashes
            for hashes, quality in ((image.whole, image.quality), (image.trimmed, image.trimmed_quality))
            if quality >= self._settings.pdq_quality
        ]
        if not forms:
            return []
        asked, rows, distances = self._hashes.near(np.concatenate(forms), self._settings.pdq_distance)
        best: dict[int, tuple[int, int]] = {}
        for form, row, distance in zip(asked.tolist(), rows.tolist(), distances.tolist(), strict=True):
            owner = int(self._hash_owner[row])
            best[owner] = min(best.get(owner, (999, 0)), (distance, form % 8))
        return [(owner, distance, form) for owner, (distance, form) in best.items()]

    def _make_words(self, words: Sequence[U32]) -> LocalTermIndex:
        counts = np.diff(self._keypoints.starts)
        owners = np.repeat(np.arange(counts.size, dtype=np.uint32), counts)
        rows = np.arange(owners.size) - np.repeat(self._keypoints.starts[:-1], counts)
        terms = np.concatenate(words).astype(np.uint64) if words else np.empty(0, np.uint64)
        return LocalTermIndex.build(terms, owners, rows.astype(np.uint32))

    def _agreeing(self, image: ImagePrint, known: set[int]) -> list[tuple[int, Agreement, bool]]:
        """Registered pictures whose features are found again, upright or mirrored, but for those known already."""
        forms = [(image.features, False)]
        if not image.registered:
            forms.append((mirror(image.features), True))
        found = []
        for features, mirrored in forms:
            for i in candidates(features, self._words, self._keypoints):
                if i in known:
                    continue
                agreement = agree(features, self._keypoints.features(i))
                if agreement is not None:
                    found.append((i, agreement, mirrored))
        return found

    def _near_duplicate(self, i: int, image: ImagePrint, distance: int, form: int) -> Comparison:
        turned_zh = "，旋转或镜像后" if form else ""
        turned_en = ", turned or mirrored" if form else ""
        reason = Reason.of(ReasonCode.IMAGE_NEAR_DUPLICATE, distance=distance, form_zh=turned_zh, form_en=turned_en)
        return self._comparison(i, image, Verdict.COPY, "pdq", 1 - distance / 256, reason)

    def _from_features(self, i: int, found: Agreement, image: ImagePrint, *, mirrored: bool) -> Comparison | None:
        settings = self._settings
        if found.strength < settings.feature_strength:
            return None
        whole = found.ratio >= settings.feature_inlier_ratio and found.cells >= settings.feature_cell_support
        exact = found.offset <= settings.feature_offset and found.skew <= settings.feature_skew
        exact = exact and found.inliers >= COPY_INLIERS
        if not whole and found.inliers < PARTIAL_INLIERS:
            return None
        code = ReasonCode.IMAGE_LOCAL_FEATURES if exact else ReasonCode.IMAGE_SAME_SCENE
        if not whole:
            code = ReasonCode.IMAGE_SHARED_PART
        reason = Reason.of(code, inliers=found.inliers, cells=round(found.cells, 4))
        left, top, right, bottom = found.query_box
        box = (1 - right, top, 1 - left, bottom) if mirrored else found.query_box
        span = Span(
            unit=SpanUnit.BOX, query=_pixels(box, image.decoded), work=_pixels(found.work_box, self._decoded[i])
        )
        work_id, digest = self._works[i]
        return Comparison(
            work_id=work_id,
            reference=digest,
            similarity=min(1.0, found.cells),
            verdict=Verdict.COPY if whole and exact else Verdict.PARTIAL,
            method="local-features",
            reason=reason,
            spans=(span,),
        )

    def _comparison(
        self, i: int, image: ImagePrint, verdict: Verdict, method: str, similarity: float, reason: Reason
    ) -> Comparison:
        """A comparison of whole pictures."""
        span = Span(unit=SpanUnit.BOX, query=(0, 0, *image.decoded), work=(0, 0, *self._decoded[i]))
        work_id, digest = self._works[i]
        return Comparison(
            work_id=work_id,
            reference=digest,
            similarity=similarity,
            verdict=verdict,
            method=method,
            reason=reason,
            spans=(span,),
        )


def _pixels(box: tuple[float, float, float, float], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """A box of shares in whole pixels of a picture."""
    (left, top, right, bottom), (width, height) = box, size
    return int(left * width), int(top * height), int(np.ceil(right * width)), int(np.ceil(bottom * height))
